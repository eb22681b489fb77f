"""What techdocs hears, and what it says: that the relay takes from its ledger."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sipario_events import DOCS, ENTITIES, SCM, DocsEvent, EntityChanged, RepositoryChanged
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription
from sipario_scm.hosts import Hosts

from sipario_techdocs import NAME
from sipario_techdocs.mkdocs import SiteError
from sipario_techdocs.origin import origin_of
from sipario_techdocs.store import Heard

SAYS = ((DOCS, DocsEvent),)


class Room(Protocol):
    """What is there only while the service runs."""

    @property
    def heard(self) -> Heard:
        """What was heard."""
        ...

    def wake(self) -> None:
        """Let the builders look into the queue."""
        ...


class HearsEntities:
    """Queues builds of the docs of entities that changed."""

    def __init__(self, room: Room, hosts: Hosts) -> None:
        self._room = room
        self._hosts = hosts

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint."""
        return await self._room.heard.positions("entities", generation)

    async def apply(self, facts: Sequence[EntityChanged], checkpoint: Checkpoint) -> None:
        """Keep where their docs are, and queue builds."""
        await self._room.heard.hear_entities(facts, checkpoint, self._repository)
        self._room.wake()

    def _repository(self, event: EntityChanged) -> str:
        try:
            return origin_of(event.entity, event.location, self._hosts).repository
        except SiteError:
            return ""


class HearsRepositories:
    """Queues builds of all docs in repositories that moved."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint."""
        return await self._room.heard.positions("repositories", generation)

    async def apply(self, facts: Sequence[RepositoryChanged], checkpoint: Checkpoint) -> None:
        """Queue builds."""
        await self._room.heard.hear_repositories(facts, checkpoint)
        self._room.wake()


def subscriptions(room: Room, hosts: Hosts) -> tuple[Subscription, ...]:
    """Every topic that is heard."""
    entities = Projector(f"{NAME}-entities", HearsEntities(room, hosts), decode=EntityChanged.read)
    repositories = Projector(f"{NAME}-repositories", HearsRepositories(room), decode=RepositoryChanged.read)
    return (
        Subscription(ENTITIES, EntityChanged, entities),
        Subscription(SCM, RepositoryChanged, repositories),
    )
