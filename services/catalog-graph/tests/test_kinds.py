"""Kinds that definitions add: told with all others, related in both directions, walked when they say so."""

import random
from typing import Any

import httpx2
import orjson
import pytest
from sipario_catalog_graph.answers import KindList
from sipario_catalog_graph.app import api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.graph import node_of, relationship_of
from sipario_catalog_graph.kinds import kinds
from sipario_catalog_graph.rebuild import Rebuild, Take
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph
from sipario_catalog_graph.surroundings import impact, neighbours
from sipario_events import EntityChanged
from sipario_model import KINDS, Relation, RelationType

HOSTS = RelationType("runsOn", "hosts")
LIVE, RACK = "environment:default/live", "resource:default/rack"
DEFINITION = {
    "apiVersion": "sipario.dev/v1alpha1",
    "kind": "KindDefinition",
    "metadata": {"name": "environment", "description": "Where software runs"},
    "spec": {
        "owner": "group:platform",
        "names": {"kind": "Environment"},
        "icon": "cloud",
        "schema": {"required": ["runsOn"]},
        "relations": [
            {"field": "owner", "type": "ownedBy"},
            {
                "field": "runsOn",
                "type": "runsOn",
                "inverse": "hosts",
                "allowedKinds": ["resource"],
                "impact": True,
            },
            {"field": "runsBeside", "type": "hosts"},
        ],
    },
}


def definition(version: int = 1, *, gone: bool = False) -> EntityChanged:
    ref = "kinddefinition:default/environment"
    return EntityChanged(ref=ref, version=version, gone=gone, entity={} if gone else DEFINITION)


def environment(*types: RelationType, version: int = 1, name: str = "live") -> EntityChanged:
    ref = f"environment:default/{name}"
    entity = {"apiVersion": "a/v1", "kind": "Environment", "metadata": {"name": name}, "spec": {}}
    relations = tuple(Relation(ref, each.type, RACK) for each in types)
    return EntityChanged(ref=ref, version=version, entity=entity, relations=relations, types=types)


def resource() -> EntityChanged:
    entity = {"apiVersion": "a/v1", "kind": "Resource", "metadata": {"name": "rack"}, "spec": {}}
    return EntityChanged(ref=RACK, version=1, entity=entity)


def folded(*events: EntityChanged) -> Catalog:
    catalog = Catalog()
    for each in events:
        catalog.fold(each)
    return catalog


def shown(catalog: Catalog, ref: str) -> list[tuple[str, str]]:
    entity = orjson.loads(catalog.served(ref))
    return [(each["type"], each["targetRef"]) for each in entity["relations"]]


def named(catalog: Catalog, key: str, value: str) -> list[str]:
    found = catalog.index.equal(key, value)
    return sorted(ref for number, ref in enumerate(catalog.refs) if found >> number & 1)


def told(catalog: Catalog) -> dict[str, Any]:
    return {each["kind"]: each for each in orjson.loads(kinds(catalog))["items"]}


def test_a_relation_that_is_not_built_in_is_seen_from_both_ends() -> None:
    catalog = folded(environment(HOSTS), resource())
    assert shown(catalog, LIVE) == [("runsOn", RACK)]
    assert shown(catalog, RACK) == [("hosts", LIVE)]
    assert named(catalog, "relations.runson", RACK) == [LIVE]
    assert named(catalog, "relations.hosts", LIVE) == [RACK]
    around = orjson.loads(neighbours(catalog, RACK, depth=1, limit=9))
    assert around["edges"] == [{"source": LIVE, "type": "runsOn", "target": RACK}]


def test_another_inverse_takes_the_place_of_the_former() -> None:
    catalog = folded(environment(HOSTS), resource())
    assert named(catalog, "relations.runson", RACK) == [LIVE]
    catalog.fold(environment(RelationType("runsOn", "carries"), version=2))
    assert shown(catalog, RACK) == [("carries", LIVE)]
    assert named(catalog, "relations.runson", RACK) == [LIVE]
    assert named(catalog, "relations.hosts", LIVE) == []
    assert named(catalog, "relations.carries", LIVE) == [RACK]


