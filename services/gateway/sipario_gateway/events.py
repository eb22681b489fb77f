"""What the gateway hears: all that a browser may want to know of."""

from pydantic import TypeAdapter
from sipario_events import DOCS, GRAPH, SCM, DocsEvent, GraphChanged, PageBuilt, RepositoryChanged, SiteBuilt
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription

from sipario_gateway.live import Live

_docs: TypeAdapter[PageBuilt | SiteBuilt] = TypeAdapter(DocsEvent)


def subscriptions(live: Live) -> tuple[Subscription, ...]:
    """Make the table of topics. Nothing is kept, so there is nobody to wait for and nothing to catch up with."""
    return (
        Subscription(
            GRAPH,
            GraphChanged,
            Projector("live-graph", live, decode=live.reading(GraphChanged.read)),
            tellers=(),
            latest=True,
        ),
        Subscription(
            DOCS,
            DocsEvent,
            Projector("live-docs", live, decode=live.reading(_docs.validate_json)),
            tellers=(),
            latest=True,
        ),
        Subscription(
            SCM,
            RepositoryChanged,
            Projector("live-sources", live, decode=live.reading(RepositoryChanged.read)),
            tellers=(),
            latest=True,
        ),
    )
