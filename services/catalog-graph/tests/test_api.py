"""The REST surface over a folded catalog: shapes, statuses, and what garbage gets."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sipario_catalog_graph.answers import ImpactAnswer, Neighbours
from sipario_catalog_graph.app import api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.gate import gate
from sipario_catalog_graph.openapi import document
from sipario_catalog_graph.rebuild import Rebuild, Take
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph
from sipario_events import EntityChanged
from sipario_model.relation import relations_of

SNAPSHOT = Path(__file__).parent.parent / "openapi.json"
COMMAND = "python -m sipario_catalog_graph.openapi > services/catalog-graph/openapi.json"
AT = "backstage.io/managed-by-location"


async def nothing(_topic: str, _take: Take) -> None:
    """A topic that nobody ever wrote to."""


def portal(catalog: Catalog) -> FastAPI:
    store = Neo4jGraph(Settings(neo4j_url="bolt://127.0.0.1:9"))
    return api(catalog, Rebuild(store, nothing), Settings())


def event(kind: str, name: str, spec: dict[str, Any], **metadata: Any) -> EntityChanged:
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, **metadata},
        "spec": spec,
    }
    ref = f"{kind}:default/{name}".lower()
    return EntityChanged(ref=ref, version=1, entity=entity, relations=relations_of(entity))


@pytest.fixture
def catalog() -> Catalog:
    catalog = Catalog()
    location = {AT: "url:https://git/all.yaml"}
    catalog.fold(event("Location", "all", {"targets": ["./a.yaml"]}, annotations=location))
    for number in range(5):
        spec = {"type": "service" if number % 2 else "library", "owner": "team"}
        catalog.fold(event("Component", f"C{number}", spec, annotations={AT: "url:https://git/a.yaml"}))
    return catalog


@pytest.fixture
async def client(catalog: Catalog) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=portal(catalog))
    async with httpx2.AsyncClient(transport=transport, base_url="http://portal") as client:
        yield client


async def test_by_name_ignores_case_and_a_missing_one_is_named(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/catalog/entities/by-name/Component/default/c1")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["metadata"]["name"] == "C1"
    missing = await client.get("/api/catalog/entities/by-name/Component/default/No")
    assert missing.status_code == 404
    assert missing.json()["error"] == {
        "name": "NotFoundError",
        "message": "No entity named 'No' found, with kind 'Component' in namespace 'default'",
    }


async def test_by_uid_finds_what_by_name_found(client: httpx2.AsyncClient) -> None:
    whole = (await client.get("/api/catalog/entities/by-name/component/default/c1")).json()
    assert (await client.get(f"/api/catalog/entities/by-uid/{whole['metadata']['uid']}")).json() == whole
    assert (await client.get("/api/catalog/entities/by-uid/nobody")).status_code == 404


async def test_by_refs_keeps_order_and_takes_refs_as_they_are(client: httpx2.AsyncClient) -> None:
    body = {
        "entityRefs": ["component:default/c1", "component:c1", "API:x", "component:default/c1"],
        "fields": ["kind"],
    }
    answer = await client.post("/api/catalog/entities/by-refs", json=body)
    assert answer.json() == {"items": [{"kind": "Component"}, None, None, {"kind": "Component"}]}
    narrowed = await client.post("/api/catalog/entities/by-refs?filter=spec.type=library", json=body)
    assert narrowed.json()["items"] == [None] * 4


async def test_by_query_pages_with_cursors(client: httpx2.AsyncClient) -> None:
    ask = "filter=kind=component&limit=2&orderField=metadata.name,desc&fields=metadata.name"
    first = (await client.get(f"/api/catalog/entities/by-query?{ask}")).json()
    assert ([each["metadata"]["name"] for each in first["items"]], first["totalItems"]) == (["C4", "C3"], 5)
    assert list(first["pageInfo"]) == ["nextCursor"]
    cursor = first["pageInfo"]["nextCursor"]
    second = (
        await client.get("/api/catalog/entities/by-query", params={"cursor": cursor, "limit": 2})
    ).json()
    assert [each["metadata"]["name"] for each in second["items"]] == ["C2", "C1"]
    assert set(second["pageInfo"]) == {"nextCursor", "prevCursor"}
    alone = (await client.get("/api/catalog/entities/by-query?limit=0&totalItems=exclude")).json()
    assert alone == {"items": [], "totalItems": 0, "pageInfo": {}}
    counted = (await client.get("/api/catalog/entities/by-query?limit=0&offset=2")).json()
    assert (counted["items"], counted["totalItems"] > 2, counted["pageInfo"]) == ([], True, {})


async def test_a_predicate_asks_the_same(client: httpx2.AsyncClient) -> None:
    body = {
        "query": {"spec.type": "service"},
        "orderBy": [{"field": "metadata.name", "order": "asc"}],
        "limit": 1,
    }
    answer = (await client.post("/api/catalog/entities/by-query", json=body)).json()
    assert (answer["items"][0]["metadata"]["name"], answer["totalItems"]) == ("C1", 2)
    facets = {"facets": ["spec.type"], "query": {"kind": "component"}}
    counted = (await client.post("/api/catalog/entity-facets", json=facets)).json()
    assert counted["facets"]["spec.type"] == [
        {"value": "library", "count": 3},
        {"value": "service", "count": 2},
    ]


async def test_entities_are_listed_whole_or_by_links(client: httpx2.AsyncClient) -> None:
    whole = (await client.get("/api/catalog/entities")).json()
    assert len(whole) == 6
    seen, url = (
        [],
        "/api/catalog/entities?limit=4&order=asc:spec.type&order=desc:metadata.name&fields=metadata.name",
    )
    while url:
        answer = await client.get(url)
        seen += [each["metadata"]["name"] for each in answer.json()]
        link = answer.headers.get("link", "")
        assert not link or link.endswith('>; rel="next"')
        url = f"/api/catalog{link[1:].partition('>')[0]}" if link else ""
    assert seen == ["C4", "C2", "C0", "C3", "C1", "all"]


async def test_facets_repeat(client: httpx2.AsyncClient) -> None:
    answer = await client.get(
        "/api/catalog/entity-facets?facet=kind&facet=spec.owner&filter=spec.type=service"
    )
    assert answer.json() == {
        "facets": {
            "kind": [{"value": "Component", "count": 2}],
            "spec.owner": [{"value": "team", "count": 2}],
        }
    }


async def test_ancestry_leads_to_the_location_that_points_at_the_file(client: httpx2.AsyncClient) -> None:
    answer = (await client.get("/api/catalog/entities/by-name/component/default/c1/ancestry")).json()
    assert answer["rootEntityRef"] == "component:default/c1"
    assert [(each["entity"]["metadata"]["name"], each["parentEntityRefs"]) for each in answer["items"]] == [
        ("C1", ["location:default/all"]),
        ("all", []),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "catalog/entities?filter==x",
        "catalog/entities?limit=0",
        "catalog/entities?after=nonsense",
        "catalog/entities?after=eyJsaW1pdCI6LTF9",
        "catalog/entities?order=sideways:kind",
        "catalog/entities?fields=spec.x[0]",
        "catalog/entities/by-query?cursor=nonsense",
        "catalog/entities/by-query?limit=-1",
        "catalog/entities/by-query?limit=many",
        "catalog/entities/by-query?orderField=kind,sideways",
        "catalog/entities/by-query?totalItems=perhaps",
        "catalog/entity-facets",
        "graph/impact/component/default/c1?direction=sideways",
        "graph/impact/component/default/c1?depth=0",
    ],
)
async def test_garbage_is_refused_with_a_reason(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(f"/api/{path}")
    assert answer.status_code == 400
    assert answer.json()["error"]["name"] == "InputError"
    assert answer.json()["error"]["message"]


async def test_surroundings_of_nobody_are_not_found_and_of_somebody_need_no_graph(
    client: httpx2.AsyncClient,
) -> None:
    assert (await client.get("/api/graph/impact/component/default/nobody")).status_code == 404
    impact = await client.get("/api/graph/impact/component/default/c1")
    assert impact.headers["content-type"] == "application/json"
    assert [node.name for node in ImpactAnswer.model_validate_json(impact.content).nodes] == ["C1"]
    near = await client.get("/api/graph/neighbors/group/default/team")
    nodes = Neighbours.model_validate_json(near.content).nodes
    assert [(node.name, node.missing) for node in nodes if node.distance == 0] == [("team", True)]
    assert len(nodes) == 6


async def test_only_the_operator_rebuilds(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/api/graph/rebuild")).status_code == 403


async def test_nothing_is_answered_before_there_is_a_whole_catalog(catalog: Catalog) -> None:
    behind = {"read-model", "graph"}
    transport = httpx2.ASGITransport(app=gate(portal(catalog), lambda: behind))
    async with httpx2.AsyncClient(transport=transport, base_url="http://portal") as client:
        early = await client.get("/api/catalog/entities")
        assert (early.status_code, early.headers["retry-after"]) == (503, "1")
        assert "read-model is catching up" in (await client.get("/api/graph/impact/a/b/c")).text
        behind.discard("read-model")
        assert (await client.get("/api/catalog/entities")).status_code == 200
        assert (await client.get("/api/graph/impact/a/b/c")).status_code == 404
        behind.add("read-model")
        assert (await client.get("/api/catalog/entities")).status_code == 200


def test_the_openapi_document_is_the_committed_one() -> None:
    assert SNAPSHOT.read_text() == document(), f"run: {COMMAND}"
