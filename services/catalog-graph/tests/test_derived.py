"""Properties over the graph: what they come to, that they follow every change, and that they are found by."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.cursor import Question
from sipario_catalog_graph.derived import Derived
from sipario_catalog_graph.evaluation import Evaluation
from sipario_catalog_graph.query import page
from sipario_catalog_graph.readmodel import ReadModel
from sipario_catalog_graph.relations import Relations
from sipario_catalog_graph.walking import MOST_ENTITIES, MOST_RELATIONS, TooMany, Way
from sipario_events import EntityChanged
from sipario_kit.errors import Unavailable
from sipario_kit.projection import Checkpoint
from sipario_model.properties import properties_of
from sipario_model.relation import relations_of
from sipario_testkit.waiting import until

WEB, SHOP = "component:default/web", "system:default/shop"


def event(ref: str, version: int = 1, metadata: dict[str, Any] | None = None, **spec: Any) -> EntityChanged:
    kind, _, name = ref.partition(":default/")
    entity = {
        "apiVersion": "a/v1",
        "kind": kind,
        "metadata": {"name": name, **(metadata or {})},
        "spec": spec,
    }
    return EntityChanged(ref=ref, version=version, entity=entity, relations=relations_of(entity))


def gone(ref: str, version: int) -> EntityChanged:
    return EntityChanged(ref=ref, version=version, gone=True)


def definition(kind: str = "component", version: int = 1, **properties: Any) -> EntityChanged:
    spec = {"names": {"kind": kind.capitalize()}, "properties": properties}
    found = event(f"kinddefinition:default/{kind}", version, **spec)
    return found.model_copy(update={"location": "url:https://git.example/kinds.yaml"})


def folded(*events: EntityChanged) -> Catalog:
    catalog = Catalog()
    for each in events:
        catalog.fold(each)
    return catalog


def status(catalog: Catalog, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(catalog.served(ref)).get("status", {})
    return found


def values(catalog: Catalog, ref: str = WEB) -> dict[str, Any]:
    found: dict[str, Any] = status(catalog, ref).get("properties", {})
    return found


def mirror(*along: str, field: str) -> dict[str, Any]:
    return {"mirror": {"along": list(along), "field": field}}


def aggregate(function: str, *along: str, **more: Any) -> dict[str, Any]:
    return {"aggregate": {"function": function, "along": list(along), **more}}


MAIL = mirror("partOf", "ownedBy", field="spec.profile.email")
SELLERS = event("group:default/sellers", profile={"email": "sell@acme.example"})


def test_a_mirror_follows_whatever_changes_on_its_way() -> None:
    catalog = folded(definition(mail=MAIL), event(WEB, system="shop"))
    assert values(catalog) == {}
    catalog.fold(event(SHOP, owner="sellers"))
    catalog.fold(SELLERS)
    assert values(catalog) == {"mail": "sell@acme.example"}
    catalog.fold(event(SELLERS.ref, 2, profile={"email": "shop@acme.example"}))
    assert values(catalog) == {"mail": "shop@acme.example"}
    catalog.fold(event(SHOP, 2, owner="nobody"))
    assert values(catalog) == {}
    catalog.fold(event(SHOP, 3, owner="sellers"))
    assert values(catalog) == {"mail": "shop@acme.example"}
    catalog.fold(gone(SELLERS.ref, 3))
    assert status(catalog, WEB) == {}


def test_several_related_entities_give_a_list_without_repeats() -> None:
    catalog = folded(
        definition(
            "system",
            languages=mirror("hasPart", field="metadata.tags"),
            one=mirror("ownedBy", field="metadata.name"),
        ),
        event(SHOP, owner="sellers"),
        SELLERS,
        event(WEB, metadata={"tags": ["go", "edge"]}, system="shop"),
        event("component:default/till", metadata={"tags": ["go", "java"]}, system="shop"),
    )
    assert values(catalog, SHOP) == {"languages": ["go", "java", "edge"], "one": "sellers"}


def test_an_expression_is_computed_after_what_it_reads() -> None:
    catalog = folded(
        definition(
            yearly={"compute": "multiply(properties.monthly, `12`)"},
            monthly={"compute": "sum([spec.cost, properties.shared])"},
            shared=mirror("partOf", field="spec.cost"),
        ),
        event(WEB, cost=10, system="shop"),
        event(SHOP, cost=5),
    )
    assert values(catalog) == {"shared": 5, "monthly": 15, "yearly": 180}


def test_an_aggregate_counts_and_reckons_over_those_that_are_meant() -> None:
    parts = {"kinds": ["Component"], "where": {"spec.lifecycle": "Production"}}
    catalog = folded(
        definition(
            "system",
            parts=aggregate("count", "hasPart"),
            live=aggregate("count", "hasPart", **parts),
            cost=aggregate("sum", "hasPart", field="spec.cost"),
            least=aggregate("min", "hasPart", field="spec.cost"),
            most=aggregate("max", "hasPart", field="spec.cost", **parts),
            mean=aggregate("average", "hasPart", field="spec.cost"),
            none=aggregate("max", "hasPart", field="spec.missing"),
        ),
        event(SHOP),
        event(WEB, system="shop", lifecycle="production", cost=2),
        event("component:default/old", system="shop", lifecycle="deprecated", cost="7"),
        event("resource:default/db", system="shop", lifecycle="production", cost=9),
        event("component:default/free", system="shop"),
    )
    assert values(catalog, SHOP) == {
        "parts": 4,
        "live": 1,
        "cost": 18,
        "least": 2,
        "most": 2,
        "mean": 6,
    }


def test_a_transitive_aggregate_looks_at_all_that_is_behind_circles_too() -> None:
    catalog = folded(
        definition(needed=aggregate("count", "dependencyOf", transitive=True)),
        event(WEB, dependsOn=["component:a"]),
        event("component:default/a", dependsOn=["component:b", "component:missing"]),
        event("component:default/b", dependsOn=["component:web"]),
    )
    assert [values(catalog, f"component:default/{name}") for name in ("web", "a", "b")] == [{"needed": 2}] * 3
    catalog.fold(event("component:default/a", 2))
    assert values(catalog, "component:default/b") == {"needed": 1 - 1}
    assert values(catalog) == {"needed": 1}


def test_what_has_no_value_says_why_and_whose_definition_it_is() -> None:
    catalog = folded(
        definition(
            worth={"compute": "length(spec.cost)"}, sum=aggregate("sum", "dependsOn", field="spec.cost")
        ),
        event(WEB, cost=1, dependsOn=["component:a"]),
        event("component:default/a", cost="much"),
    )
    assert status(catalog, WEB) == {
        "items": [
            {
                "type": "sipario.dev/properties",
                "level": "warning",
                "message": f"{name} has no value: {why}",
                "path": "url:https://git.example/kinds.yaml",
                "field": f"spec.properties.{name}",
            }
            for name, why in (
                ("worth", "length() takes string or array or object, not number"),
                ("sum", "'much' of component:default/a is no number"),
            )
        ]
    }


def test_a_walk_that_reaches_too_many_is_refused_with_the_reason() -> None:
    many = [
        event(f"component:default/c{number}", dependsOn=["component:web"])
        for number in range(MOST_ENTITIES + 1)
    ]
    catalog = folded(event(WEB), *many, definition(needed=aggregate("count", "dependencyOf")))
    (item,) = status(catalog, WEB)["items"]
    assert item["message"] == "needed has no value: it looks at more than 10000 entities"


def crowd(number: int) -> list[EntityChanged]:
    return [event(f"component:default/c{each}", system="shop") for each in range(number)]


def test_a_walk_that_comes_by_too_many_relations_is_refused_with_the_reason() -> None:
    size, way = 1000, Way(folded(*crowd(1000)).relations)
    for _ in range(MOST_RELATIONS // size):
        assert len(way.step({SHOP}, "hasPart")) == size
    with pytest.raises(TooMany, match=f"it comes by more than {MOST_RELATIONS} relations"):
        way.step({SHOP}, "hasPart")


def test_what_many_find_behind_the_same_system_is_looked_at_once() -> None:
    size, looked = 300, 0
    relations = folded(*crowd(size)).relations

    def facts(ref: str) -> dict[str, Any]:
        nonlocal looked
        looked += 1
        return {"metadata.name": [ref]}

    evaluation = Evaluation(relations, facts)
    (mates,) = properties_of(definition(mates=aggregate("count", "partOf", "hasPart")).entity)
    refs = [each.ref for each in crowd(size)]
    assert {evaluation.of(ref, mates, {}, {}) for ref in refs} == {size}
    assert looked == size


class Walked(Relations):
    """Counts how often somebody looked around a ref."""

    looked = 0

    def around(self, ref: str) -> Mapping[str, int]:
        self.looked += 1
        return super().around(ref)


def test_who_looks_at_a_change_is_not_looked_for_when_all_are_marked_for_less() -> None:
    size, relations, entities = 300, Walked(), dict[str, Any]()
    derived = Derived(relations, entities.keys, entities.get, lambda *_: None)
    mates = properties_of(definition(mates=aggregate("count", "partOf", "hasPart")).entity)
    derived.define("component", mates, "", [])
    for each in crowd(size):
        entities[each.ref] = each.entity
        derived.heard(each.ref, relations.declare(each.ref, each.relations)[0])
    assert relations.looked < size
    assert derived.left == size


def test_what_takes_long_is_worked_out_piece_by_piece_and_nobody_is_told_half_of_it() -> None:
    catalog = Catalog(patience=0.0)
    for each in [*crowd(5), definition(mates=aggregate("count", "partOf", "hasPart"))]:
        catalog.fold(each)
    for left in range(4, 0, -1):
        with pytest.raises(Unavailable, match=f"Properties of {left} entities"):
            found(catalog, "status.properties.mates=5")
    assert found(catalog, "status.properties.mates=5") == [f"c{number}" for number in range(5)]


def test_a_definition_that_moved_is_named_where_it_is_now() -> None:
    broken = definition(worth={"compute": "length(spec.cost)"})
    catalog = folded(broken, event(WEB, cost=1))
    assert status(catalog, WEB)["items"][0]["path"] == broken.location
    catalog.fold(broken.model_copy(update={"version": 2, "location": "url:https://git.example/moved.yaml"}))
    assert status(catalog, WEB)["items"][0]["path"] == "url:https://git.example/moved.yaml"


def found(catalog: Catalog, *filters: str, **question: Any) -> list[str]:
    return [
        ref.partition("/")[2] for ref in page(catalog, Question(filters=filters, **question), limit=100).refs
    ]


def test_entities_are_filtered_counted_and_ordered_by_properties() -> None:
    costs = {"a": 9, "b": 10, "c": -2, "d": 1.5, "e": -100}
    catalog = folded(*(event(f"component:default/{name}", cost=cost) for name, cost in costs.items()))
    catalog.fold(definition(Yearly={"compute": "multiply(spec.cost, `2`)"}))
    assert found(catalog, "status.properties.yearly=20") == ["b"]
    assert found(catalog, order="status.properties.yearly") == ["e", "c", "d", "a", "b"]
    catalog.fold(event("component:default/b", 2, cost=0))
    assert found(catalog, order="status.properties.yearly", descending=True) == ["a", "d", "b", "c", "e"]
    assert catalog.index.column("status.properties.yearly").facet(None)["0"] == 1
    catalog.fold(gone("component:default/a", 2))
    assert found(catalog, "status.properties.yearly") == ["b", "c", "d", "e"]
    catalog.fold(gone("kinddefinition:default/component", 2))
    assert found(catalog, "status.properties.yearly") == []
    assert values(catalog, "component:default/b") == {}


async def test_what_a_batch_changes_is_computed_before_anybody_asks() -> None:
    read = ReadModel(Catalog())
    settled = asyncio.create_task(read.settling())
    first = [definition(mail=MAIL), event(WEB, system="shop"), event(SHOP, owner="sellers"), SELLERS]
    await read.apply(first, Checkpoint("a"))
    await until(lambda: read.catalog.derived.settled)
    tag = orjson.loads(read.catalog.served(WEB))["metadata"]["etag"]
    await read.apply([event(SELLERS.ref, 2, profile={"email": "new@acme.example"})], Checkpoint("a"))
    assert orjson.loads(read.catalog.served(WEB))["metadata"]["etag"] != tag
    settled.cancel()
    await asyncio.wait([settled])


DEFINITIONS = [
    definition(
        mail=MAIL,
        needed=aggregate("count", "dependencyOf", transitive=True, where={"spec.tier": [1, 2]}),
        mates=mirror("partOf", "hasPart", field="metadata.name"),
        cost={"compute": "sum([spec.tier, properties.needed])"},
    ),
    definition("system", tiers=aggregate("sum", "hasPart", field="spec.tier", kinds=["component"])),
]


@pytest.mark.parametrize("seed", range(5))
def test_after_any_changes_properties_are_as_if_told_all_at_once(seed: int) -> None:
    chance = random.Random(seed)
    refs = [*(f"component:default/{name}" for name in "abcdef"), SHOP, "system:default/bar", SELLERS.ref]
    versions = dict.fromkeys([*refs, *(each.ref for each in DEFINITIONS)], 0)
    catalog, last = Catalog(), {}
    key = "status.properties.needed"
    for _ in range(150):
        ref = chance.choice(list(versions))
        versions[ref] += 1
        one = random_event(chance, ref, versions[ref])
        catalog.fold(one)
        last[ref] = one
        if not one.gone and chance.random() < 0.3:
            catalog.served(ref)
        if chance.random() < 0.2:
            assert found(catalog, key, order=key) == found(folded(*last.values()), key, order=key)
    whole = folded(*last.values())
    for ref, one in last.items():
        if not one.gone:
            assert catalog.served(ref) == whole.served(ref)


def random_event(chance: random.Random, ref: str, version: int) -> EntityChanged:
    if chance.random() < 0.15:
        return gone(ref, version)
    if ref.startswith("kinddefinition:"):
        return next(each for each in DEFINITIONS if each.ref == ref).model_copy(update={"version": version})
    some = [f"component:{name}" for name in chance.sample("abcdef", chance.randrange(4))]
    spec: dict[str, Any] = {
        "component": {
            "dependsOn": some,
            "tier": chance.randrange(4),
            "system": chance.choice(["shop", "bar"]),
        },
        "system": {"owner": chance.choice(["sellers", "nobody"])},
        "group": {"profile": {"email": f"m{chance.randrange(3)}@acme.example"}},
    }
    return event(ref, version, **spec[ref.partition(":")[0]])
