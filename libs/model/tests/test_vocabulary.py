"""Definitions add kinds and relations; what they say wrong is told, and harms nobody."""

import copy
import json
from typing import Any

import pytest
from sipario_model import BUILT_IN, Problem, Relation, RelationType, Vocabulary, check
from sipario_model.expansion import expanded

DEFINITION: dict[str, Any] = {
    "apiVersion": "sipario.dev/v1alpha1",
    "kind": "KindDefinition",
    "metadata": {"name": "environment"},
    "spec": {
        "owner": "group:platform",
        "names": {"kind": "Environment", "plural": "Environments"},
        "apiVersions": ["acme.example/v1"],
        "icon": "cloud",
        "schema": {
            "type": "object",
            "required": ["region"],
            "properties": {"region": {"$ref": "#/definitions/region"}},
            "definitions": {"region": {"enum": ["eu", "us"]}},
        },
        "relations": [
            {"field": "owner", "type": "ownedBy", "defaultKind": "group"},
            {"field": "runsOn", "type": "runsOn", "inverse": "hosts", "allowedKinds": ["Resource"]},
        ],
    },
}


def defined(name: str = "environment", **spec: Any) -> dict[str, Any]:
    entity = copy.deepcopy(DEFINITION)
    entity["metadata"]["name"] = name
    entity["spec"] |= {"names": {"kind": name.capitalize()}, **spec}
    return entity


def instance(kind: str = "Environment", **spec: Any) -> dict[str, Any]:
    spec = {"region": "eu", **spec}
    return {"apiVersion": "acme.example/v1", "kind": kind, "metadata": {"name": "live"}, "spec": spec}


def related(*relations: dict[str, Any]) -> dict[str, Any]:
    return {"relations": list(relations)}


KNOWN = Vocabulary.of([DEFINITION])


def test_a_definition_adds_a_kind_with_its_schema() -> None:
    assert check(DEFINITION) == []
    assert KNOWN.check(instance()) == []
    assert KNOWN.check(instance(region="moon"))[0].field == "spec.region"
    assert "foreign kind" in check(instance())[0].message
    (wrong,) = KNOWN.check({**instance(), "apiVersion": "backstage.io/v1alpha1"})
    assert wrong.message.endswith("Environment is written with acme.example/v1")
    assert KNOWN.defines("Environment")
    assert not KNOWN.defines("Component")


def test_its_relations_are_canonical_and_tell_their_inverse() -> None:
    entity = instance(owner="ops", runsOn=["racks", "resource:shop/db"])
    found = KNOWN.relations_of(entity)
    assert found == (
        Relation("environment:default/live", "ownedBy", "group:default/ops"),
        Relation("environment:default/live", "runsOn", "resource:default/racks"),
        Relation("environment:default/live", "runsOn", "resource:shop/db"),
    )
    assert KNOWN.types_of(found) == (RelationType("runsOn", "hosts"),)


def test_who_defines_a_pair_first_decides_its_direction() -> None:
    rack = defined("rack", **related({"field": "hosts", "type": "hosts", "inverse": "runsOn"}))
    both = Vocabulary.of([DEFINITION, rack])
    found = both.relations_of(instance("Rack", hosts=["environment:live"]))
    assert found == (Relation("environment:default/live", "runsOn", "rack:default/live"),)


def test_only_refs_of_allowed_kinds_are_taken() -> None:
    assert KNOWN.check(instance(runsOn="component:x")) == [
        Problem("runsOn may name resource, not component:x", field="spec.runsOn")
    ]
    assert KNOWN.check(instance(runsOn=3))[0].message.startswith("/spec/runsOn must be")


