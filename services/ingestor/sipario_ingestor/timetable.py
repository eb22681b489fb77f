"""Asks for the providers of entities at the start, and whenever it is their time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from sipario_kit.background import beside
from sipario_ledger import LedgerError
from sipario_ledger.clock import Clock

from sipario_ingestor.entity_providers import EntityProviders
from sipario_ingestor.source import Address
from sipario_ingestor.store_ledger import Sources, SourceStore

CONFIGURED = "provider"
"""The reason for which they are sources."""
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Timetable:
    """Wishes that providers be read; `wake` tells the workers. With `keep`, those not configured any more stay."""

    def __init__(
        self,
        store: SourceStore,
        providers: EntityProviders,
        *,
        wake: Callable[[], None],
        clock: Clock,
        keep: bool = False,
    ) -> None:
        self._store = store
        self._providers = providers
        self._wake = wake
        self._clock = clock
        self._keep = keep

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let go of what is not configured any more, and ask for the others."""
        async with beside(self._run()):
            yield

    async def _run(self) -> None:
        await self._write(self.settle)
        async with asyncio.TaskGroup() as group:
            for address in self._providers.addresses():
                group.create_task(self._rounds(address), name=f"timetable of {address.id}")

    def settle(self, table: Sources) -> None:
        """Drop the sources of entries that were taken out."""
        wanted = {address.id for address in self._providers.addresses()}
        for gone in table.for_reason(CONFIGURED) - wanted if not self._keep else ():
            table.drop(gone, CONFIGURED)

    def ask(self, address: Address, table: Sources) -> None:
        """Wish for one, which may be new."""
        if not table.add(address, CONFIGURED):
            table.ask([address.id], force=True)

    async def _rounds(self, address: Address) -> None:
        schedule = self._providers.schedule(address.id)
        await asyncio.sleep(schedule.delay)
        while True:
            await self._write(lambda table: self.ask(address, table))
            await asyncio.sleep(schedule.rest(self._clock()))

    async def _write(self, work: Callable[[Sources], None]) -> None:
        """Write, as soon as the ledger lets us."""
        while True:
            try:
                await self._store.write(work)
            except LedgerError as error:
                log.warning("the timetable waits for the ledger", reason=str(error))
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                break
        self._wake()
