"""What people said of proposals, kept beside the ledger."""

from dataclasses import dataclass

from sipario_ledger import Ledger
from sqlalchemy import Connection, delete, insert, select

from sipario_ingestor.tables import verdicts


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one proposal: that it is not wanted, or where its pull request is."""

    dismissed: bool = False
    pull_request: str = ""


class Verdicts:
    """The table, by the ids of sources."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def all(self) -> dict[str, Verdict]:
        """Return everything that was said."""

        def work(connection: Connection) -> dict[str, Verdict]:
            found = connection.execute(select(verdicts))
            return {row.source: Verdict(row.dismissed, row.pull_request) for row in found}

        return await self._ledger.read(work)

    async def keep(self, source: str, verdict: Verdict) -> None:
        """Remember what was said of one, in place of what was said before."""

        def work(connection: Connection) -> None:
            connection.execute(delete(verdicts).where(verdicts.c.source == source))
            row = {"source": source, "dismissed": verdict.dismissed, "pull_request": verdict.pull_request}
            connection.execute(insert(verdicts), row)

        await self._ledger.write(work)
