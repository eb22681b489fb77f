"""Makes the index anew from the topics' beginning, while the old one serves."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sipario_kit.errors import Conflict, EngineUnavailable, StoreForgotten, Unavailable
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Projector
from sipario_kit.record import Record

from sipario_search.events import Heard
from sipario_search.projection import Indexed
from sipario_search.store import Rebuildable

Take = Callable[[Sequence[Record]], Awaitable[None]]
Replay = Callable[[str, Take], Awaitable[None]]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did: messages read, those that could not be handled (they are parked already), seconds."""

    read: int
    skipped: int
    seconds: float


@dataclass(frozen=True)
class Filling:
    """A projection into an index that nobody sees yet; how far it has come is nobody's business."""

    projection: Indexed[Any]
    life: str

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Begin at the beginning."""
        del generation
        return {}

    async def apply(self, facts: Sequence[Any], checkpoint: Checkpoint) -> None:
        """Write documents."""
        del checkpoint
        await self.projection.write(self.life, facts)


class Rebuild:
    """Fills a second index from what the topics hold; from its beginning on, what is heard goes into both.

    Versions decide, so it does not matter which of the two comes first.
    """

    def __init__(self, index: Rebuildable, table: Sequence[Heard], replay: Replay) -> None:
        self._index = index
        self._table = table
        self._replay = replay
        self._lock = asyncio.Lock()

    async def run(self) -> Rebuilt:
        """Do it; raises `Conflict` while another one runs, `Unavailable` when the index was wiped meanwhile."""
        if self._lock.locked():
            raise Conflict("The index is being rebuilt already.")
        async with self._lock:
            began = time.monotonic()
            life = await self._index.begin()
            try:
                read, skipped = await self._fill(life)
            except StoreForgotten as error:
                raise Unavailable("The index was wiped while it was rebuilt; try again.") from error
            finally:
                await self._give_up(life)
            return Rebuilt(read, skipped, round(time.monotonic() - began, 3))

    async def _fill(self, life: str) -> tuple[int, int]:
        for heard in self._table:
            heard.projection.next = life
        counts = [await self._replayed(heard, life) for heard in self._table]
        for heard in self._table:
            await heard.projection.hand_over()
        await self._index.swap(life)
        for heard in self._table:
            heard.projection.move()
        await self._index.sweep(life)
        return sum(read for read, _ in counts), sum(skipped for _, skipped in counts)

    async def _replayed(self, heard: Heard, life: str) -> tuple[int, int]:
        projector = Projector("rebuild", Filling(heard.projection, life), decode=heard.decode)
        await projector.enter("")
        read = 0

        async def take(records: Sequence[Record]) -> None:
            nonlocal read
            read += len(records)
            await projector.handle(records, _skip)

        await self._replay(heard.topic, take)
        return read, projector.parked

    async def _give_up(self, life: str) -> None:
        # After a swap there is nothing to give up: that life is the present one.
        left = [heard.projection for heard in self._table if heard.projection.next == life]
        for projection in left:
            projection.next = ""
        if left:
            # One that is left lying is dropped by the next rebuild.
            with suppress(EngineUnavailable, StoreForgotten):
                await self._index.drop(life)


async def _skip(record: Record, error: Exception, attempts: int) -> None:
    """Who listens has parked it long ago."""
    del record, error, attempts
