"""A process of the world that feeds one projection, as the bus does, until it dies."""

import asyncio
from collections.abc import Callable
from typing import Any

from sipario_kit.feed import Feed
from sipario_kit.record import Record
from sipario_kit.subscription import Subscription

from sipario_testkit.simulation.broker import Broker, Sight

BATCH = 20
LOOK_SECONDS = 0.3


class Reader:
    """Subscribes anew at each start: what a projection keeps only in memory is lost with the process.

    `wiped` tells that the store lost everything, as a service finds out that looks after its engine.
    """

    def __init__(
        self,
        broker: Broker,
        name: str,
        subscribe: Callable[[], Subscription],
        *,
        wiped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.parked: list[tuple[Record, Exception]] = []
        self._broker = broker
        self._subscribe = subscribe
        self._wiped = wiped

    async def run(self) -> None:
        """Read and apply until a crash."""
        sight = Sight(self._broker)
        feed = Feed(self._subscribe(), sight, self._park)
        positions: dict[str, int] = {}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(feed, sight, positions))
            group.create_task(self._read(feed, positions))

    async def _read(self, feed: Feed, positions: dict[str, int]) -> None:
        while True:
            records = self._broker.read(feed.subscription.topic, positions, BATCH)
            if not records:
                await self._broker.more()
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
            there = feed.look()
            self._go(positions, there)
            if there is not None:
                self._broker.nudge()

    @staticmethod
    def _go(positions: dict[str, int], there: Any) -> None:
        if there is not None:
            positions.clear()
            positions.update(there)

    async def _park(self, record: Record, error: Exception, attempts: int) -> None:
        del attempts
        self.parked.append((record, error))
