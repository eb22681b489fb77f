"""The gateway, put together."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from sipario_kit.background import beside
from sipario_kit.bus import Bus
from sipario_kit.configuration import load, tell_strange_keys
from sipario_kit.configuration_keys import INGESTED
from sipario_kit.errors import Unavailable
from sipario_kit.health import install_health
from sipario_kit.principal import Principal
from sipario_kit.service import Service
from sipario_kit.settings import CommonSettings
from sipario_ledger import Ledger
from starlette.types import Receive, Scope, Send

from sipario_gateway import NAME
from sipario_gateway.api import OURSELVES, Lobby, api
from sipario_gateway.auth.oidc import OidcClient, providers
from sipario_gateway.auth.resolvers import FindUsers
from sipario_gateway.auth.tokens import static_tokens
from sipario_gateway.cookies import Cookies
from sipario_gateway.desk import Desk
from sipario_gateway.door import Door
from sipario_gateway.events import subscriptions
from sipario_gateway.forward import Forward, InProcess, ReverseProxy
from sipario_gateway.live import Live
from sipario_gateway.settings import Settings
from sipario_gateway.store_ledger import LedgerSessions
from sipario_gateway.ui import install_ui
from sipario_gateway.waiting import Waiting

SEE_OUT_SECONDS = 30.0
MIGRATIONS = Path(__file__).parent / "migrations"


def service(settings: Settings, common: CommonSettings, neighbours: Mapping[str, Service] = {}) -> Service:
    """Make the gateway. `neighbours` are the services of this process; the others are reached at their upstreams."""
    configuration = load(common.config)
    tell_strange_keys(common.config, lambda key: not key.startswith(INGESTED))
    tokens = static_tokens(settings, configuration)
    bus, live = Bus(NAME, common), Live()
    for subscription in subscriptions(live):
        bus.subscribe(subscription)
    forwards = _forwards(settings, common, neighbours)
    door: list[Door] = []

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with (
            Ledger.open(settings.ledger, name=NAME, migrations=MIGRATIONS) as ledger,
            httpx2.AsyncClient() as client,
            bus.running(),
            _closing(forwards),
        ):
            desk = Desk(LedgerSessions(ledger), settings)
            door.append(_door(settings, configuration, desk, live, forwards, client, bus, tokens))
            try:
                async with beside(_see_out(live, desk)):
                    yield
            finally:
                door.clear()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await door[0](scope, receive, send)

    return Service(NAME, running, bus.health, app)


@asynccontextmanager
async def _closing(forwards: Mapping[str, Forward]) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for each in forwards.values():
            stack.push_async_callback(each.aclose)
        yield


async def _see_out(live: Live, desk: Desk) -> None:
    while True:
        await asyncio.sleep(SEE_OUT_SECONDS)
        await live.see_out(desk.stays)


def _door(
    settings: Settings,
    configuration: Mapping[str, Any],
    desk: Desk,
    live: Live,
    forwards: Mapping[str, Forward],
    client: httpx2.AsyncClient,
    bus: Bus,
    tokens: Mapping[str, Principal],
) -> Door:
    cookies = Cookies(settings.public_url, settings.session_key.get_secret_value() or secrets.token_hex(32))
    lobby = Lobby(
        desk=desk,
        cookies=cookies,
        live=live,
        forwards=forwards,
        providers={
            name: OidcClient(each, f"{settings.public_url}/api/auth/oidc/{name}/callback", client)
            for name, each in providers(configuration).items()
        },
        find_users=_find_users(forwards),
        guest=settings.guest,
        public_host=urlsplit(settings.public_url).netloc,
    )
    own = api(lobby)
    install_health(own, bus.health)
    install_ui(own)
    return Door(
        own,
        forwards,
        desk=desk,
        cookies=cookies,
        tokens=tokens,
        waiting=Waiting(forwards, OURSELVES, settings.wait),
        public_url=settings.public_url,
    )


def _forwards(
    settings: Settings, common: CommonSettings, neighbours: Mapping[str, Service]
) -> dict[str, Forward]:
    here: dict[str, Forward] = {name: InProcess(each.api) for name, each in neighbours.items() if each.api}
    key = common.service_key.get_secret_value()
    return {**{name: ReverseProxy(name, url, key) for name, url in settings.upstreams.items()}, **here}


def _find_users(forwards: Mapping[str, Forward]) -> FindUsers:
    async def find(query: str) -> list[dict[str, Any]]:
        if "catalog-graph" not in forwards:
            raise Unavailable("The catalog cannot tell who you are: no address of it is configured.")
        answer = await forwards["catalog-graph"].ask(
            OURSELVES, f"/api/catalog/entities/by-query?{query}&limit=2"
        )
        if answer.is_error:
            raise Unavailable("The catalog cannot tell now who you are; try again.")
        return list(answer.json()["items"])

    return find
