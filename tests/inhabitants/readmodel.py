"""The catalog's read model alone: it lives in the memory of its process, so each crash costs it everything."""

from collections.abc import Mapping, Sequence

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.readmodel import ReadModel
from sipario_events import ENTITIES, EntityChanged
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.world import Live, Process, World

NAME = "read-model"


class Memory:
    """One read model after the other."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._model = ReadModel(Catalog())
        world.inhabit(self)

    def processes(self) -> Mapping[str, Process]:
        """Read."""
        return {NAME: Reader(self._world.broker, NAME, self._subscription).run}

    def check(self, live: Live) -> Sequence[str]:
        """Compare what would be served with the ledger."""
        catalog = self._model.catalog
        wrong = [ref for ref, event in live.items() if catalog.version(ref) != event.version]
        if wrong or len(catalog) != len(live):
            return [f"the read model is not the fold of the ledger: {wrong or 'it has more'}"]
        return []

    def _subscription(self) -> Subscription:
        self._model = ReadModel(Catalog())
        return Subscription(ENTITIES, EntityChanged, Projector(NAME, self._model, decode=EntityChanged.read))
