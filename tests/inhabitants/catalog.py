"""Catalog-graph: what it hears, its read model, and its planning over a made-up graph."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.events import Hears, subscriptions
from sipario_catalog_graph.graph import Node, newest, relationship_of
from sipario_catalog_graph.readmodel import ReadModel
from sipario_catalog_graph.writing import Plan, plan
from sipario_events import Event, GraphChanged
from sipario_kit.errors import StoreForgotten
from sipario_kit.projection import Checkpoint
from sipario_testkit.simulation.faults import Faults
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import Bug
from sipario_testkit.simulation.world import Live, Process, World

Edge = tuple[str, str, str]


class MemoryGraph:
    """A `GraphStore` that carries out plans at once, and may be emptied."""

    def __init__(self, faults: Faults, bug: Bug) -> None:
        self._faults = faults
        self._bug = bug
        self.forget()

    def forget(self) -> None:
        """Lose everything."""
        self.nodes: dict[str, Mapping[str, Any]] = {}
        self.edges: set[Edge] = set()
        self._checkpoint = Checkpoint("")
        self._unsaid: list[GraphChanged] = []
        self._entered = False

    @property
    def wiped(self) -> bool:
        """Tell whether everything was lost since somebody asked for the place."""
        return not self._entered and not self._checkpoint.generation

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint."""
        await self._faults.step("graph")
        self._entered = True
        return self._checkpoint.positions if self._checkpoint.generation == generation else {}

    async def apply(self, nodes: Sequence[Node], checkpoint: Checkpoint) -> list[GraphChanged]:
        """Write all in one step; a crash comes before or after it."""
        await self._faults.step("graph")
        if not self._entered:
            raise StoreForgotten("graph")
        made = plan(newest(nodes), self.nodes, 0)
        self._carry_out(made)
        self._checkpoint = checkpoint
        changes = [*self._unsaid, *made.changes]
        self._unsaid = [] if self._bug is Bug.UNSAID else changes
        await self._faults.step("graph")
        return changes

    async def unsaid(self) -> list[GraphChanged]:
        """Read what nobody has confirmed to have said."""
        return self._unsaid

    async def said(self) -> None:
        """Confirm."""
        await self._faults.step("graph")
        self._unsaid = []

    def _carry_out(self, made: Plan) -> None:
        for row in [*made.replace, *(row for rows in made.create.values() for row in rows)]:
            self.nodes[row["ref"]] = row
        for type_, rows in made.disconnect.items():
            gone = {(row["source"], type_, row["target"]) for row in rows}
            self.edges -= set() if self._bug is Bug.LEFT_EDGE else gone
        for type_, links in made.connect.items():
            self.edges |= {(source, type_, target) for source, target, _ in links}


class CatalogGraph:
    """One process: graph and read model, and what it has said of changes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._graph = MemoryGraph(world.faults, world.bug)
        self._read = ReadModel(Catalog())
        self._said: set[tuple[str, int]] = set()
        world.inhabit(self, forget=self._graph.forget)

    def processes(self) -> Mapping[str, Process]:
        """Run as one."""
        return {"catalog-graph": self.run}

    async def run(self) -> None:
        """Hear until a crash, which costs the read model everything."""
        self._read = ReadModel(Catalog())
        model, graph = subscriptions(Hears(self._graph, self._read, self._say))
        broker = self._world.broker
        async with asyncio.TaskGroup() as group:
            group.create_task(Reader(broker, "read-model", lambda: model).run())
            group.create_task(Reader(broker, "graph", lambda: graph, wiped=self._wiped).run())

    def _wiped(self) -> bool:
        return self._graph.wiped

    async def _say(self, changes: Sequence[Event]) -> None:
        await self._world.faults.step("catalog-graph")
        self._said |= {(each.ref, each.version) for each in changes if isinstance(each, GraphChanged)}

    def check(self, live: Live) -> list[str]:
        """Compare read model, nodes and edges with the ledger, and what was said with what is so."""
        versions = {ref: event.version for ref, event in live.items()}
        catalog, nodes = self._read.catalog, self._graph.nodes
        declared = {
            (each.source, relationship_of(each.type), each.target)
            for event in live.values()
            for each in event.relations
        }
        held = {
            ref: row["version"]
            for ref, row in nodes.items()
            if not row.get("missing") and not row.get("gone")
        }
        served = {ref: catalog.version(ref) for ref in versions}
        found = {
            "the read model is not the fold of the ledger": served == versions and len(catalog) == len(live),
            "the graph's nodes are not the fold of the ledger": held == versions,
            "the graph's edges are not those that are declared": self._graph.edges == declared,
            "nobody was told of a change": self._said >= set(versions.items()),
        }
        return [complaint for complaint, holds in found.items() if not holds]
