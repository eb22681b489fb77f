"""Sessions in the gateway's ledger database."""

from sipario_ledger import Ledger
from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, select

from sipario_gateway.session import Person, Session

metadata = MetaData()
session = Table(
    "gateway_session",
    metadata,
    Column("fingerprint", String, primary_key=True),
    Column("ref", String, nullable=False),
    Column("display_name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("picture", String, nullable=False),
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
)


class LedgerSessions:
    """Keeps sessions beside the ledger; not durably to the last second, a lost one means signing in again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def keep(self, fingerprint: str, kept: Session) -> None:
        """Write the session anew."""
        person = kept.person
        row = {
            "fingerprint": fingerprint,
            "ref": person.ref,
            "display_name": person.display_name,
            "email": person.email,
            "picture": person.picture,
            "created": kept.created,
            "seen": kept.seen,
        }
        await self._ledger.write(
            lambda connection: (
                connection.execute(delete(session).where(session.c.fingerprint == fingerprint)),
                connection.execute(insert(session).values(row)),
            ),
            durable=False,
        )

    async def find(self, fingerprint: str) -> Session | None:
        """Read it."""
        query = select(session).where(session.c.fingerprint == fingerprint)
        row = await self._ledger.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        return Session(Person(row.ref, row.display_name, row.email, row.picture), row.created, row.seen)

    async def end(self, fingerprint: str) -> None:
        """Delete it, durably: who signs out is out."""
        statement = delete(session).where(session.c.fingerprint == fingerprint)
        await self._ledger.write(lambda connection: connection.execute(statement).rowcount)

    async def purge(self, created_before: float) -> None:
        """Delete those past their absolute limit."""
        statement = delete(session).where(session.c.created < created_before)
        await self._ledger.write(lambda connection: connection.execute(statement).rowcount, durable=False)
