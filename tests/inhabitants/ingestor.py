"""The ingestor: its inbox, sources, workers, reading and recorder, over made-up Git trees."""

from collections.abc import Mapping, Sequence

from sipario_events import Cause, EntityChanged, RepositoryChanged
from sipario_ingestor.aside import Taking
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.events import subscriptions
from sipario_ingestor.inbox import Inbox
from sipario_ingestor.kinds import Kinds
from sipario_ingestor.outcome import Outcome
from sipario_ingestor.reader import Request
from sipario_ingestor.reading import Reading
from sipario_ingestor.recorder import Recorder
from sipario_ingestor.source import Address
from sipario_ingestor.store_ledger import Sources, SourceStore
from sipario_ingestor.workers import Workers
from sipario_kit.projection import Checkpoint
from sipario_ledger import Recorded
from sipario_model.annotations import MANAGED_BY_LOCATION, TECHDOCS_REF
from sipario_scm import HostUnavailable
from sipario_testkit.simulation.forge import BRANCH, Commit, Declared, Forge
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import Bug
from sipario_testkit.simulation.world import Live, Process, World, clock

REASON = "registered"
DOCUMENTED = "component:default/c0"


class Trees:
    """What a reading finds in the forge; a host may be away, and what is large is given away by parts."""

    def __init__(self, world: World, forge: Forge) -> None:
        self._faults = world.faults
        self._forge = forge

    async def read(self, request: Request, take: Taking) -> Outcome:
        """Read the head of a repository."""
        await self._faults.step("git")
        if self._faults.happens(0.05):
            raise HostUnavailable("the host is away")
        address = request.source.address
        head = self._forge.heads[address.repository]
        events = _events(head, address)
        if self._faults.happens(0.3):
            await take(list(events.values())[: len(events) // 2])
            await self._faults.step("git")
        cause = Cause(repository=address.repository, commit=head.name)
        return Outcome(events, commit=head.name, branch=BRANCH, cause=cause)

    def remember(self, request: Request, outcome: Outcome) -> None:
        """Remember nothing."""

    def forget(self, id_: str) -> None:
        """Nothing is remembered."""

    async def discard(self, id_: str, repository: str) -> None:
        """Nothing is kept."""
        del id_, repository
        await self._faults.step("git")


class Ingestor:
    """One process. `change` pushes and registers, as people do."""

    def __init__(self, world: World) -> None:
        self.forge = Forge(world.faults)
        self._world = world
        self._store = SourceStore(world.ledger, clock)
        self._registered: set[str] = set()
        self._workers: Workers | None = None
        self._configuration = Configuration.of({})
        world.inhabit(self)

    def processes(self) -> Mapping[str, Process]:
        """Run as one."""
        return {"ingestor": self.run}

    async def run(self) -> None:
        """Hear and read until a crash."""
        world = self._world
        kinds = Kinds(world.ledger, self._store, self._configuration.digest)
        recorder = (Silent if world.bug is Bug.UNTOLD_CLAIM else Recorder)(world.ledger, self._store)
        trees, configuration = Trees(world, self.forge), self._configuration
        reading = Reading(self._store, trees, recorder, configuration=configuration, kinds=kinds, clock=clock)
        self._workers = workers = Workers(self._store, reading, number=2, clock=clock)
        inbox = self._inbox(workers)
        async with workers.running():
            await Reader(world.broker, "sources", lambda: subscriptions(inbox)[0]).run()

    def _inbox(self, workers: Workers) -> Inbox:
        if self._world.bug is Bug.WISH_LOST:
            return Hasty(self._world, self._store, self._configuration, workers)
        return Inbox(self._store, self._configuration, wake=workers.wake, look=lambda _: None)

    async def change(self) -> None:
        """Push to some repository, and now and then begin or end to read one."""
        dice = self._world.faults.dice
        repository = dice.choice(list(self.forge.heads))
        if repository not in self._registered:
            await self._store.write(lambda table: self._register(table, repository))
        elif dice.random() < 0.15:
            await self._store.write(lambda table: self._unregister(table, repository))
        said = [self._hint(self.forge.push()), self._hint(self.forge.noise())]
        await self._world.ledger.record(said)
        if self._workers:
            self._workers.wake()

    def check(self, live: Live) -> Sequence[str]:
        """Compare the ledger with the heads of what is registered: of two that declare the same, one has it."""
        declared: dict[str, list[tuple[str, Declared]]] = {}
        for repository in self._registered:
            for ref, entity in self.forge.heads[repository].entities.items():
                declared.setdefault(ref, []).append((f"url:{repository}", entity))
        wrong = [ref for ref, event in live.items() if _said(event) not in declared.get(ref, ())]
        lost = sorted(declared.keys() - live.keys())
        return [f"{ref} is not as it is declared" for ref in wrong] + [f"{ref} is lost" for ref in lost]

    def _register(self, table: Sources, repository: str) -> None:
        self._registered.add(repository)
        table.add(Address(f"url:{repository}", repository), REASON)

    def _unregister(self, table: Sources, repository: str) -> None:
        self._registered.discard(repository)
        table.drop(f"url:{repository}", REASON)

    def _hint(self, said: RepositoryChanged) -> RepositoryChanged:
        return Blurred(**said.model_dump()) if self._world.bug is Bug.ONE_HINT else said


class Blurred(RepositoryChanged):
    """A hint as `Bug.ONE_HINT` has it: all that is said of a repository is one thing."""

    def identity(self) -> str:
        """Mistake the order for the thing."""
        return self.key()


class Silent(Recorder):
    """A recorder as `Bug.UNTOLD_CLAIM` has it."""

    async def _wake(self, recorded: Recorded) -> None:
        """Tell nobody."""


class Hasty(Inbox):
    """An inbox as `Bug.WISH_LOST` has it: a crash between place and wish loses the wish."""

    def __init__(
        self, world: World, store: SourceStore, configuration: Configuration, workers: Workers
    ) -> None:
        super().__init__(store, configuration, wake=workers.wake, look=lambda _: None)
        self._faults = world.faults

    async def apply(self, facts: Sequence[RepositoryChanged], checkpoint: Checkpoint) -> None:
        """Keep the place first."""
        await super().apply([], checkpoint)
        for _ in range(4):
            await self._faults.step("sources")
        await super().apply(facts, checkpoint)


def _events(head: Commit, address: Address) -> Mapping[str, EntityChanged]:
    return {ref: _event(ref, entity, address) for ref, entity in sorted(head.entities.items())}


def _event(ref: str, entity: Declared, address: Address) -> EntityChanged:
    location = f"url:{address.repository}/blob/{BRANCH}/catalog-info.yaml"
    annotations = {MANAGED_BY_LOCATION: location}
    if ref == DOCUMENTED:
        annotations[TECHDOCS_REF] = "dir:."
    metadata = {"name": ref.rpartition("/")[2], "title": entity.word, "annotations": annotations}
    body = {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": metadata}
    return EntityChanged(
        ref=ref,
        entity={**body, "spec": {"type": "service", "owner": "a", "lifecycle": "production"}},
        relations=entity.relations(ref),
        origin=address.id,
        location=location,
    )


def _said(event: EntityChanged) -> tuple[str, Declared]:
    needs = tuple(each.target for each in event.relations)
    return event.origin, Declared(event.entity["metadata"]["title"], needs)
