"""A broker of the world: partitions in memory, which it may lose, and late duplicates."""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sipario_kit.lookout import Life
from sipario_kit.record import GENERATION, Record
from sipario_ledger import Entry, GenerationChanged, PublisherUnavailable

from sipario_testkit.simulation.faults import Faults

PARTITIONS = 3
FIRST = "life-0"


class Broker:
    """What all processes of the world share."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.life = Life(FIRST)
        self.logs: dict[str, list[Record]] = defaultdict(list)
        self._lives = 0
        self._late: list[tuple[str, Record]] = []
        self._arrived = asyncio.Event()

    def die(self) -> None:
        """Lose everything: topics, offsets, and the id of this life."""
        self._lives += 1
        self.life = Life(f"life-{self._lives}")
        self.logs.clear()

    def append(self, topic: str, key: str, value: bytes, generation: str) -> None:
        """Keep a message; some come again later."""
        number = zlib.crc32(key.encode()) % PARTITIONS
        place = f"{topic}/{number}"
        record = Record(topic, number, len(self.logs[place]), value, key.encode(), {GENERATION: generation})
        self.logs[place].append(record)
        self.nudge()
        if self.faults.happens(0.03):
            self._late.append((place, record))
        if self._late and self.faults.happens(0.05):
            self._repeat(*self._late.pop(0))

    def _repeat(self, place: str, record: Record) -> None:
        log = self.logs[place]
        log.append(Record(record.topic, record.partition, len(log), record.value, record.key, record.headers))

    async def more(self) -> None:
        """Return once somebody may find something to read."""
        await self._arrived.wait()

    def nudge(self) -> None:
        """Let all who wait for more look again."""
        self._arrived.set()
        self._arrived = asyncio.Event()

    def ends(self) -> dict[str, int]:
        """The offsets behind the last message of each partition."""
        return {place: len(log) for place, log in self.logs.items()}

    def read(self, topic: str, positions: Mapping[str, int], most: int) -> list[Record]:
        """Return what follows; behind the end there is nothing, whoever asks."""
        found: list[Record] = []
        for number in range(PARTITIONS):
            place = f"{topic}/{number}"
            found += self.logs[place][positions.get(place, 0) :][:most]
        return found


class Outlet:
    """What a relay publishes to: the broker as one process sees it."""

    def __init__(self, broker: Broker, *, deaf: bool = False) -> None:
        self._broker = broker
        self._faults = broker.faults
        self._deaf = deaf

    async def generation(self) -> str:
        """Name the broker's present life."""
        await self._faults.step("relay")
        return FIRST if self._deaf else self._broker.life.generation

    async def publish(self, entries: Sequence[Entry], generation: str) -> None:
        """Append, perhaps only some, perhaps into a life that is over."""
        await self._faults.step("relay")
        for entry in entries:
            if self._broker.life.generation != generation and not self._deaf:
                raise GenerationChanged(generation)
            if self._faults.happens(0.002):
                raise PublisherUnavailable("the connection broke")
            self._broker.append(entry.topic, entry.key, entry.body, generation)
        await self._faults.step("relay")

    async def heads_published(self, relay: str, generation: str) -> None:
        """Mark the life as told."""
        await self._faults.step("relay")
        if self._broker.life.generation != generation and not self._deaf:
            raise GenerationChanged(generation)
        generation = self._broker.life.generation
        told = {**self._broker.life.told, relay: self._broker.ends()}
        self._broker.life = Life(generation, told)


class Sight:
    """The lives of the broker as one process knows them: it may be behind until it looks."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.life = broker.life

    async def refresh(self) -> Life:
        """Look now."""
        await self._broker.faults.step("sight")
        self.life = self._broker.life
        return self.life

    async def ends(self, topic: str) -> Mapping[str, int]:
        """Tell where the partitions of a topic end now."""
        await self._broker.faults.step("sight")
        return {place: end for place, end in self._broker.ends().items() if place.startswith(f"{topic}/")}
