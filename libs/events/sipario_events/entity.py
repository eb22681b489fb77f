"""What the ingestor says about entities."""

from typing import Any, ClassVar

from sipario_model import Relation, RelationType, StatusItem

from sipario_events.event import VersionedEvent

ENTITIES = "catalog.entities.v1"


class EntityChanged(VersionedEvent):
    """This entity is now so, or is gone.

    `entity` is the processed envelope without the parts that the catalog computes (relations, status, uid, etag);
    it is empty when the entity is gone. `relations` are those that this entity declares, each in its canonical
    direction, `types` what there is to know of their types that are not built in. `origin` is the source that owns
    the entity, `location` the file it was read from.
    """

    topic: ClassVar[str] = ENTITIES

    ref: str
    entity: dict[str, Any] = {}
    relations: tuple[Relation, ...] = ()
    types: tuple[RelationType, ...] = ()
    status: tuple[StatusItem, ...] = ()
    origin: str = ""
    location: str = ""

    def key(self) -> str:
        """Keep the history of one entity in order."""
        return self.ref
