"""The short way answers exactly what the app behind it would."""

from typing import Any

import httpx2
import pytest
from sipario_catalog_graph.app import api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.hot import hot
from sipario_catalog_graph.rebuild import Rebuild, Take
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph
from sipario_events import EntityChanged
from sipario_model.relation import relations_of

QUERY = "entities/by-query"
FACETS = "entity-facets"
NAMED = "entities/by-name/component/default"


async def nothing(_topic: str, _take: Take) -> None:
    """A topic that nobody ever wrote to."""


def folded() -> Catalog:
    catalog = Catalog()
    for name in ("C1", "C2", "Cü"):
        entity = {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": name, "tags": ["x"]},
            "spec": {"type": "service", "owner": "team"},
        }
        ref = f"component:default/{name}".lower()
        catalog.fold(EntityChanged(ref=ref, version=1, entity=entity, relations=relations_of(entity)))
    return catalog


async def both(method: str, path: str, **request: Any) -> list[httpx2.Response]:
    """Ask the app alone, and with the short way before it."""
    catalog, settings = folded(), Settings(neo4j_url="bolt://127.0.0.1:9")
    app = api(catalog, Rebuild(Neo4jGraph(settings), nothing), settings)
    answers = []
    for each in (app, hot(app, catalog)):
        transport = httpx2.ASGITransport(app=each)
        async with httpx2.AsyncClient(transport=transport, base_url="http://portal/api/catalog/") as client:
            answers.append(await client.request(method, path, **request))
    return answers


@pytest.mark.parametrize(
    "path",
    [
        f"{NAMED}/c1",
        f"{NAMED}/C%C3%BC",
        f"{NAMED}/none",
        f"{NAMED}/c1?x=y",
        f"{NAMED}/c1/ancestry",
        f"{NAMED}/none/ancestry",
        f"{NAMED}/c1/offspring",
        f"{NAMED}/c1/",
        QUERY,
        f"{QUERY}?limit=1&limit=2&orderField=metadata.name,desc&orderField=kind&unknown=1",
        f"{QUERY}?filter=metadata.name=C%C3%BC&filter=metadata.name=c1&fields=metadata.name,kind&totalItems=exclude",
        f"{QUERY}?filter=&fullTextFilterTerm=C+1&fullTextFilterFields=metadata.name&offset=0",
        f"{QUERY}?limit=",
        f"{QUERY}?limit=-1",
        f"{QUERY}?cursor=garbage",
        f"{QUERY}?filter==x",
        f"{QUERY}?fields=a[0]",
        f"{QUERY}?%ff=%00&filter=%ff",
        FACETS,
        f"{FACETS}?facet=kind&facet=metadata.tags&filter=spec.type=service",
        f"{FACETS}?facet=",
        f"{FACETS}?{'facet=kind&' * 101}",
    ],
)
async def test_a_question_gets_the_same_answer_either_way(path: str) -> None:
    slow, quick = await both("GET", path)
    assert (quick.status_code, quick.content) == (slow.status_code, slow.content)
    assert quick.headers == slow.headers


@pytest.mark.parametrize(
    "body",
    [
        '{"entityRefs":["component:default/c1","component:c1"]}',
        '{"entityRefs":["component:default/c1"],"fields":["kind"],"query":{"kind":"api"}}',
        '{"entityRefs":["component:default/c1"],"query":{"$no":1}}',
        '{"entityRefs":[1]}',
        '{"entityRefs":{}}',
        "[]",
        "{",
        "",
    ],
)
async def test_refs_get_the_same_answer_either_way(body: str) -> None:
    slow, quick = await both(
        "POST", "entities/by-refs", content=body, headers={"content-type": "application/json"}
    )
    assert (quick.status_code, quick.content) == (slow.status_code, slow.content)
