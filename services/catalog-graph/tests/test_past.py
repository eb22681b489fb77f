"""What can be asked of the catalog now can be asked of a former one too."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sipario_catalog_graph.app import api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.past import KEPT, Past, with_past
from sipario_catalog_graph.rebuild import Rebuild, Take
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph
from sipario_events import EntityChanged
from sipario_kit.errors import InvalidInput
from sipario_model.relation import relations_of


def event(name: str, owner: str, *needs: str) -> EntityChanged:
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name},
        "spec": {"type": "service", "owner": owner, "dependsOn": [f"component:{each}" for each in needs]},
    }
    ref = f"component:default/{name}"
    return EntityChanged(ref=ref, version=1, entity=entity, relations=relations_of(entity))


class Memory:
    """What the ledger remembers: the events of each moment, and how often it was asked."""

    def __init__(self, moments: Mapping[str, list[EntityChanged]]) -> None:
        self._moments = moments
        self.asked: list[str] = []

    async def at(self, moment: str) -> AsyncIterator[str]:
        self.asked.append(moment)
        if moment not in self._moments:
            raise InvalidInput(f"{moment} is no moment")
        for each in self._moments[moment]:
            yield each.body().decode()


@pytest.fixture
def memory() -> Memory:
    before = [event("shop", "team-a", "db"), event("db", "team-a")]
    moments = {f"2026-01-{day:02}": before for day in range(1, KEPT + 3)}
    return Memory({**moments, "2026-02-01": [event("shop", "team-b")], "2999-01-01T00:00:00Z": before})


@pytest.fixture
async def client(memory: Memory) -> AsyncIterator[httpx2.AsyncClient]:
    async def nothing(_topic: str, _take: Take) -> None:
        """A topic that nobody ever wrote to."""

    def face(catalog: Catalog) -> FastAPI:
        return api(catalog, Rebuild(Neo4jGraph(Settings()), nothing), Settings())

    now = Catalog()
    now.fold(event("shop", "team-c"))
    app = with_past(face(now), Past(memory.at, face))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://portal") as client:
        yield client


NAMED = "/api/catalog/entities/by-name/component/default/shop"


async def owner(client: httpx2.AsyncClient, **params: str) -> Any:
    return (await client.get(NAMED, params=params)).json()["spec"]["owner"]


async def test_an_entity_is_read_as_it_was(client: httpx2.AsyncClient) -> None:
    assert await owner(client) == "team-c"
    assert await owner(client, asOf="2026-01-01") == "team-a"
    assert await owner(client, asOf="2026-02-01") == "team-b"


async def test_lists_counts_and_impact_are_those_of_that_moment(client: httpx2.AsyncClient) -> None:
    as_of = {"asOf": "2026-01-01"}
    page = await client.get("/api/catalog/entities/by-query", params={"filter": "spec.owner=team-a", **as_of})
    assert page.json()["totalItems"] == 2
    impact = await client.get("/api/graph/impact/component/default/db", params=as_of)
    assert [each["ref"] for each in impact.json()["nodes"]] == [
        "component:default/db",
        "component:default/shop",
    ]
    assert (await client.get("/api/graph/impact/component/default/db")).status_code == 404
    refs = {"entityRefs": ["component:default/db"]}
    found = await client.post("/api/catalog/entities/by-refs", params=as_of, json=refs)
    assert found.json()["items"][0]["metadata"]["name"] == "db"


async def test_a_moment_that_is_asked_again_is_not_read_again(
    client: httpx2.AsyncClient, memory: Memory
) -> None:
    for _ in range(3):
        await owner(client, asOf="2026-01-01")
    assert memory.asked == ["2026-01-01"]
    for day in range(1, KEPT + 3):
        await owner(client, asOf=f"2026-01-{day:02}")
    await owner(client, asOf="2026-01-01")
    assert memory.asked.count("2026-01-01") == 2


async def test_a_moment_that_is_not_over_is_read_each_time(
    client: httpx2.AsyncClient, memory: Memory
) -> None:
    for _ in range(2):
        assert await owner(client, asOf="2999-01-01T00:00:00Z") == "team-a"
    assert memory.asked == ["2999-01-01T00:00:00Z"] * 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{NAMED}?asOf=never"),
        ("GET", f"{NAMED}?asOf=2026-01-01&asOf=2026-01-02"),
        ("POST", "/api/graph/rebuild?asOf=2026-01-01"),
        ("DELETE", "/api/catalog/entities/by-uid/1?asOf=2026-01-01"),
    ],
)
async def test_what_cannot_be_asked_of_the_past_is_refused(
    client: httpx2.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


async def test_a_former_catalog_is_whole_before_it_is_asked_properties_too() -> None:
    properties = {"worth": {"compute": "spec.type"}}
    definition = {
        "apiVersion": "sipario.dev/v1alpha1",
        "kind": "KindDefinition",
        "metadata": {"name": "component"},
        "spec": {"names": {"kind": "Component"}, "properties": properties},
    }
    defined = EntityChanged(ref="kinddefinition:default/component", version=1, entity=definition)
    catalogs: list[Catalog] = []

    def face(catalog: Catalog) -> FastAPI:
        catalogs.append(catalog)
        return FastAPI()

    await Past(Memory({"then": [event("shop", "team-a"), defined]}).at, face).at("then")
    assert [catalog.derived.settled for catalog in catalogs] == [True]
    assert catalogs[0].index.column("status.properties.worth").facet(None) == {"service": 1}
