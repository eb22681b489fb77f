"""Search: what it hears of entities and of pages, into a made-up index."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sipario_kit.errors import StoreForgotten
from sipario_kit.projection import Checkpoint
from sipario_search.document import Written, entity_id, entity_written
from sipario_search.events import Heard, subscription, table
from sipario_search.store import Found, Question
from sipario_testkit.simulation.faults import Faults
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import Bug
from sipario_testkit.simulation.world import Live, Process, World


class MemoryIndex:
    """An `Index` with external versions, which loses its life when it is wiped."""

    def __init__(self, faults: Faults, bug: Bug) -> None:
        self._faults = faults
        self._bug = bug
        self._lives = 0
        self.forget()

    def forget(self) -> None:
        """Lose everything, and be another one from now on."""
        self._lives += 1
        self.documents: dict[str, Written] = {}
        self._reached: dict[str, Checkpoint] = {}

    async def present(self) -> str:
        """Tell the name of the present life."""
        await self._faults.step("search")
        return self.name

    @property
    def name(self) -> str:
        """The present life."""
        return f"life-{self._lives}"

    async def alive(self, life: str) -> bool:
        """Tell whether that life goes on."""
        return life == self.name

    async def write(self, life: str, written: Sequence[Written]) -> Collection[str]:
        """Keep what is newer, document by document: a crash may leave the rest unwritten."""
        refused = set()
        for each in written:
            if self._faults.happens(0.02):
                await self._faults.step("search")
            self._must_be(life)
            held = self.documents.get(each.id)
            if held and held.version >= each.version:
                refused.add(each.id)
            else:
                self.documents[each.id] = each
        return refused

    async def marks(self, life: str, ids: Sequence[str]) -> Mapping[str, tuple[int, Mapping[str, Any]]]:
        """Read marks; as `Bug.LEFT_SECTION` has it, none."""
        await self._faults.step("search")
        self._must_be(life)
        if self._bug is Bug.LEFT_SECTION:
            return {}
        found = {name: self.documents[name] for name in ids if name in self.documents}
        return {name: (each.version, each.source["mark"]) for name, each in found.items()}

    async def checkpoint(self, life: str, projection: str) -> Checkpoint:
        """Read how far a projection has come."""
        self._must_be(life)
        return self._reached.get(projection, Checkpoint(""))

    async def reached(self, life: str, projection: str, checkpoint: Checkpoint) -> None:
        """Keep how far a projection has come."""
        await self._faults.step("search")
        self._must_be(life)
        self._reached[projection] = checkpoint

    async def show(self, life: str) -> None:
        """Everything is shown at once here."""
        self._must_be(life)

    async def find(self, life: str, question: Question) -> Found:
        """Nobody asks here."""
        raise NotImplementedError(life, question)

    def _must_be(self, life: str) -> None:
        if life != self.name:
            raise StoreForgotten(life)


class Search:
    """One process that hears both topics. `pages` tells how many sections each page must have, by its identity."""

    def __init__(self, world: World, pages: Callable[[Live], Mapping[str, int]]) -> None:
        self._world = world
        self._pages = pages
        self._index = MemoryIndex(world.faults, world.bug)
        world.inhabit(self, forget=self._index.forget)

    def processes(self) -> Mapping[str, Process]:
        """Run as one."""
        return {"search": self.run}

    async def run(self) -> None:
        """Hear until a crash."""
        async with asyncio.TaskGroup() as group:
            for row in table(self._index):
                group.create_task(self._reader(row).run())

    def _reader(self, row: Heard) -> Reader:
        def wiped() -> bool:
            return row.projection.life not in ("", self._index.name)

        return Reader(self._world.broker, row.projection.name, lambda: subscription(row), wiped=wiped)

    def check(self, live: Live) -> list[str]:
        """Compare the documents that can be found with entities and pages."""
        documents = self._index.documents
        there = {name for name, each in documents.items() if not each.source.get("gone") and _found(name)}
        entities = {entity_id(ref): entity_written(event) for ref, event in live.items()}
        sections = {f"section:{name}#{n}" for name, count in self._pages(live).items() for n in range(count)}
        found = {
            "the index does not hold just what there is": there == entities.keys() | sections,
            "the index is not the fold of the ledger": all(
                documents.get(name) == each for name, each in entities.items()
            ),
        }
        return [complaint for complaint, holds in found.items() if not holds]


def _found(name: str) -> bool:
    return name.startswith(("entity:", "section:"))
