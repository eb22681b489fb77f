"""Search, put together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from sipario_kit.background import beside
from sipario_kit.bus import Bus
from sipario_kit.errors import EngineUnavailable, install_error_handlers
from sipario_kit.health import install_health
from sipario_kit.principal import authenticated
from sipario_kit.service import Service
from sipario_kit.settings import CommonSettings
from sipario_kit.subscription import Subscription
from sipario_kit.waiting import install_catching_up

from sipario_search import NAME
from sipario_search.api import search_api
from sipario_search.events import Heard, subscription, table
from sipario_search.rebuild import Rebuild
from sipario_search.serving import Serving
from sipario_search.settings import Settings
from sipario_search.store_opensearch import OpenSearchIndex

WATCH_SECONDS = 3.0

log = structlog.get_logger(__name__)


def service(settings: Settings, common: CommonSettings) -> Service:
    """Make search; nothing is connected before `running`."""
    bus, index = Bus(NAME, common), OpenSearchIndex(settings)
    rows = table(index)
    subscriptions = [subscription(row) for row in rows]
    for each in subscriptions:
        bus.subscribe(each)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        watch = _watch(index, rows, subscriptions, lambda: bus.health().ready)
        async with index.connected(), bus.running(), beside(watch):
            yield

    serving = Serving(index, [row.projection for row in rows], bus.health)
    app = api(serving, Rebuild(index, rows, bus.replay))
    install_health(app, bus.health)

    async def caught_up() -> None:
        await bus.caught_up()
        await serving.show()

    install_catching_up(app, caught_up)
    guarded = authenticated(app, NAME, common.service_key.get_secret_value())
    return Service(NAME, running, bus.health, guarded)


def api(serving: Serving, rebuild: Rebuild) -> FastAPI:
    """The HTTP face, without health and sign-in."""
    app = FastAPI(title="Sipario search", version="1", docs_url=None, redoc_url=None)
    install_error_handlers(app)
    app.include_router(search_api(serving, rebuild))
    return app


async def _watch(
    index: OpenSearchIndex,
    rows: Sequence[Heard],
    subscriptions: Sequence[Subscription],
    whole: Callable[[], bool],
) -> None:
    """Notice an index that was wiped while there is nothing to write: an embedded one forgets when it dies.

    Once it is whole, those of former versions are of no use any more.
    """
    former = True
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            lives = {row.projection.life for row in rows} - {""}
            gone = {life for life in lives if not await index.alive(life)}
            if former and whole():
                await index.retire()
                former = False
        except EngineUnavailable:
            continue
        except Exception:  # one question that went wrong must not end the service; it is asked again
            log.exception("the index could not be asked whether it is alive")
            continue
        for row, each in zip(rows, subscriptions, strict=True):
            if row.projection.life in gone:
                each.projector.forget()
