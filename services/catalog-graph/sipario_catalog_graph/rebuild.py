"""Writing the graph anew from the topic's beginning, while it serves."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sipario_events import ENTITIES
from sipario_kit.errors import Conflict
from sipario_kit.record import Record

from sipario_catalog_graph.events import heard
from sipario_catalog_graph.graph import Node, newest
from sipario_catalog_graph.store import GraphRebuild

PART = 500

Take = Callable[[Sequence[Record]], Awaitable[None]]
Replay = Callable[[str, Take], Awaitable[None]]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did: entities written (gone ones too), nodes and edges swept, seconds."""

    entities: int
    swept: int
    seconds: float


class Rebuild:
    """Begins an epoch, writes the newest version of everything in it, and sweeps what is left of older epochs.

    What is heard meanwhile carries the new epoch too, and only a greater version overwrites it.
    """

    def __init__(self, store: GraphRebuild, replay: Replay) -> None:
        self._store = store
        self._replay = replay
        self._lock = asyncio.Lock()

    async def run(self) -> Rebuilt:
        """Do it; raises `Conflict` while another one runs."""
        if self._lock.locked():
            raise Conflict("The graph is being rebuilt already.")
        async with self._lock:
            began = time.monotonic()
            epoch = await self._store.begin()
            nodes = list((await self._heads()).values())
            for start in range(0, len(nodes), PART):
                await self._store.again(nodes[start : start + PART])
            swept = await self._store.sweep(epoch)
            return Rebuilt(len(nodes), swept, round(time.monotonic() - began, 3))

    async def _heads(self) -> dict[str, Node]:
        heads: dict[str, Node] = {}

        async def take(records: Sequence[Record]) -> None:
            heads.update(newest([*heads_of(records, heads)]))

        await self._replay(ENTITIES, take)
        return heads


def heads_of(records: Sequence[Record], heads: dict[str, Node]) -> list[Node]:
    """Decode records, together with what is known already of the same entities."""
    nodes = [heard(record.value) for record in records]
    return nodes + [heads[node.ref] for node in nodes if node.ref in heads]
