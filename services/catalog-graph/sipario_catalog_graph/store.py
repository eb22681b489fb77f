"""What catalog-graph needs of a graph database."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sipario_events import GraphChanged
from sipario_kit.projection import Checkpoint

from sipario_catalog_graph.graph import Node


class GraphStore(Protocol):
    """Where the graph is kept. Every method raises `EngineUnavailable` while the database is away."""

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint of a life of the broker; empty when there is none."""
        ...

    async def apply(self, nodes: Sequence[Node], checkpoint: Checkpoint) -> list[GraphChanged]:
        """Write newer versions, their edges and the checkpoint in one transaction; returns what really changed.

        Raises `StoreForgotten` when the graph was emptied since `positions` was asked: that must be asked again.
        The changes are kept beside the checkpoint until `said`, so that a crash between the two loses none.
        """
        ...

    async def unsaid(self) -> list[GraphChanged]:
        """Read the changes of the last transaction that nobody has confirmed to have said."""
        ...

    async def said(self) -> None:
        """Confirm that the changes of the last transaction were said."""
        ...


class GraphRebuild(Protocol):
    """Writing everything anew while the graph serves: what is written is marked, what is not marked is swept."""

    async def begin(self) -> int:
        """Start a new epoch; everything written from now on carries it."""
        ...

    async def again(self, nodes: Sequence[Node]) -> None:
        """Write nodes and edges of this epoch over whatever is there of older ones."""
        ...

    async def sweep(self, epoch: int) -> int:
        """Remove what no epoch since this one has written; returns how many nodes and edges went."""
        ...
