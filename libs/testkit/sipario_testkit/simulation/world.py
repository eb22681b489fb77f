"""One made-up world: sources that change, processes that die, a broker and engines that forget."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sipario_events import ENTITIES, SCM, EntityChanged, RepositoryChanged
from sipario_ledger import Ledger, Relay
from sipario_model import Relation

from sipario_testkit.simulation.broker import Broker, Outlet
from sipario_testkit.simulation.faults import Crash, Faults
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import BlurredHint, Bug, Hints, Store

REFS = 25
MUTATIONS = 60
BURST = 5
REPOSITORIES = 2
BRANCHES = ("main", "next")
SETTLE_SECONDS = 60.0
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What a world came to. `complaints` is empty when all laws held."""

    complaints: tuple[str, ...]
    entries: int
    crashes: int
    lives: int


class World:
    """The real ledger, relay, feeds and projectors, in the hands of one seed.

    `attach` adds readers of its own making, and a check of what they came to.
    """

    def __init__(self, seed: int, bug: Bug = Bug.NONE) -> None:
        self.faults = Faults(seed)
        self.broker = Broker(self.faults)
        self.stores = [Store(name, self.faults, bug) for name in ("search", "docs")]
        self.hints = Hints(self.faults)
        self.readers = [self._reader(store) for store in self.stores]
        self.readers.append(
            Reader(
                self.broker,
                SCM,
                name=self.hints.name,
                projection=lambda: self.hints,
                decode=RepositoryChanged.read,
            )
        )
        self._pushed: dict[str, str] = {}
        self.checks: list[Callable[[dict[str, int]], Sequence[str]]] = []
        self._bug = bug
        self._lives = 0
        self._entries = 0

    def attach(self, reader: Reader, check: Callable[[dict[str, int]], Sequence[str]]) -> None:
        """Let another projection live here; `check` is given the live versions, and complains."""
        self.readers.append(reader)
        self.checks.append(check)

    async def run(self) -> Outcome:
        """Live through it, let it settle, and judge."""
        async with Ledger.open("sqlite://", inline=True, clock=lambda: EPOCH) as ledger:
            tasks = [asyncio.create_task(self._again(reader.name, reader.run)) for reader in self.readers]
            tasks.append(asyncio.create_task(self._again("relay", lambda: self._relay(ledger))))
            chaos = asyncio.create_task(self._chaos(tasks))
            await self._change(ledger)
            chaos.cancel()
            self.faults.calm()
            live = await _live(ledger)
            await self._settle(live)
            for task in (*tasks, chaos):
                task.cancel()
            await asyncio.gather(*tasks, chaos, return_exceptions=True)
            complaints = tuple(self._complaints(live))
            return Outcome(complaints, self._entries, sum(self.faults.crashes.values()), self._lives)

    async def _change(self, ledger: Ledger) -> None:
        dice = self.faults.dice
        for _ in range(MUTATIONS // BURST):
            mutations = [self._mutation() for _ in range(BURST)]
            recorded = await ledger.record([*mutations, self._push()])
            self._entries += len(recorded.entries)
            await asyncio.sleep(dice.random() * 0.2)

    def _mutation(self) -> EntityChanged:
        dice = self.faults.dice
        ref, other = (f"component:default/c{dice.randrange(REFS)}" for _ in range(2))
        if dice.random() < 0.2:
            return EntityChanged(ref=ref, gone=True)
        name = ref.rpartition("/")[2]
        entity = {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": name, "title": f"Title {dice.randrange(3)}"},
            "spec": {"type": "service", "owner": "a", "lifecycle": "production"},
        }
        return EntityChanged(ref=ref, entity=entity, relations=(Relation(ref, "dependsOn", other),))

    def _push(self) -> RepositoryChanged:
        dice = self.faults.dice
        hint = BlurredHint if self._bug is Bug.ONE_HINT else RepositoryChanged
        fact = hint(
            repository=f"https://forge/o/r{dice.randrange(REPOSITORIES)}",
            change="pull_request" if dice.random() < 0.3 else "pushed",
            branch=dice.choice(BRANCHES),
            commit=f"{dice.getrandbits(160):040x}",
        )
        self._pushed[RepositoryChanged.identity(fact)] = fact.commit
        return fact

    async def _relay(self, ledger: Ledger) -> None:
        outlet = Outlet(self.broker, deaf=self._bug is Bug.DEAF_RELAY)
        await Relay(ledger, outlet, "ingestor", check_seconds=0.1).run()

    async def _again(self, name: str, process: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await process()
            except* Crash:
                self.faults.crashes[name] += 0
            await asyncio.sleep(self.faults.dice.random() * 0.2)

    async def _chaos(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        del tasks
        dice = self.faults.dice
        while True:
            await asyncio.sleep(dice.expovariate(1 / 0.8))
            if dice.random() < 0.6:
                self._lives += 1
                self.broker.die()
            else:
                self.stores[0].forget()

    async def _settle(self, live: dict[str, int]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                while self._different(live):  # noqa: ASYNC110 - virtual time: looking costs nothing
                    await asyncio.sleep(0.2)

    def _different(self, live: dict[str, int]) -> list[str]:
        found = [
            f"{store.name} is not the fold of the ledger" for store in self.stores if store.live() != live
        ]
        unheard = sorted(self._pushed.items() - self.hints.heard)
        found += [f"nobody heard of {commit} on {branch}" for branch, commit in unheard]
        return found + [complaint for check in self.checks for complaint in check(live)]

    def _complaints(self, live: dict[str, int]) -> list[str]:
        found = self._different(live)
        found += [
            f"{store.name} went back: {store.regressions[0]}" for store in self.stores if store.regressions
        ]
        for store in self.stores:
            found += [
                f"{store.name} did {effect} twice" for effect, count in store.effects.items() if count > 1
            ]
        return found

    def _reader(self, store: Store) -> Reader:
        return Reader(
            self.broker,
            ENTITIES,
            name=store.name,
            projection=lambda: store,
            decode=EntityChanged.read,
            wiped=lambda: store.wiped,
        )


async def _live(ledger: Ledger) -> dict[str, int]:
    live, seq = {}, 0
    while entries := await ledger.heads(seq, topic=ENTITIES):
        live.update({entry.identity: entry.version for entry in entries if not entry.gone})
        seq = entries[-1].seq
    return live
