"""Relations come out canonical, distinct and sorted, whichever end declares them."""

from typing import Any

import pytest
from sipario_model import PAIRS, RefError, Relation, inverse, relations_of
from sipario_model.relation import FIELDS


def entity(kind: str, spec: dict[str, Any], namespace: str = "default") -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": "x", "namespace": namespace}, "spec": spec}


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("Component", {"owner": "team"}, ("component:default/x", "ownedBy", "group:default/team")),
        ("Component", {"subcomponentOf": "y"}, ("component:default/x", "partOf", "component:default/y")),
        ("Component", {"system": "s"}, ("component:default/x", "partOf", "system:default/s")),
        ("Component", {"providesApis": ["a"]}, ("component:default/x", "providesApi", "api:default/a")),
        ("Component", {"consumesApis": ["a"]}, ("component:default/x", "consumesApi", "api:default/a")),
        (
            "Component",
            {"dependsOn": ["resource:db"]},
            ("component:default/x", "dependsOn", "resource:default/db"),
        ),
        (
            "Resource",
            {"dependencyOf": ["component:y"]},
            ("component:default/y", "dependsOn", "resource:default/x"),
        ),
        ("API", {"system": "s"}, ("api:default/x", "partOf", "system:default/s")),
        ("System", {"domain": "d"}, ("system:default/x", "partOf", "domain:default/d")),
        ("Domain", {"subdomainOf": "d"}, ("domain:default/x", "partOf", "domain:default/d")),
        ("User", {"memberOf": ["g"]}, ("user:default/x", "memberOf", "group:default/g")),
        ("Group", {"members": ["u"]}, ("user:default/u", "memberOf", "group:default/x")),
        ("Group", {"parent": "p"}, ("group:default/x", "childOf", "group:default/p")),
        ("Group", {"children": ["c"]}, ("group:default/c", "childOf", "group:default/x")),
        ("Template", {"owner": "user:mia"}, ("template:default/x", "ownedBy", "user:default/mia")),
        ("AiResource", {"system": "s"}, ("airesource:default/x", "partOf", "system:default/s")),
    ],
)
def test_a_field_declares_a_relation(kind: str, spec: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert relations_of(entity(kind, spec)) == (Relation(*expected),)


def test_a_short_ref_means_the_namespace_of_its_entity() -> None:
    (relation,) = relations_of(entity("Component", {"owner": "team"}, "shop"))
    assert relation.target == "group:shop/team"


def test_relations_are_distinct_and_sorted() -> None:
    found = relations_of(entity("User", {"memberOf": ["b", "group:default/B", "a"]}))
    assert [relation.target for relation in found] == ["group:default/a", "group:default/b"]


def test_every_relation_has_an_inverse_that_leads_back() -> None:
    types = [*PAIRS, *PAIRS.values()]
    assert all(inverse(inverse(type_)) == type_ for type_ in types)
    assert {field.type for fields in FIELDS.values() for field in fields} <= set(types)


def test_fields_of_other_kinds_declare_nothing() -> None:
    assert relations_of(entity("Location", {"owner": "team", "target": "./a.yaml"})) == ()
    assert relations_of(entity("API", {"dependsOn": ["component:y"]})) == ()


def test_a_dependency_without_a_kind_is_refused() -> None:
    with pytest.raises(RefError):
        relations_of(entity("Component", {"dependsOn": ["db"]}))
