"""Inhabitants without a service: who records mutations, and who keeps a plain copy of the ledger."""

from collections.abc import Mapping

from sipario_events import ENTITIES, EntityChanged
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription
from sipario_model import Relation

from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import Store
from sipario_testkit.simulation.world import Live, Process, World

REFS = 25
BURST = 5


class Scribe:
    """Records what comes to mind, as nobody in particular."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def change(self) -> None:
        """Change and remove some entities."""
        await self._world.ledger.record([self._mutation() for _ in range(BURST)])

    def _mutation(self) -> EntityChanged:
        dice = self._world.faults.dice
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


class Copy:
    """A projection that keeps what it is told in a `Store`, which may forget it."""

    def __init__(self, world: World, name: str, *, forgetful: bool = False) -> None:
        self._world = world
        self._store = Store(name, world.faults, world.bug)
        world.inhabit(self, forget=self._store.forget if forgetful else None)

    def processes(self) -> Mapping[str, Process]:
        """Read."""
        store = self._store
        reader = Reader(self._world.broker, store.name, self._subscription, wiped=lambda: store.wiped)
        return {store.name: reader.run}

    def check(self, live: Live) -> list[str]:
        """Compare with the ledger, and tell what happened twice or in the wrong order."""
        store, found = self._store, []
        if store.live() != {ref: event.version for ref, event in live.items()}:
            found.append(f"{store.name} is not the fold of the ledger")
        if store.regressions:
            found.append(f"{store.name} went back: {store.regressions[0]}")
        found += [f"{store.name} did {effect} twice" for effect, count in store.effects.items() if count > 1]
        return found

    def _subscription(self) -> Subscription:
        projector = Projector(self._store.name, self._store, decode=EntityChanged.read)
        return Subscription(ENTITIES, EntityChanged, projector)
