"""Sessions in the gateway's ledger database."""

from collections.abc import Callable
from typing import TypeVar

from sipario_kit.errors import Unavailable
from sipario_ledger import Ledger, LedgerUnavailable
from sqlalchemy import Column, Connection, Float, MetaData, String, Table, delete, insert, select, update

from sipario_gateway.session import Person, Session

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

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
        """Write the session."""
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
        await self._write(lambda connection: connection.execute(insert(session).values(row)).rowcount)

    async def use(self, fingerprint: str, seen: float) -> bool:
        """Write when it was used, if it is still there."""
        statement = update(session).where(session.c.fingerprint == fingerprint).values(seen=seen)
        return await self._write(lambda connection: connection.execute(statement).rowcount) > 0

    async def find(self, fingerprint: str) -> Session | None:
        """Read it."""
        query = select(session).where(session.c.fingerprint == fingerprint)
        try:
            row = await self._ledger.read(lambda connection: connection.execute(query).one_or_none())
        except LedgerUnavailable as error:
            raise Unavailable("Who is signed in cannot be looked up now; try again.") from error
        if row is None:
            return None
        return Session(Person(row.ref, row.display_name, row.email, row.picture), row.created, row.seen)

    async def end(self, fingerprint: str) -> None:
        """Delete it, durably: who signs out is out."""
        statement = delete(session).where(session.c.fingerprint == fingerprint)
        await self._write(lambda connection: connection.execute(statement).rowcount, durable=True)

    async def purge(self, created_before: float) -> None:
        """Delete those past their absolute limit."""
        statement = delete(session).where(session.c.created < created_before)
        await self._write(lambda connection: connection.execute(statement).rowcount)

    async def _write(self, work: Work[Result], *, durable: bool = False) -> Result:
        try:
            return await self._ledger.write(work, durable=durable)
        except LedgerUnavailable as error:
            raise Unavailable("Who signs in or out cannot be kept now; try again.") from error
