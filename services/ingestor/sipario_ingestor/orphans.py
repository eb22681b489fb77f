"""Lets orphans go once their grace is over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from sipario_kit.background import beside
from sipario_kit.errors import NotFound
from sipario_ledger import LedgerError
from sipario_ledger.clock import Clock, to_micros

from sipario_ingestor.kinds import DEFINITIONS, Kinds
from sipario_ingestor.orphan_strategy import OrphanStrategy
from sipario_ingestor.orphan_table import Orphan
from sipario_ingestor.recorder import Recorder
from sipario_ingestor.store_ledger import Sources, SourceStore

LONGEST_REST = 600.0
SHORTEST_REST = 0.1
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Orphans:
    """Sweeps at the start and whenever a grace is over. `wake` tells the workers."""

    def __init__(
        self,
        store: SourceStore,
        recorder: Recorder,
        kinds: Kinds,
        strategy: OrphanStrategy,
        *,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._kinds = kinds
        self._strategy = strategy
        self._clock = clock
        self._wake = wake

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sweep."""
        async with beside(self._run()):
            yield

    async def sweep(self) -> float:
        """Let go of those whose time has come, or for whom somebody waits. Raises LedgerError.

        Returns in how many seconds to look again.
        """
        grace = self._strategy.grace
        over = None if grace is None else to_micros(self._clock()) - int(grace * 1e6)
        due = await self._store.read(lambda table: _leaving(table, over))
        for source, refs in due.items():
            await self._recorder.release(source, refs)
        if due:
            self._wake()
        if any(ref.startswith(DEFINITIONS) for refs in due.values() for ref in refs):
            await self._kinds.refresh()
        if over is None:
            return LONGEST_REST
        eldest = await self._store.read(lambda table: table.orphans.eldest())
        longest = min(grace or LONGEST_REST, LONGEST_REST)  # without grace no orphan will come
        left = longest if eldest is None else (eldest - over) / 1e6
        return min(max(left, SHORTEST_REST), longest)

    async def keep(self, ref: str) -> None:
        """Let an orphan stay until somebody deletes it, or it is declared again; raises NotFound."""
        if not await self._store.write(lambda table: table.orphans.keep(ref)):
            raise NotFound(f"{ref} is no orphan")

    async def all(self) -> list[tuple[Orphan, int | None]]:
        """Return all orphans, each with the moment when it goes (microseconds); None for those that stay."""
        grace = self._strategy.grace
        found = await self._store.read(lambda table: table.orphans.all())
        return [
            (each, None if grace is None or each.kept else each.since + int(grace * 1e6)) for each in found
        ]

    async def _run(self) -> None:
        while True:
            try:
                rest = await self.sweep()
            except LedgerError as error:
                log.warning("orphans wait for the ledger", reason=str(error))
                rest = PAUSE_SECONDS
            await asyncio.sleep(rest)


def _leaving(table: Sources, over: int | None) -> dict[str, set[str]]:
    """Return whose time is over; and who is waited for, as after a crash between a refusal and its consequence."""
    found = {} if over is None else table.orphans.due(over)
    for ref, source in table.orphans.holders(each.identity for each in table.contested()).items():
        found.setdefault(source, set()).add(ref)
    return found
