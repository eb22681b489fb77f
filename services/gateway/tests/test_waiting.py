"""A read that carries a token goes on when the ingestor has published and the service shows it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from sipario_engines import Broker
from sipario_gateway.app import service
from sipario_gateway.forward import InProcess
from sipario_gateway.settings import Settings
from sipario_gateway.waiting import Waiting
from sipario_kit.errors import InvalidInput, Unavailable, install_error_handlers
from sipario_kit.principal import Principal
from sipario_kit.service import Health, Service
from sipario_kit.settings import CommonSettings
from sipario_kit.waiting import CAUGHT_UP, WAIT_FOR, WRITTEN
from sipario_testkit.waiting import until

BEARER = {"authorization": "Bearer operator-token"}


class Services:
    """All services behind one gateway: what they were asked, in order, and what they say to those who wait."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Exception] = {}

    def made(self, name: str) -> Service:
        app = FastAPI()
        install_error_handlers(app)

        @app.api_route("/{path:path}", methods=["GET", "POST"])
        async def answer(request: Request, path: str) -> dict[str, Any]:
            self.asked.append(f"{name} /{path}?{request.url.query}".partition("&seconds=")[0])
            if error := self.says.get(f"/{path}"):
                raise error
            return {"query": request.url.query}

        return Service(name, running=lambda: None, health=Health, api=app)  # type: ignore[arg-type, return-value]


@asynccontextmanager
async def door(settings: Settings, broker: Broker, services: Services) -> AsyncIterator[httpx2.AsyncClient]:
    here = {name: services.made(name) for name in ("ingestor", "catalog-graph", "search", "techdocs")}
    gateway = service(settings, CommonSettings(kafka=broker.address, fetch_max_wait_ms=20), here)
    assert gateway.api
    async with gateway.running():
        transport = httpx2.ASGITransport(gateway.api)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://portal.test", headers=BEARER
        ) as client:
            yield client


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
async def client(settings: Settings, broker: Broker, services: Services) -> AsyncIterator[httpx2.AsyncClient]:
    async with door(settings, broker, services) as opened:
        yield opened


def paths(services: Services) -> list[str]:
    return [each.partition("?")[0] for each in services.asked]


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        ("/api/catalog/entities", "catalog-graph"),
        ("/api/graph/impact/component/default/a", "catalog-graph"),
        ("/api/search/query", "search"),
        ("/api/techdocs/pages/default/component/a/", "techdocs"),
    ],
)
async def test_first_the_ingestor_publishes_then_the_reader_catches_up(
    client: httpx2.AsyncClient, services: Services, path: str, reader: str
) -> None:
    answer = await client.get(f"{path}?waitFor=token")
    assert answer.status_code == 200
    assert paths(services) == [f"ingestor {WRITTEN}", f"{reader} {CAUGHT_UP}", f"{reader} {path}"]
    assert services.asked[0] == f"ingestor {WRITTEN}?token=token"


async def test_the_token_may_be_a_header(client: httpx2.AsyncClient, services: Services) -> None:
    await client.get("/api/catalog/entities", headers={WAIT_FOR: "token"})
    assert len(services.asked) == 3


async def test_what_the_ingestor_keeps_is_read_without_waiting_for_others(
    client: httpx2.AsyncClient, services: Services
) -> None:
    await client.get("/api/catalog/locations?waitFor=token")
    assert paths(services) == [f"ingestor {WRITTEN}", "ingestor /api/catalog/locations"]


async def test_the_rest_of_the_query_goes_on_as_it_was_sent(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/catalog/entities?filter=kind%3Da&waitFor=t&filter=b%C3%A4+c&waitFor=")
    assert answer.json() == {"query": "filter=kind%3Da&filter=b%C3%A4+c"}


async def test_without_a_token_nobody_is_asked(client: httpx2.AsyncClient, services: Services) -> None:
    await client.get("/api/catalog/entities?filter=spec.waitFor")
    assert paths(services) == ["catalog-graph /api/catalog/entities"]


async def test_several_writes_are_waited_for_but_not_any_number(
    client: httpx2.AsyncClient, services: Services
) -> None:
    assert (await client.get("/api/catalog/entities?waitFor=a&waitFor=b")).status_code == 200
    assert [each for each in services.asked if WRITTEN in each] == [
        f"ingestor {WRITTEN}?token=a",
        f"ingestor {WRITTEN}?token=b",
    ]
    many = "&".join(["waitFor=a"] * 11)
    assert (await client.get(f"/api/catalog/entities?{many}")).status_code == 400


@pytest.mark.parametrize(
    ("path", "error", "status"),
    [
        (WRITTEN, InvalidInput("That is no token to wait for"), 400),
        (WRITTEN, Unavailable("its source is still being read"), 503),
        (CAUGHT_UP, Unavailable("it has yet to hear of it"), 503),
    ],
)
async def test_what_is_not_to_be_had_is_said_in_their_words(
    client: httpx2.AsyncClient, services: Services, path: str, error: Exception, status: int
) -> None:
    services.says[path] = error
    answer = await client.get("/api/catalog/entities?waitFor=token")
    assert answer.status_code == status
    assert answer.json()["error"]["message"] == str(error)
    assert "catalog-graph /api/catalog/entities" not in paths(services)


async def test_nobody_waits_who_is_not_signed_in(client: httpx2.AsyncClient, services: Services) -> None:
    answer = await client.get("/api/catalog/entities?waitFor=token", headers={"authorization": ""})
    assert (answer.status_code, services.asked) == (401, [])


async def test_the_question_of_those_who_wait_is_not_asked_from_outside(
    client: httpx2.AsyncClient, services: Services
) -> None:
    for path in (WRITTEN, CAUGHT_UP):
        await client.get(path, params={"token": "t", "seconds": 1})
    assert services.asked == []


class Slow(InProcess):
    """A service that lets everybody wait."""

    def __init__(self) -> None:
        super().__init__(FastAPI())
        self.asked = 0
        self.arrived = asyncio.Event()

    async def ask(self, principal: Principal, path: str) -> httpx2.Response:
        del principal, path
        self.asked += 1
        await self.arrived.wait()
        return httpx2.Response(204)


async def test_those_who_wait_leave_room_for_those_who_do_not() -> None:
    slow = Slow()
    waiting = Waiting({"ingestor": slow}, Principal("service:gateway"), 30.0, most=2)
    request = Request({"type": "http", "query_string": b"waitFor=token", "headers": []})
    held = [asyncio.create_task(waiting.waited(request, "ingestor")) for _ in range(2)]
    await until(lambda: slow.asked == 2)
    with pytest.raises(Unavailable, match="Too many wait"):
        await waiting.waited(request, "ingestor")
    slow.arrived.set()
    await asyncio.gather(*held, waiting.waited(request, "ingestor"))
