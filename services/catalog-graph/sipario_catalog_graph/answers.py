"""The shapes of what is answered, for the OpenAPI document; hot answers are bytes made beforehand."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class EntityAnswer(BaseModel):
    """An entity as the catalog serves it."""

    model_config = ConfigDict(extra="allow")

    apiVersion: str  # noqa: N815 - the wire's word
    kind: str
    metadata: dict[str, Any]
    spec: dict[str, Any] = {}
    relations: list[dict[str, str]] = []
    status: dict[str, Any] = {}


class EntityPart(BaseModel):
    """What was asked for of an entity with `fields`."""

    model_config = ConfigDict(extra="allow")


class PageInfo(BaseModel):
    """Cursors to the pages around this one."""

    nextCursor: str | None = None  # noqa: N815 - as above
    prevCursor: str | None = None  # noqa: N815 - as above


class EntityPage(BaseModel):
    """A page of entities."""

    items: list[EntityAnswer | EntityPart]
    totalItems: int  # noqa: N815 - as above
    pageInfo: PageInfo  # noqa: N815 - as above


class EntityList(BaseModel):
    """Entities in the order that was asked for; null where there is none."""

    items: list[EntityAnswer | EntityPart | None]


class Facet(BaseModel):
    """One value and how many entities have it."""

    value: str
    count: int


class Facets(BaseModel):
    """The values of each facet."""

    facets: dict[str, list[Facet]]


class Ancestor(BaseModel):
    """An entity and the refs of those that point at its file."""

    entity: EntityAnswer
    parentEntityRefs: list[str]  # noqa: N815 - as above


class AncestryAnswer(BaseModel):
    """An entity and where it comes from."""

    rootEntityRef: str  # noqa: N815 - as above
    items: list[Ancestor]


class GraphNode(BaseModel):
    """An entity met on a walk; `missing`: it is pointed at, and nobody declares it."""

    ref: str
    kind: str
    name: str
    title: str | None
    type: str | None
    owner: str | None
    distance: int
    missing: bool


class GraphEdge(BaseModel):
    """A relation in its canonical direction."""

    source: str
    type: str
    target: str


class AffectedGroup(BaseModel):
    """An owner and how many of the affected entities are theirs."""

    ref: str
    entities: int


class Neighbours(BaseModel):
    """What is around an entity."""

    root: str
    nodes: list[GraphNode]
    edges: list[GraphEdge]
    truncated: bool


class ImpactAnswer(Neighbours):
    """What breaks with an entity; `depth` is how far the answer reaches."""

    direction: Literal["dependents", "dependencies"]
    depth: int
    groups: list[AffectedGroup]


class RebuildAnswer(BaseModel):
    """What a rebuild did."""

    entities: int
    swept: int
    seconds: float


class KindRelation(BaseModel):
    """A field of a kind's spec that relates its entities to others."""

    field: str
    type: str
    inverse: str | None
    defaultKind: str | None  # noqa: N815 - as above
    allowedKinds: list[str]  # noqa: N815 - as above
    impact: bool


class KindProperty(BaseModel):
    """A property that the catalog adds to a kind's entities, under `status.properties`."""

    name: str
    title: str
    description: str | None
    source: Literal["mirror", "compute", "aggregate"]


class KindAnswer(BaseModel):
    """A kind; `definition` is the ref of the entity that adds it or its properties, `schema` that of its spec."""

    kind: str
    title: str
    plural: str
    description: str | None
    icon: str | None
    apiVersions: list[str]  # noqa: N815 - as above
    count: int
    builtIn: bool  # noqa: N815 - as above
    definition: str | None
    schema_: dict[str, Any] = Field(alias="schema")
    relations: list[KindRelation]
    properties: list[KindProperty]


class KindList(BaseModel):
    """All kinds, by name."""

    items: list[KindAnswer]
