"""What catalog-graph hears and says.

Hears `catalog.entities.v1`, twice: the graph's projection, which is durable, and the read model's, which is not.
Says `graph.changes.v1`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from sipario_events import ENTITIES, GRAPH, EntityChanged, Event, GraphChanged
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription

from sipario_catalog_graph.graph import Node, node_of
from sipario_catalog_graph.readmodel import ReadModel
from sipario_catalog_graph.store import GraphStore

GRAPH_PROJECTION = "graph"
READ_MODEL = "read-model"
SAYS = ((GRAPH, GraphChanged),)
SEEN_SECONDS = 1.0

Say = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True)
class Hears:
    """The graph's projection: writes, waits until this process can also be read, then says what changed."""

    store: GraphStore
    read: ReadModel
    say: Say

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Where the graph has come to; says first what a crash may have left unsaid."""
        positions = await self.store.positions(generation)
        if left := await self.store.unsaid():
            await self.say(left)
            await self.store.said()
        return positions

    async def apply(self, facts: Sequence[Node], checkpoint: Checkpoint) -> None:
        """Write a batch; says a change for each version that was news."""
        changes = await self.store.apply(facts, checkpoint)
        if changes:
            await self.read.reached({each.ref: each.version for each in changes}, seconds=SEEN_SECONDS)
            await self.say(changes)
            await self.store.said()


def heard(body: bytes) -> Node:
    """Decode an event to what the graph keeps of it."""
    return node_of(EntityChanged.read(body))


def subscriptions(hears: Hears) -> tuple[Subscription, ...]:
    """All that is heard, in one table."""
    return (
        Subscription(
            ENTITIES,
            EntityChanged,
            Projector(READ_MODEL, hears.read, decode=EntityChanged.read),
        ),
        Subscription(ENTITIES, EntityChanged, Projector(GRAPH_PROJECTION, hears, decode=heard)),
    )
