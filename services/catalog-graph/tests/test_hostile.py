"""Garbage, huge and hostile questions: an answer or a 400 with the reason, and quickly."""

import base64
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sipario_catalog_graph.app import api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.hot import hot
from sipario_catalog_graph.rebuild import Rebuild, Take
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph
from sipario_events import EntityChanged
from sipario_model.relation import relations_of
from sipario_testkit.organisation import organisation
from starlette.types import ASGIApp

BASE = "http://portal/api/catalog/"
JSON = {"content-type": "application/json"}
REFUSED_SECONDS = 0.05
ANSWERED_SECONDS = 0.5
ENTITIES = 1000


async def nothing(_topic: str, _take: Take) -> None:
    """A topic that nobody ever wrote to."""


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    catalog, settings = Catalog(), Settings(neo4j_url="bolt://127.0.0.1:9")
    for entity in organisation(ENTITIES).entities:
        ref = f"{entity['kind']}:default/{entity['metadata']['name']}".lower()
        catalog.fold(EntityChanged(ref=ref, version=1, entity=entity, relations=relations_of(entity)))
    return hot(api(catalog, Rebuild(Neo4jGraph(settings), nothing), settings), catalog)


async def ask(app: ASGIApp, method: str, path: str, **request: Any) -> httpx2.Response:
    """Ask, and see to it that the answer is a good one, or a quick refusal that tells its reason."""
    spent = []
    for _ in range(2):
        began = time.process_time()
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=BASE) as client:
            answer = await client.request(method, path, **request)
        spent.append(time.process_time() - began)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert answer.json()["error"]["name"] == "InputError"
        assert answer.json()["error"]["message"]
    assert min(spent) < (REFUSED_SECONDS if answer.status_code == 400 else ANSWERED_SECONDS)
    return answer


KEYS = st.sampled_from(
    [
        "kind",
        "spec.type",
        "metadata.tags",
        "metadata.tags.java",
        "relations.ownedBy",
        "a.b",
        "=",
        ",",
        "$x",
        "",
    ]
)
TEXTS = st.one_of(KEYS, st.text(max_size=30))
FILTERS = st.lists(st.tuples(TEXTS, st.sampled_from(["", "=", ",", " ,= "]), TEXTS).map("".join), max_size=4)
SCALARS = st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.none())
OPERATORS = st.sampled_from(
    ["$all", "$any", "$not", "$in", "$exists", "$contains", "$hasPrefix", "relations"]
)
QUERIES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(KEYS, OPERATORS, st.just("type")), inner, max_size=3),
    ),
    max_leaves=12,
)
CURSORS = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
    st.dictionaries(
        st.sampled_from(["filters", "query", "order", "descending", "term", "fields", "after", "backwards"]),
        QUERIES,
    ).map(lambda told: base64.urlsafe_b64encode(json.dumps(told).encode()).decode()),
)
NUMBERS = st.one_of(st.integers().map(str), TEXTS)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "filter": FILTERS,
            "fields": FILTERS,
            "orderField": FILTERS,
            "order": FILTERS,
            "limit": NUMBERS,
            "offset": NUMBERS,
            "cursor": CURSORS,
            "after": CURSORS,
            "facet": FILTERS,
            "totalItems": TEXTS,
            "fullTextFilterTerm": TEXTS,
            "fullTextFilterFields": FILTERS,
        },
    ),
    st.sampled_from(["entities", "entities/by-query", "entity-facets"]),
)
async def test_any_question_is_answered_or_refused(app: ASGIApp, asked: dict[str, Any], path: str) -> None:
    query = urlencode(asked, doseq=True, errors="replace")
    await ask(app, "GET", f"{path}?{query}")


@settings(max_examples=60, deadline=None)
@given(QUERIES, SCALARS, st.one_of(st.none(), CURSORS))
async def test_any_predicate_is_answered_or_refused(
    app: ASGIApp, query: Any, limit: Any, cursor: str | None
) -> None:
    body = {"query": query, "cursor": cursor, "entityRefs": [], "facets": ["kind"], "limit": limit}
    for path in ("entities/by-query", "entities/by-refs", "entity-facets"):
        told = {key: value for key, value in body.items() if value is not None}
        await ask(app, "POST", path, content=json.dumps(told), headers=JSON)


def deep(levels: int) -> str:
    return '{"query":' + '{"$not":' * levels + "{}" + "}" * levels + "}"


@pytest.mark.parametrize(
    "query",
    [
        "filter=" + "a," * 30_000,
        "filter=" + "kind=x," * 2_500,
        "filter=" + ".".join("a" * 9_000),
        "filter=&" * 7_000,
        "fields=" + ",".join(f"f{number}" for number in range(9_000)),
        "fields=" + ".".join("a" * 30_000),
        "orderField=kind," + "asc" * 9_000,
        "fullTextFilterTerm=" + "e" * 60_000,
        "fullTextFilterTerm=e&fullTextFilterFields=" + "metadata.name," * 300,
        "cursor=" + "e" * 60_000,
        "limit=" + "9" * 4_000,
        "offset=" + "9" * 5_000,
    ],
    ids=lambda query: query[:40],
)
async def test_huge_questions_cost_little(app: ASGIApp, query: str) -> None:
    await ask(app, "GET", f"entities/by-query?{query}")


@pytest.mark.parametrize(
    "query", ["order=asc:kind&" * 4_000, "order=desc:metadata.name&order=asc:kind", "after=" + "e30" * 900]
)
async def test_huge_lists_of_orders_cost_little(app: ASGIApp, query: str) -> None:
    await ask(app, "GET", f"entities?limit=1&{query}")


@pytest.mark.parametrize(
    "body",
    [
        deep(19),
        deep(30),
        deep(300),
        deep(100_000),
        json.dumps({"query": {"$any": [{"metadata.name": {"$hasPrefix": f"{n:03}"}} for n in range(400)]}}),
        json.dumps({"query": {"$any": [{f"metadata.x{n}": {"$exists": True}} for n in range(400)]}}),
        json.dumps({"query": {"kind": {"$in": ["component"] * 1_500}}}),
        json.dumps({"query": {"kind": {"$in": ["component"] * 20_000}}}),
        '{"query":{"$not":{"kind":"\\ud800"}},"limit":1}',
        '{"query":{"kind":1' + "0" * 30 + '},"limit":1}',
        '{"query":{"kind":NaN},"limit":1}',
        '{"cursor":""}',
        '{"query":null}',
        '{"orderBy":[{"field":"kind","order":"up"}]}',
    ],
    ids=lambda body: body[:40],
)
async def test_huge_predicates_cost_little(app: ASGIApp, body: str) -> None:
    await ask(app, "POST", "entities/by-query", content=body, headers=JSON)


async def test_a_cursor_that_was_given_is_taken_back(app: ASGIApp) -> None:
    names = [f"a{number}" for number in range(900)]
    body = {"query": {"$not": {"metadata.name": {"$in": names}}}, "limit": 1}
    first = await ask(app, "POST", "entities/by-query", json=body)
    cursor = first.json()["pageInfo"]["nextCursor"]
    assert "query" in json.loads(base64.urlsafe_b64decode(cursor))
    assert (await ask(app, "POST", "entities/by-query", json={"cursor": cursor})).status_code == 200
