"""A process of the world that feeds one projection, as the bus does, until it dies."""

import asyncio
from collections.abc import Callable
from typing import Any

from sipario_kit.feed import Feed
from sipario_kit.projection import Projection
from sipario_kit.projector import Patience, Projector
from sipario_kit.record import Record
from sipario_kit.subscription import Subscription

from sipario_testkit.simulation.broker import Broker, Sight

BATCH = 20
LOOK_SECONDS = 0.3
REST_SECONDS = 0.02


class Reader:
    """Makes its projection anew at each start: what the projection keeps only in memory is lost with the process.

    `wiped` tells that the store lost everything, as a service finds out that looks after its engine.
    """

    def __init__(
        self,
        broker: Broker,
        topic: str,
        *,
        name: str,
        projection: Callable[[], Projection[Any]],
        decode: Callable[[bytes], Any],
        wiped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.parked: list[Record] = []
        self._broker = broker
        self._topic = topic
        self._projection = projection
        self._decode = decode
        self._wiped = wiped

    async def run(self) -> None:
        """Read and apply until a crash."""
        sight = Sight(self._broker)
        projector = Projector(
            self.name, self._projection(), decode=self._decode, patience=Patience(attempts=2, first=0.01)
        )
        feed = Feed(Subscription(self._topic, None, projector), sight, self._park)
        positions: dict[str, int] = {}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(feed, sight, positions))
            group.create_task(self._read(feed, positions))

    async def _read(self, feed: Feed, positions: dict[str, int]) -> None:
        while True:
            records = self._broker.read(self._topic, positions, BATCH)
            if not records:
                await asyncio.sleep(REST_SECONDS)
                continue
            for record in records:
                positions[record.place] = record.offset + 1
            await self._broker.faults.step(self.name)
            self._go(positions, await feed.take(records))

    async def _watch(self, feed: Feed, sight: Sight, positions: dict[str, int]) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await sight.refresh()
            if self._wiped():
                feed.projector.forget()
            self._go(positions, feed.look())

    @staticmethod
    def _go(positions: dict[str, int], there: Any) -> None:
        if there is not None:
            positions.clear()
            positions.update(there)

    async def _park(self, record: Record, error: Exception, attempts: int) -> None:
        del error, attempts
        self.parked.append(record)
