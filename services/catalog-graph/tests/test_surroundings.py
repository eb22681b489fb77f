"""Walks over the read model: distances, owners, edges, and where a walk ends."""

import random
import time
from collections import defaultdict
from typing import Any

import orjson
import pytest
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.impact import Direction
from sipario_catalog_graph.surroundings import impact, neighbours
from sipario_events import EntityChanged
from sipario_model.relation import PAIRS, Relation, relations_of
from sipario_testkit.organisation import organisation

TEAM = "group:default/team"


def component(name: str, *needs: str, version: int = 1, **spec: Any) -> EntityChanged:
    spec |= {"owner": "team", "dependsOn": [f"component:{each}" for each in needs]}
    metadata = {"name": name, "title": f"The {name}"}
    entity = {"apiVersion": "b/v1", "kind": "Component", "metadata": metadata, "spec": spec}
    ref = f"component:default/{name}".lower()
    return EntityChanged(ref=ref, version=version, entity=entity, relations=relations_of(entity))


def folded(*events: EntityChanged) -> Catalog:
    catalog = Catalog()
    for each in events:
        catalog.fold(each)
    return catalog


def breaking(
    catalog: Catalog, name: str, direction: Direction = "dependents", *, depth: int = 100, limit: int = 1000
) -> dict[str, Any]:
    ref = name if ":" in name else f"component:default/{name}"
    found: dict[str, Any] = orjson.loads(impact(catalog, ref, direction=direction, depth=depth, limit=limit))
    return found


