"""Feeds a projection from a topic: in batches, once, whatever arrives twice or late and whoever dies when."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_kit.projection import Checkpoint, Projection
from sipario_kit.record import Record

log = structlog.get_logger(__name__)

Fact = TypeVar("Fact")
T = TypeVar("T")
Park = Callable[[Record, Exception, int], Awaitable[None]]


@dataclass(frozen=True)
class Patience:
    """How often a message that fails is tried, and how long is waited between; seconds.

    An engine that is away is waited for without end, at most `longest` between two tries.
    """

    attempts: int = 3
    first: float = 0.1
    longest: float = 5.0

    def pause(self, attempt: int) -> float:
        """Double the wait each time, up to the longest."""
        return min(self.first * 2.0 ** min(attempt, 16), self.longest)


class Projector(Generic[Fact]):
    """Decodes records, applies them to a projection in one transaction a batch, and keeps the place.

    A batch that fails is halved until the one bad record stands alone; that one is tried a few times, then parked.
    Positions belong to one life of the broker: in a new one, the projector starts where its store says (at nothing).
    """

    def __init__(
        self,
        name: str,
        projection: Projection[Fact],
        *,
        decode: Callable[[bytes], Fact],
        patience: Patience = Patience(),
    ) -> None:
        self.name = name
        self.positions: dict[str, int] = {}
        self.generation = ""
        self.parked = 0
        self.entered = 0
        self.forgotten = False
        self._before: dict[str, int] = {}
        self._projection = projection
        self._decode = decode
        self._patience = patience
        self._moved = asyncio.Event()

    async def enter(self, generation: str) -> None:
        """Begin, or begin anew, in a life of the broker."""
        positions = dict(await self._patiently(lambda: self._projection.positions(generation)))
        before = {**self._before, **self.positions} if generation == self.generation else {}
        self._before = {place: max(end, self._before.get(place, 0)) for place, end in before.items()}
        self.positions = positions
        self.generation = generation
        self.entered += 1
        self.forgotten = False
        self._tell()

    def restored(self) -> bool:
        """Tell whether the store holds again what it held in this life of the broker before it was wiped."""
        return all(self.positions.get(place, 0) >= end for place, end in self._before.items())

    def forget(self) -> None:
        """Note that the store was found wiped, though nothing has arrived to tell: the bus will enter anew."""
        self.forgotten = True

    async def reached(self, generation: str, ends: Mapping[str, int]) -> None:
        """Return once everything before these ends (`topic/partition` to an offset) of a life has been applied."""
        while not self._is_at(generation, ends):
            await self._moved.wait()

    def _is_at(self, generation: str, ends: Mapping[str, int]) -> bool:
        here = self.positions if self.generation == generation else {}
        return all(here.get(place, 0) >= end for place, end in ends.items())

    async def handle(self, records: Sequence[Record], park: Park) -> None:
        """Apply records of the life entered, in order; those already applied are passed over.

        Raises `StoreForgotten` when the store was wiped: then enter again, and read from where it says.
        """
        fresh = [record for record in records if record.offset >= self.positions.get(record.place, 0)]
        if fresh:
            await self._apply(fresh, park)

    async def _apply(self, records: Sequence[Record], park: Park) -> None:
        try:
            await self._patiently(lambda: self._take(records))
        except StoreForgotten:
            raise
        except Exception as error:  # noqa: BLE001 - the bus edge: any failure is isolated, then parked
            if len(records) == 1:
                await self._insist(records[0], park, error)
            else:
                middle = len(records) // 2
                await self._apply(records[:middle], park)
                await self._apply(records[middle:], park)

    async def _insist(self, record: Record, park: Park, error: Exception) -> None:
        for attempt in range(1, self._patience.attempts):
            await asyncio.sleep(self._patience.pause(attempt))
            try:
                return await self._patiently(lambda: self._take([record]))
            except StoreForgotten:
                raise
            except Exception as again:  # noqa: BLE001 - as above
                error = again
        log.error("parked", projection=self.name, place=record.place, offset=record.offset, error=repr(error))
        await park(record, error, self._patience.attempts)
        self.parked += 1
        return await self._patiently(lambda: self._pass(record))

    async def _take(self, records: Sequence[Record]) -> None:
        after = self._after(records)
        await self._projection.apply([self._decode(record.value) for record in records], after)
        self._move(after)

    async def _pass(self, record: Record) -> None:
        after = self._after([record])
        await self._projection.apply([], after)
        self._move(after)

    def _move(self, reached: Checkpoint) -> None:
        self.positions.update(reached.positions)
        self._tell()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    def _after(self, records: Sequence[Record]) -> Checkpoint:
        reached = {record.place: record.offset + 1 for record in records}
        return Checkpoint(self.generation, {**self.positions, **reached})

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        attempt = 0
        while True:
            try:
                return await work()
            except EngineUnavailable as error:
                log.warning("waiting for an engine", projection=self.name, error=str(error))
                await asyncio.sleep(self._patience.pause(attempt))
                attempt += 1
