"""From a write to the moment when everything that follows from it has left for the readers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from sipario_ledger import Ledger, Relay

from sipario_ingestor.receipt import LONGEST, Receipt
from sipario_ingestor.store_ledger import Sources, SourceStore
from sipario_ingestor.workers import Workers


class Written:
    """Gives receipts for writes, and waits for what they set going. `heard` waits for what the broker told us."""

    def __init__(
        self,
        ledger: Ledger,
        store: SourceStore,
        *,
        workers: Workers,
        relay: Relay,
        heard: Callable[[], Awaitable[None]],
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._workers = workers
        self._relay = relay
        self._heard = heard

    async def wished(self, *sources: str) -> str:
        """Give a receipt for the sources that a write asked to be read: call it after the write."""
        wishes = await self._store.read(lambda table: table.wishes(sources))
        return Receipt(self._ledger.newest, wishes).text()

    def told(self, repositories: Iterable[str]) -> str:
        """Give a receipt for repositories that a webhook told of; empty when they are too many for one."""
        text = Receipt(self._ledger.newest, repositories=tuple(sorted(set(repositories)))).text()
        return text if len(text) <= LONGEST else ""

    async def until(self, receipt: Receipt) -> None:
        """Return once its sources are read, with those that they lead to, and what came of it is published.

        A source that cannot be read now is not waited for: its last good state stays.
        """
        await self._relay.published(receipt.seq)
        wishes = dict(receipt.sources)
        if receipt.repositories:
            await self._heard()
            wishes |= await self._store.read(lambda table: _readers(table, receipt.repositories))
        await self._answered(wishes)
        await self._relay.published(self._ledger.newest)

    async def _answered(self, wishes: dict[str, int]) -> None:
        answered = asyncio.Event()
        with self._workers.telling(answered):
            while await self._store.read(lambda table: table.unanswered(wishes)):
                await answered.wait()
                answered.clear()


def _readers(table: Sources, repositories: Iterable[str]) -> dict[str, int]:
    return table.wishes(source.id for each in repositories for source in table.of_repository(each))