def around(catalog: Catalog, ref: str, *, depth: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(neighbours(catalog, ref, depth=depth, limit=1000))
    return found


def distances(found: dict[str, Any]) -> list[tuple[str, int]]:
    return [(node["name"], node["distance"]) for node in found["nodes"]]


def test_impact_tells_distances_owners_and_edges_and_ends_in_cycles() -> None:
    catalog = folded(component("a", "b"), component("b", "c"), component("c", "a"), component("d", "a"))
    found = breaking(catalog, "c")
    assert distances(found) == [("c", 0), ("b", 1), ("a", 2), ("d", 3)]
    assert (len(found["edges"]), found["depth"], found["truncated"]) == (4, 3, False)
    assert found["groups"] == [{"ref": TEAM, "entities": 3}]
    nearer = breaking(catalog, "c", depth=1)
    assert distances(nearer) == [("c", 0), ("b", 1)]
    assert nearer["edges"] == [
        {"source": "component:default/b", "type": "dependsOn", "target": "component:default/c"}
    ]


def test_a_node_says_what_its_entity_says_in_the_words_of_its_author() -> None:
    catalog = folded(component("Loud", "quiet", type="service"))
    assert breaking(catalog, "quiet")["nodes"] == [
        {
            "ref": "component:default/quiet",
            "kind": "component",
            "name": "quiet",
            "title": None,
            "type": None,
            "owner": None,
            "distance": 0,
            "missing": True,
        },
        {
            "ref": "component:default/loud",
            "kind": "component",
            "name": "Loud",
            "title": "The Loud",
            "type": "service",
            "owner": TEAM,
            "distance": 1,
            "missing": False,
        },
    ]


def test_who_is_gone_is_missing_while_others_point_at_it_and_then_no_more() -> None:
    catalog = folded(component("a", "b"), component("b"))
    catalog.fold(EntityChanged(ref="component:default/b", version=2, gone=True))
    assert [node["missing"] for node in breaking(catalog, "b")["nodes"]] == [True, False]
    catalog.fold(component("a", version=2))
    assert distances(breaking(catalog, "b")) == [("b", 0)]


def test_providing_and_consuming_an_api_carry_a_break() -> None:
    catalog = folded(component("p", providesApis=["x"]), component("c", consumesApis=["x"]))
    found = breaking(catalog, "p")
    assert distances(found) == [("p", 0), ("x", 1), ("c", 2)]
    assert {(each["source"][-1], each["type"], each["target"][-1]) for each in found["edges"]} == {
        ("p", "providesApi", "x"),
        ("c", "consumesApi", "x"),
    }
    assert distances(breaking(catalog, "c", "dependencies")) == [("c", 0), ("x", 1), ("p", 2)]


def test_being_part_of_something_carries_no_break() -> None:
    assert distances(breaking(folded(component("a", subcomponentOf="b")), "b")) == [("b", 0)]


def test_a_ladder_of_thirty_levels_is_walked_once() -> None:
    levels = [[f"l{level}-{n}" for n in range(3)] for level in range(31)]
    events = (component(n, *(levels[k - 1] if k else ())) for k in range(31) for n in levels[k])
    found = breaking(folded(*events), "l0-0")
    assert (len(found["nodes"]), found["depth"]) == (91, 30)


def test_an_answer_that_is_too_long_is_cut_and_says_so() -> None:
    found = breaking(folded(*(component(f"n{number}", "hub") for number in range(30))), "hub", limit=10)
    assert (found["truncated"], len(found["nodes"]), len(found["edges"])) == (True, 11, 10)


def test_neighbours_are_those_of_any_relation_in_canonical_direction() -> None:
    catalog = folded(component("a"), component("b", "a"))
    found = around(catalog, "component:default/a")
    assert {node["ref"] for node in found["nodes"]} == {"component:default/a", "component:default/b", TEAM}
    assert {(each["source"][-1], each["type"], each["target"][-1]) for each in found["edges"]} == {
        ("a", "ownedBy", "m"),
        ("b", "dependsOn", "a"),
    }
    assert set(found) == {"root", "nodes", "edges", "truncated"}


@pytest.mark.parametrize("seed", range(20))
def test_a_walk_equals_the_closure_of_the_relations(seed: int) -> None:
    chance = random.Random(seed)
    refs = [f"component:default/{letter}" for letter in "abcdefghij"]
    relations = {
        Relation(chance.choice(refs), chance.choice(list(PAIRS)), chance.choice(refs)) for _ in range(18)
    }
    declared = defaultdict(list)
    for each in relations:
        declared[chance.choice((each.source, each.target))].append(each)
    catalog = folded(
        *(EntityChanged(ref=ref, version=1, relations=tuple(told)) for ref, told in declared.items())
    )
    needs = {(each.source, each.target) for each in relations if each.type in ("dependsOn", "consumesApi")}
    needs |= {(each.target, each.source) for each in relations if each.type == "providesApi"}
    for ref in refs:
        breaks = {node["ref"] for node in breaking(catalog, ref)["nodes"]}
        assert breaks == _closure(ref, {(b, a) for a, b in needs})
        assert {node["ref"] for node in breaking(catalog, ref, "dependencies")["nodes"]} == _closure(
            ref, needs
        )
        edges = {tuple(each.values()) for each in around(catalog, ref)["edges"]}
        assert edges == {(r.source, r.type, r.target) for r in relations if ref in (r.source, r.target)}


def test_five_hundred_dependents_cost_a_few_milliseconds_in_any_catalog() -> None:
    company = organisation(3000)
    root, expected = company.impact()
    catalog = folded(*map(_event, company.entities))
    spent = []
    for _ in range(5):
        began = time.thread_time()
        answer = impact(catalog, root, direction="dependents", depth=100, limit=5000)
        spent.append(time.thread_time() - began)
    assert len(orjson.loads(answer)["nodes"]) > expected
    assert min(spent) < 0.05


def _event(entity: dict[str, Any]) -> EntityChanged:
    ref = f"{entity['kind']}:default/{entity['metadata']['name']}".lower()
    return EntityChanged(ref=ref, version=1, entity=entity, relations=relations_of(entity))


def _closure(start: str, steps: set[tuple[str, str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        here = left.pop()
        fresh = {b for a, b in steps if a == here} - found
        found |= fresh
        left += fresh
    return found