def test_a_relation_whose_type_nobody_explains_is_left_out() -> None:
    event = environment(HOSTS).model_copy(update={"types": ()})
    assert shown(folded(event), LIVE) == []
    assert node_of(event).relations == ()


def test_impact_follows_a_relation_only_when_its_definition_says_so() -> None:
    def broken(type_: RelationType) -> list[str]:
        catalog = folded(environment(type_), resource())
        found = orjson.loads(impact(catalog, RACK, direction="dependents", depth=9, limit=9))
        back = orjson.loads(impact(catalog, LIVE, direction="dependencies", depth=9, limit=9))
        assert len(back["nodes"]) == len(found["nodes"])
        return [each["ref"] for each in found["nodes"]]

    assert broken(HOSTS) == [RACK]
    assert broken(RelationType("runsOn", "hosts", impact=True)) == [RACK, LIVE]


def test_what_many_changes_leave_is_what_the_last_ones_say() -> None:
    chance = random.Random(5)
    types = [HOSTS, RelationType("hosts", "runsOn"), RelationType("runsOn", "carries", impact=True)]
    catalog, versions = folded(resource()), dict.fromkeys("abc", 0)
    assert named(catalog, "relations.runson", RACK) == []
    for _ in range(300):
        name = chance.choice("abc")
        versions[name] += 1
        some = chance.sample(types[:2], chance.randrange(3)) if chance.random() < 0.7 else types[2:]
        catalog.fold(environment(*some, version=versions[name], name=name))
        for type_ in ("runsOn", "hosts", "carries"):
            for ref in (RACK, *(f"environment:default/{each}" for each in "abc")):
                having = [
                    end
                    for end in catalog.refs
                    if (type_, ref) in (shown(catalog, end) if catalog.entry(end) else [])
                ]
                assert named(catalog, f"relations.{type_.lower()}", ref) == sorted(having)


@pytest.mark.parametrize(
    ("type_", "expected"), [("runsOn", "RUNS_ON"), ("a_B9", "A__B9"), ("dependsOn", "DEPENDS_ON")]
)
def test_relationship_types_are_plain_identifiers(type_: str, expected: str) -> None:
    assert relationship_of(type_) == expected


def test_the_graph_takes_no_type_that_is_not_a_word() -> None:
    strange = RelationType("x]->() DETACH DELETE n //", "y")
    assert node_of(environment(strange, HOSTS)).relations == (Relation(LIVE, "runsOn", RACK),)


def test_all_kinds_are_told_with_their_counts() -> None:
    catalog = folded(definition(), environment(HOSTS), resource())
    found = told(catalog)
    assert KINDS.keys() < found.keys()
    assert found["Resource"]["count"] == found["Environment"]["count"] == 1
    assert found["Component"]["plural"] == "Components"
    assert found["API"]["schema"] == KINDS["API"].spec
    environments = found["Environment"]
    assert environments["plural"] == "Environments"
    assert environments["icon"] == "cloud"
    assert environments["description"] == "Where software runs"
    assert environments["definition"] == "kinddefinition:default/environment"
    assert environments["schema"] == {"required": ["runsOn"]}
    assert [(each["type"], each["inverse"], each["impact"]) for each in environments["relations"]] == [
        ("ownedBy", "ownerOf", False),
        ("runsOn", "hosts", True),
        ("hosts", "runsOn", False),
    ]


def test_a_kind_whose_definition_went_is_told_as_long_as_it_has_entities() -> None:
    catalog = folded(definition(), environment(HOSTS), definition(2, gone=True))
    left = told(catalog)["Environment"]
    assert (left["count"], left["definition"], left["builtIn"]) == (1, None, False)
    catalog.fold(EntityChanged(ref=LIVE, version=2, gone=True))
    assert "Environment" not in told(catalog)


async def test_kinds_are_answered_over_rest_in_their_shape() -> None:
    async def nothing(_topic: str, _take: Take) -> None:
        """A topic that nobody ever wrote to."""

    store = Neo4jGraph(Settings(neo4j_url="bolt://127.0.0.1:9"))
    app = api(folded(definition()), Rebuild(store, nothing), Settings())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://p") as client:
        answer = await client.get("/api/catalog/kinds")
    assert len(KindList.model_validate_json(answer.content).items) == len(KINDS) + 1
