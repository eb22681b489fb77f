"""Leads records to a projector through the lives of the broker, whoever brings them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

import structlog

from sipario_kit.errors import StoreForgotten
from sipario_kit.lookout import Life
from sipario_kit.projector import Park
from sipario_kit.record import Record
from sipario_kit.subscription import Subscription

AGAIN_SECONDS = 0.2

log = structlog.get_logger(__name__)


class Lives(Protocol):
    """Knows which life of the broker this is."""

    @property
    def life(self) -> Life:
        """The life, as it was when last looked."""
        ...

    async def refresh(self) -> Life:
        """Look again, now."""
        ...

    async def ends(self, topic: str) -> Mapping[str, int]:
        """Tell where those partitions of a topic end now of which something can be read."""
        ...


class Feed:
    """One subscription being read. `take` and `look` answer with the positions to read on from, or None to go on.

    Whoever reads must go there: after a broker that began a new life, and after a failure that applied nothing.
    """

    def __init__(self, subscription: Subscription, lives: Lives, park: Park) -> None:
        self.subscription = subscription
        self.projector = subscription.projector
        self._lives = lives
        self._park = park
        self._ends: Mapping[str, int] = {}
        self._lock = asyncio.Lock()

    async def take(
        self, records: Sequence[Record], *, entered: int | None = None
    ) -> Mapping[str, int] | None:
        """Apply what was read. `entered`: the projector's count when reading began, for it may have moved since."""
        async with self._lock:
            if entered is not None and entered != self.projector.entered:
                return self.projector.positions
            try:
                return await self._taken(records)
            except Exception:  # the bus edge: what failed here is read again, else it would be lost
                log.exception("reading again", projection=self.projector.name)
                await asyncio.sleep(AGAIN_SECONDS)
                same = self.projector.generation == self._lives.life.generation
                return self.projector.positions if same else {}

    async def pass_over(self, ends: Mapping[str, int]) -> Mapping[str, int]:
        """Begin behind what has been said already; returns the positions to read on from."""
        async with self._lock:
            await self._enter()
            self.projector.positions.update(ends)
            return self.projector.positions

    def look(self) -> Mapping[str, int] | None:
        """Notice a new life of which nothing has been read yet, or a store found wiped: begin at the beginning."""
        moved = self.projector.generation not in ("", self._lives.life.generation)
        return {} if moved or self.projector.forgotten else None

    def complete(self) -> bool:
        """Tell whether all that its tellers told in this life has been applied, and all that stood there at the start.

        In a long life of the broker much was said after its tellers had told what they knew.
        """
        if self.projector.forgotten or not self.projector.restored() or not self._passed(self._ends):
            return False
        life = self._lives.life
        tellers = self.subscription.tellers
        return all(teller in life.told and self._passed(life.told[teller]) for teller in tellers)

    async def _taken(self, records: Sequence[Record]) -> Mapping[str, int] | None:
        strange = any(record.generation not in ("", self.projector.generation) for record in records)
        anew = self.projector.forgotten or not self.projector.generation
        if anew or (strange and await self._moved()):
            return await self._enter()
        try:
            await self.projector.handle(records, self._park)
        except StoreForgotten as error:
            log.warning("a store forgot everything", projection=self.projector.name, error=str(error))
            self.projector.forget()
            return await self._enter()
        return None

    async def _moved(self) -> bool:
        # A record written late, by one who still believed in a former life, is no reason to start over.
        life = await self._lives.refresh()
        return life.generation != self.projector.generation

    async def _enter(self) -> Mapping[str, int]:
        ends = await self._lives.ends(self.subscription.topic)
        await self.projector.enter(self._lives.life.generation)
        self._ends = ends
        return self.projector.positions

    def _passed(self, ends: Mapping[str, int]) -> bool:
        topic = self.subscription.topic
        mine = {place: end for place, end in ends.items() if place.rpartition("/")[0] == topic}
        here = self.projector.generation == self._lives.life.generation
        return not mine or (
            here and all(self.projector.positions.get(place, 0) >= mine[place] for place in mine)
        )
