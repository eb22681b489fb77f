"""Reads the sources that are due, several at a time, each repository once at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog
from sipario_kit.background import beside
from sipario_ledger import LedgerError
from sipario_ledger.clock import Clock, to_micros

from sipario_ingestor.reading import Reading
from sipario_ingestor.source import PROVIDER, Source
from sipario_ingestor.store_ledger import SourceStore

LONGEST_REST = 60.0
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Workers:
    """Takes what is due as long as it runs; `wake` tells that there may be something new."""

    def __init__(self, store: SourceStore, reading: Reading, *, number: int, clock: Clock) -> None:
        self._store = store
        self._reading = reading
        self._number = number
        self._clock = clock
        self._woken = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._told: list[asyncio.Event] = []
        self.waiting = 1

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    @contextmanager
    def telling(self, event: asyncio.Event) -> Iterator[None]:
        """Set `event` whenever the reading of a source has ended, as long as the block lasts."""
        self._told.append(event)
        try:
            yield
        finally:
            self._told.remove(event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work. At the end, what is being read is let go: it will be read again."""
        async with beside(self._run()):
            yield

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                try:
                    rest = await self._start_all(group)
                except LedgerError as error:
                    log.warning("workers wait for the ledger", reason=str(error))
                    rest = PAUSE_SECONDS
                # (Not wait_for: under Python 3.11 it may swallow the cancellation that ends us.)
                with suppress(TimeoutError):
                    async with asyncio.timeout(rest):
                        await self._woken.wait()

    async def _start_all(self, group: asyncio.TaskGroup) -> float:
        """Start what is due and fits; return after how many seconds to look again, when nobody wakes us."""
        while self._hands() < self._number:
            source = await self._next(tuple(self._busy))
            if source is None:
                break
            self._busy[source.lane] = group.create_task(self._work(source), name=f"reads {source.id}")
        # Who is being read may have been answered already, and still ask for others.
        self.waiting = max(await self._store.read(lambda table: table.waiting()), len(self._busy))
        if self._hands() == self._number:
            return LONGEST_REST  # whoever is done wakes us
        busy = tuple(self._busy)
        due = await self._store.read(lambda table: table.next_due(busy))
        if due is None:
            return LONGEST_REST
        return min(max((due - to_micros(self._clock())) / 1e6, 0.01), LONGEST_REST)

    def _hands(self) -> int:
        """Count who reads repositories; providers, which may take minutes, are on threads of their own."""
        return sum(not lane.startswith(PROVIDER) for lane in self._busy)

    async def _next(self, busy: tuple[str, ...]) -> Source | None:
        return await self._store.read(lambda table: table.due(busy))

    async def _work(self, source: Source) -> None:
        try:
            await self._reading.read(source)
        except LedgerError as error:
            log.warning("source not recorded", source=source.id, reason=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            del self._busy[source.lane]
            for each in (self._woken, *self._told):
                each.set()
