"""What services say to each other: one class an event, one constant a topic."""

from sipario_events.docs import DOCS, DocsEvent, PageBuilt, Section, SiteBuilt
from sipario_events.entity import ENTITIES, EntityChanged
from sipario_events.event import Cause, Event, VersionedEvent
from sipario_events.graph import GRAPH, GraphChanged
from sipario_events.scm import SCM, RepositoryChanged

TOPICS = (SCM, ENTITIES, GRAPH, DOCS)

__all__ = [
    "DOCS",
    "ENTITIES",
    "GRAPH",
    "SCM",
    "TOPICS",
    "Cause",
    "DocsEvent",
    "EntityChanged",
    "Event",
    "GraphChanged",
    "PageBuilt",
    "RepositoryChanged",
    "Section",
    "SiteBuilt",
    "VersionedEvent",
]
