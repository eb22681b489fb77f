"""The service on a real broker and a real graph: what is published can be asked, and is told on."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from neo4j import AsyncGraphDatabase
from pydantic import SecretStr
from sipario_catalog_graph.app import service
from sipario_catalog_graph.settings import Settings
from sipario_engines import Broker, Engines
from sipario_events import GRAPH, EntityChanged, GraphChanged
from sipario_kit.bus import Bus
from sipario_kit.principal import Principal, vouch
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Projector
from sipario_kit.settings import CommonSettings
from sipario_kit.subscription import Subscription
from sipario_model.relation import relations_of
from sipario_testkit.waiting import until
from starlette.types import Receive, Scope, Send

pytestmark = pytest.mark.engines("graph")


class Ear:
    """A listener to what catalog-graph says."""

    def __init__(self) -> None:
        self.heard: list[GraphChanged] = []

    async def positions(self, _generation: str) -> Mapping[str, int]:
        return {}

    async def apply(self, facts: Sequence[GraphChanged], _checkpoint: Checkpoint) -> None:
        self.heard += facts


class Portal:
    """A catalog-graph that runs, an ingestor to feed it, and an ear."""

    def __init__(self, settings: Settings, common: CommonSettings) -> None:
        self.ear = Ear()
        self.service = service(settings, common)
        self.bus = Bus("ingestor", common)
        projector = Projector("ear", self.ear, decode=GraphChanged.model_validate_json)
        self.bus.subscribe(Subscription(GRAPH, GraphChanged, projector, tellers=()))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.service.running(), self.bus.running():
            yield

    async def told(self) -> None:
        await self.bus.heads_published("ingestor", await self.bus.generation())
        await until(lambda: self.service.health().ready)

    async def ask(self, method: str, path: str, principal: Principal | None = None) -> httpx2.Response:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert self.service.api
            await self.service.api(vouch(scope, principal) if principal else scope, receive, send)

        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://portal", timeout=60) as client:
            return await client.request(method, path)


GUEST = Principal("user:default/guest")
OPERATOR = Principal("service:operator", "operator")


@pytest.fixture
async def portal(engines: Engines, tmp_path: Path) -> AsyncIterator[Portal]:
    at = engines.addresses
    broker = Broker(tmp_path, tmp_path)
    await broker.start()
    settings = Settings(
        neo4j_url=at.neo4j_url,
        neo4j_user=at.neo4j_user,
        neo4j_password=SecretStr(at.neo4j_password),
        neo4j_database=at.neo4j_database,
    )
    async with (
        AsyncGraphDatabase.driver(at.neo4j_url, auth=(at.neo4j_user, at.neo4j_password)) as driver,
        driver.session(database=at.neo4j_database) as session,
    ):
        await (await session.run("MATCH (n) DETACH DELETE n")).consume()
    yield Portal(settings, CommonSettings(kafka=broker.address, fetch_max_wait_ms=20))
    await broker.stop()


def component(name: str, version: int, *needs: str, gone: bool = False) -> EntityChanged:
    metadata = {"name": name}
    spec = {"dependsOn": [f"component:{each}" for each in needs]}
    entity: dict[str, Any] = {"apiVersion": "b/v1", "kind": "Component", "metadata": metadata, "spec": spec}
    relations = () if gone else relations_of(entity)
    return EntityChanged(
        ref=f"component:default/{name}",
        version=version,
        gone=gone,
        entity={} if gone else entity,
        relations=relations,
    )


async def test_what_is_published_can_be_asked_and_is_told_on(portal: Portal) -> None:
    async with portal.running():
        assert (await portal.ask("GET", "/api/catalog/entities", GUEST)).status_code == 503
        await portal.bus.say([component("a", 1, "b"), component("b", 1), component("c", 1, "a")])
        await portal.told()
        impact = (await portal.ask("GET", "/api/graph/impact/component/default/b", GUEST)).json()
        assert [(node["name"], node["distance"]) for node in impact["nodes"]] == [
            ("b", 0),
            ("a", 1),
            ("c", 2),
        ]
        await until(lambda: len(portal.ear.heard) == 3)
        await portal.bus.say([component("a", 1, "b"), component("c", 2, gone=True)])
        await until(lambda: len(portal.ear.heard) == 4)
        last = portal.ear.heard[-1]
        assert (last.ref, last.gone, last.affected) == ("component:default/c", True, ("component:default/a",))
        assert (
            await portal.ask("GET", "/api/catalog/entities/by-name/component/default/c", GUEST)
        ).status_code == 404


async def test_a_rebuild_is_the_same_as_having_listened_all_along(portal: Portal) -> None:
    async with portal.running():
        told = [
            component(f"n{number}", version, f"n{number // 2}")
            for version in (1, 2)
            for number in range(1, 200)
        ]
        await portal.bus.say(told)
        await portal.told()
        before = (await portal.ask("GET", "/api/graph/impact/component/default/n1", GUEST)).json()
        assert (await portal.ask("POST", "/api/graph/rebuild", GUEST)).status_code == 403
        answers = await asyncio.gather(
            *(portal.ask("POST", "/api/graph/rebuild", OPERATOR) for _ in range(2))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert next(answer for answer in answers if answer.status_code == 200).json()["entities"] == 199
        assert (await portal.ask("GET", "/api/graph/impact/component/default/n1", GUEST)).json() == before


async def test_nobody_is_answered_who_is_not_signed_in(portal: Portal) -> None:
    assert (await portal.ask("GET", "/api/catalog/entities")).status_code == 401
    assert (await portal.ask("GET", "/health/live")).status_code == 200
