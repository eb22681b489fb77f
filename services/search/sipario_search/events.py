"""What search hears."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sipario_events import DOCS, ENTITIES, DocsEvent, EntityChanged, PageBuilt, SiteBuilt
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription

from sipario_search.projection import Docs, Entities, Indexed
from sipario_search.store import Index

#: An index takes many documents at once for much less: the embedded one writes large parts once, small ones again and
#: again as it joins them.
BATCH = 2000

_docs: TypeAdapter[PageBuilt | SiteBuilt] = TypeAdapter(DocsEvent)


class Heard(NamedTuple):
    """One row of the table of topics."""

    topic: str
    event: Any
    projection: Indexed[Any]
    decode: Callable[[bytes], Any]
    teller: str


def table(index: Index) -> tuple[Heard, ...]:
    """All that is heard, and where it goes."""
    return (
        Heard(ENTITIES, EntityChanged, Entities(index), EntityChanged.read, "ingestor"),
        Heard(DOCS, DocsEvent, Docs(index), _docs.validate_json, "techdocs"),
    )


def subscription(heard: Heard) -> Subscription:
    """Hear one row."""
    projector = Projector(heard.projection.name, heard.projection, decode=heard.decode)
    # A portal is ready without search, which says itself that it is catching up.
    return Subscription(
        heard.topic, heard.event, projector, tellers=(heard.teller,), batch=BATCH, patient=True
    )
