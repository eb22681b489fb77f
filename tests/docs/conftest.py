"""What the docs are compared with: the services' own tables of topics, and the files of the checkout."""

from pathlib import Path
from typing import Any, cast

import pytest
import sipario_catalog_graph.events as graph_events
import sipario_gateway.events as gateway_events
import sipario_ingestor.events as ingestor_events
import sipario_search.events as search_events
import sipario_techdocs.events as techdocs_events
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.readmodel import ReadModel
from sipario_gateway.live import Live
from sipario_ingestor.inbox import Inbox
from sipario_kit.asyncapi import Voice
from sipario_scm import Hosts
from sipario_search.settings import Settings as SearchSettings
from sipario_search.store_opensearch import OpenSearchIndex

NOT_CONNECTED = cast("Any", None)


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pages(root: Path) -> list[Path]:
    """All that people read: docs, and the READMEs of the whole and of its parts."""
    found = [root / "README.md", root / "CONTRIBUTING.md", *root.glob("docs/**/*.md")]
    return sorted([*found, *root.glob("*/*/README.md")])


@pytest.fixture(scope="session")
def voices() -> list[Voice]:
    """What every service hears and says, from the tables that it runs on. Nothing is connected."""

    async def say(_events: object) -> None:
        """Nobody listens."""

    hears = graph_events.Hears(NOT_CONNECTED, ReadModel(Catalog()), say)
    inbox = Inbox(NOT_CONNECTED, NOT_CONNECTED, wake=NOT_CONNECTED, look=NOT_CONNECTED)
    rows = search_events.table(OpenSearchIndex(SearchSettings()))
    return [
        Voice("ingestor", ingestor_events.subscriptions(inbox), ingestor_events.SAYS),
        Voice("catalog-graph", graph_events.subscriptions(hears), graph_events.SAYS),
        Voice("search", [search_events.subscription(row) for row in rows]),
        Voice("techdocs", techdocs_events.subscriptions(NOT_CONNECTED, Hosts(())), techdocs_events.SAYS),
        Voice("gateway", gateway_events.subscriptions(Live())),
    ]
