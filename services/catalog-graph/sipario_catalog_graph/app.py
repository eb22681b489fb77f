"""Where catalog-graph is put together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sipario_kit.background import beside
from sipario_kit.bus import Bus
from sipario_kit.errors import install_error_handlers
from sipario_kit.health import install_health
from sipario_kit.neighbour import Neighbour
from sipario_kit.principal import authenticated
from sipario_kit.service import Service
from sipario_kit.settings import CommonSettings
from sipario_kit.waiting import install_catching_up

from sipario_catalog_graph import NAME
from sipario_catalog_graph.api_catalog import catalog_api
from sipario_catalog_graph.api_graph import graph_api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.events import Hears, subscriptions
from sipario_catalog_graph.gate import gate
from sipario_catalog_graph.hot import hot
from sipario_catalog_graph.past import AS_OF, Past, with_past
from sipario_catalog_graph.readmodel import ReadModel
from sipario_catalog_graph.rebuild import Rebuild
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph

STATE = "/api/history/state"


def service(settings: Settings, common: CommonSettings, neighbours: Mapping[str, Service] = {}) -> Service:
    """Make the service; nothing is connected before `running`. `neighbours` are the services of this process."""
    bus = Bus(NAME, common)
    store = Neo4jGraph(settings)
    read = ReadModel(Catalog())
    for subscription in subscriptions(Hears(store, read, bus.say)):
        bus.subscribe(subscription)
    rebuild = Rebuild(store, bus.replay)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with store.connected(), bus.running(), beside(read.settling()):
            yield

    def face(catalog: Catalog) -> FastAPI:
        return api(catalog, rebuild, settings)

    app, key = face(read.catalog), common.service_key.get_secret_value()
    install_health(app, bus.health)
    install_catching_up(app, bus.caught_up)
    ingestor = Neighbour("ingestor", asker=NAME, here=neighbours, url=settings.ingestor_url, key=key)
    past = Past(lambda moment: ingestor.lines(STATE, {AS_OF: moment}), face)
    answering = with_past(gate(hot(app, read.catalog), bus.behind), past)
    return Service(NAME, running, bus.health, authenticated(answering, NAME, key))


def api(catalog: Catalog, rebuild: Rebuild, settings: Settings) -> FastAPI:
    """The HTTP face, without health, gate and sign-in."""
    app = FastAPI(title="Sipario catalog-graph", version="1", docs_url=None, redoc_url=None)
    install_error_handlers(app)
    app.include_router(catalog_api(catalog))
    app.include_router(graph_api(catalog, rebuild, limit=settings.impact_limit))
    return app
