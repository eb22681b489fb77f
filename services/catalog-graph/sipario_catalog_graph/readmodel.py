"""The catalog in memory, as a projection: every process folds its own."""

import asyncio
from collections.abc import Mapping, Sequence

from sipario_events import EntityChanged
from sipario_kit.projection import Checkpoint

from sipario_catalog_graph.catalog import Catalog

BREATH = 50
SLICE_SECONDS = 0.01


class ReadModel:
    """Keeps a `Catalog`, and lets others wait until it has come far enough.

    In a new life of the broker it hears everything again; versions see to it that nothing happens twice.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._checkpoint = Checkpoint("")
        self._moved = asyncio.Event()
        self._folded = 0

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Where this process has come to in a life of the broker."""
        return self._checkpoint.positions if self._checkpoint.generation == generation else {}

    async def apply(self, facts: Sequence[EntityChanged], checkpoint: Checkpoint) -> None:
        """Fold events, letting requests through now and then."""
        for number, event in enumerate(facts, 1):
            self.catalog.fold(event)
            self._folded += 1
            if number % BREATH == 0:
                await asyncio.sleep(0)
        self._checkpoint = checkpoint
        self._moved.set()
        self._moved = asyncio.Event()

    async def settling(self) -> None:
        """Keep all properties up to date, for as long as this runs; without it they are when they are asked for."""
        while True:
            before = self._folded
            await asyncio.sleep(0)
            # While events come, what is computed now would have to be again; requests go first in any case.
            if before == self._folded and self.catalog.derived.settle(SLICE_SECONDS):
                await self._moved.wait()

    async def reached(self, versions: Mapping[str, int], *, seconds: float) -> bool:
        """Wait until these refs have these versions or later ones; False when that takes too long."""
        try:
            async with asyncio.timeout(seconds):
                while any(self.catalog.version(ref) < version for ref, version in versions.items()):
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True