@pytest.mark.parametrize(
    ("spec", "field", "words"),
    [
        ({"names": {"kind": "Component"}}, "spec.names.kind", "Component is built in"),
        ({"names": {"kind": "api"}}, "spec.names.kind", "api is built in"),
        ({"names": {"kind": "Other"}}, "metadata.name", "must be named other"),
        ({"names": {"kind": "a b"}}, "spec.names.kind", "is not valid"),
        ({"apiVersions": ["a b"]}, "spec.apiVersions.0", "is not valid"),
        ({"surprise": 1}, "spec", "surprise"),
        ({"schema": {"type": "objekt"}}, "spec.schema.type", "is no JSON Schema"),
        (
            {"schema": {"properties": {"a": {"pattern": "(?=a)"}}}},
            "spec.schema.properties.a.pattern",
            "no pattern",
        ),
        ({"schema": {"pattern": "a{1000}{1000}"}}, "spec.schema.pattern", "no pattern"),
        ({"schema": {"$ref": "https://evil.example/s"}}, "spec.schema", "own"),
        ({"schema": {"$ref": "#"}}, "spec.schema", "own"),
        ({"schema": {"items": {"$ref": "#/items"}}}, "spec.schema", "refers to itself"),
        ({"schema": {"items": {"$ref": "#/definitions/no"}}}, "spec.schema", "there is no"),
        ({"schema": {"$schema": "https://json-schema.org/draft/2020-12/schema"}}, "spec.schema", "draft 7"),
        (
            {"schema": {"allOf": [{"pattern": str(n)} for n in range(101)]}},
            "spec.schema",
            "more than 100 patterns",
        ),
        ({"schema": {"patternProperties": {str(n): {} for n in range(101)}}}, "spec.schema", "100 patterns"),
        ({"schema": {"enum": [{"a": n} for n in range(2_000)]}}, "spec.schema", "larger than 5000"),
        ({"schema": {"description": "a" * 600_000}}, "spec.schema", "larger than 5000"),
        ({"schema": {"enum": list(range(9)), "allOf": [{}] * 6_000}}, "spec.schema", "larger than 5000"),
        (
            related({"field": "a", "type": "a b", "inverse": "c"}),
            "spec.relations.0.type",
            "must match pattern",
        ),
        (related({"field": "a", "type": "runsOn"}), "spec.relations.0.type", "needs an inverse"),
        (related({"field": "a", "type": "x", "inverse": "x"}), "spec.relations.0.inverse", "own inverse"),
        (
            related({"field": "a", "type": "dependsOn", "inverse": "x"}),
            "spec.relations.0.inverse",
            "dependencyOf",
        ),
        (
            related({"field": "a", "type": "x", "inverse": "dependsOn"}),
            "spec.relations.0.inverse",
            "dependencyOf",
        ),
        (
            related({"field": "a", "type": "depends_on", "inverse": "x"}),
            "spec.relations.0.inverse",
            "too like",
        ),
        (related(*[{"field": "a", "type": "dependsOn"}] * 2), "spec.relations.1.field", "a second time"),
        (
            related({"field": "a", "type": "dependsOn", "defaultKind": "b", "allowedKinds": ["c"]}),
            "spec.relations.0.defaultKind",
            "allowedKinds",
        ),
        (
            related({"field": "a", "type": "dependsOn", "allowedKinds": ["a b"]}),
            "spec.relations.0.allowedKinds.0",
            "is not valid",
        ),
    ],
)
def test_what_a_definition_says_wrong_is_told_where_it_stands(spec: Any, field: str, words: str) -> None:
    problems = check(defined(**spec))
    assert any(each.field == field and words in each.message for each in problems), problems
    assert Vocabulary.of([defined(**spec)]).definitions == ()


def test_references_that_multiply_are_refused_at_once() -> None:
    bomb = {str(n): {"allOf": [{"$ref": f"#/definitions/{n + 1}"}] * 10} for n in range(20)} | {"20": {}}
    schema = {"$ref": "#/definitions/0", "definitions": bomb}
    assert "larger than" in check(defined(schema=schema))[0].message


@pytest.mark.parametrize("keyword", ["properties", "dependencies", "patternProperties"])
@pytest.mark.parametrize("name", ["default", "enum", "definitions", "$id", "const"])
def test_a_property_may_be_called_as_a_keyword_is(keyword: str, name: str) -> None:
    region = {
        "properties": {"region": {"const": "us"}, name: {"const": 1}},
        "const": {name: 1, "region": "us"},
    }
    schema = {keyword: {name: {"$ref": "#/definitions/a"}}, "definitions": {"a": {"not": region}}}
    assert check(defined(schema=schema)) == []
    circle = {keyword: {name: {"$ref": f"#/{keyword}/{name}"}}}
    assert "refers to itself" in check(defined(schema=circle))[0].message
    outward = {keyword: {name: {"$ref": "#/properties/spec"}}}
    assert "there is no" in check(defined(schema=outward))[0].message


def test_no_reference_is_left_wherever_it_stands() -> None:
    places = ["allOf", "anyOf", "items", "not", "if", "then", "else", "contains", "propertyNames"]
    places += ["additionalItems", "additionalProperties", "oneOf", "then"]
    inner: Any = {"$ref": "#/definitions/a"}
    for place in places:
        inner = {place: [inner] if place.endswith("Of") else inner, "$id": "https://x.example/"}
    found = expanded({**inner, "definitions": {"a": {"const": {"$ref": "#"}}}})
    assert json.dumps(found).count("$ref") == 1
    assert "$id" not in json.dumps(found)


def test_a_pattern_of_a_definition_takes_linear_time() -> None:
    slow = defined(schema={"properties": {"a": {"type": "string", "pattern": "^(a|a)*(a+)+$"}}})
    assert check(slow) == []
    assert Vocabulary.of([slow]).check(instance(a="a" * 50_000 + "!"))


def test_of_definitions_that_contradict_each_other_the_first_counts() -> None:
    late = defined("cell", **related({"field": "on", "type": "runsOn", "inverse": "carries"}))
    (problem,) = KNOWN.check(late)
    assert problem.certain
    assert problem.message == (
        "runsOn has the inverse hosts (kinddefinition:default/environment), so it can't have carries"
    )
    assert problem.field == "spec.relations.0.inverse"
    assert [*Vocabulary.of([DEFINITION, late]).kinds] == [*KNOWN.kinds]
    assert [*Vocabulary.of([late, DEFINITION]).kinds][-1] == "Cell"
    assert KNOWN.check(defined(**related({"field": "on", "type": "runsOn", "inverse": "carries"}))) == []


def test_the_digest_tells_what_entities_depend_on() -> None:
    assert BUILT_IN.digest == ""
    assert Vocabulary.of([defined(icon="sun")]).digest == Vocabulary.of([defined()]).digest != KNOWN.digest
    assert Vocabulary.of([defined(schema={})]).digest != Vocabulary.of([defined()]).digest
