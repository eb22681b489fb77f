"""One made-up world: sources that change, processes that die, a broker and engines that forget."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sipario_events import ENTITIES, EntityChanged
from sipario_ledger import Ledger, Relay

from sipario_testkit.simulation.broker import Broker, Outlet
from sipario_testkit.simulation.faults import Crash, Faults
from sipario_testkit.simulation.stores import Bug

SETTLE_SECONDS = 60.0
LOOK_SECONDS = 0.5
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Live = Mapping[str, EntityChanged]
Process = Callable[[], Awaitable[None]]


class Inhabitant(Protocol):
    """Who lives in a world: processes by name, started again when they crash, and a check of what they came to."""

    def processes(self) -> Mapping[str, Process]:
        """Name what runs until it crashes."""
        ...

    def check(self, live: Live) -> Sequence[str]:
        """Complain, given the live heads of the ledger."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a world came to. `complaints` is empty when all laws held."""

    complaints: tuple[str, ...]
    entries: int
    crashes: int
    lives: int


def clock() -> datetime:
    """Tell the time of the world."""
    return EPOCH + timedelta(seconds=asyncio.get_running_loop().time())


class World:
    """The real ledger and relay, and whoever lives with them, in the hands of one seed."""

    def __init__(self, ledger: Ledger, faults: Faults, bug: Bug = Bug.NONE) -> None:
        self.ledger = ledger
        self.faults = faults
        self.bug = bug
        self.broker = Broker(faults)
        self._processes: dict[str, Process] = {"relay": self._relay}
        self._inhabitants: list[Inhabitant] = []
        self._forgetful: list[Callable[[], None]] = []
        self._lives = 0

    def inhabit(self, inhabitant: Inhabitant, *, forget: Callable[[], None] | None = None) -> None:
        """Let somebody live here, whose engine may `forget` everything."""
        self._inhabitants.append(inhabitant)
        self._processes.update(inhabitant.processes())
        if forget:
            self._forgetful.append(forget)

    async def run(self, change: Process, *, rounds: int) -> Outcome:
        """Live through some rounds of change, let it settle, and judge."""
        tasks = [asyncio.create_task(self._again(name, each)) for name, each in self._processes.items()]
        chaos = asyncio.create_task(self._chaos())
        for _ in range(rounds):
            await change()
            await asyncio.sleep(self.faults.dice.random() * 0.2)
        chaos.cancel()
        self.faults.calm()
        complaints = await self._settled()
        for task in (*tasks, chaos):
            task.cancel()
        await asyncio.gather(*tasks, chaos, return_exceptions=True)
        entries = await self.ledger.top()
        return Outcome(tuple(complaints), entries, sum(self.faults.crashes.values()), self._lives)

    async def _relay(self) -> None:
        outlet = Outlet(self.broker, deaf=self.bug is Bug.DEAF_RELAY)
        await Relay(self.ledger, outlet, "ingestor", check_seconds=0.1).run()

    async def _again(self, name: str, process: Process) -> None:
        while True:
            try:
                await process()
            except* Crash:
                self.faults.crashes[name] += 0
            await asyncio.sleep(self.faults.dice.random() * 0.2)

    async def _chaos(self) -> None:
        dice = self.faults.dice
        while True:
            await asyncio.sleep(dice.expovariate(1 / 0.8))
            if dice.random() < 0.6:
                self._lives += 1
                self.broker.die()
            else:
                dice.choice(self._forgetful)()

    async def _settled(self) -> list[str]:
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                while await self._complaints():  # noqa: ASYNC110 - virtual time: waiting costs nothing
                    await asyncio.sleep(LOOK_SECONDS)
        return await self._complaints()

    async def _complaints(self) -> list[str]:
        live = await self._live()
        return [complaint for each in self._inhabitants for complaint in each.check(live)]

    async def _live(self) -> Live:
        heads = await self.ledger.heads(limit=10_000, topic=ENTITIES)
        return {head.identity: EntityChanged.read(head.body) for head in heads if not head.gone}
