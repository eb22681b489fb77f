"""Entities are judged by Backstage's rules, in its words, with the place of what is to be mended."""

import copy
import importlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipario_model import KINDS, Problem, StatusItem, check, documents

GOOD: dict[str, Any] = {
    "apiVersion": "backstage.io/v1alpha1",
    "kind": "Component",
    "metadata": {
        "name": "tickets",
        "namespace": "shop",
        "title": "Tickets",
        "labels": {"example.com/tier": "gold", "empty": ""},
        "annotations": {"github.com/project-slug": "teatro/tickets", "note": "any text: at all"},
        "tags": ["java", "c++", "a:b", "c#"],
        "links": [{"url": "https://example.com", "title": "Home", "icon": "dashboard", "type": "x"}],
    },
    "spec": {
        "type": "service",
        "lifecycle": "production",
        "owner": "a:b:c",
        "system": "shop",
        "dependsOn": ["resource:db"],
        "somethingElse": {"is": "accepted"},
    },
}
TAIL = (
    " To learn more about catalog file format, visit: https://github.com/backstage/backstage/blob/master/docs/"
    "architecture-decisions/adr002-default-catalog-file-format.md"
)
LABEL = "sequences of [a-z0-9] separated by [-], at most 63 characters in total"
NAME = "sequences of [a-zA-Z0-9] separated by any of [-_.], at most 63 characters in total"
MINIMAL: dict[str, dict[str, Any]] = {
    "Component": {"type": "t", "lifecycle": "l", "owner": "o"},
    "API": {"type": "openapi", "lifecycle": "l", "owner": "o", "definition": "d"},
    "Resource": {"type": "t", "owner": "o"},
    "System": {"owner": "o"},
    "Domain": {"owner": "o"},
    "Group": {"type": "t", "children": []},
    "User": {},
    "Location": {},
    "Template": {"type": "t", "steps": [{"action": "debug:log"}]},
    "AiResource": {"type": "skill", "lifecycle": "l", "owner": "o"},
    "KindDefinition": {"owner": "o", "names": {"kind": "X"}},
}


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    entity = copy.deepcopy(GOOD)
    place: Any = entity
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return entity


def minimal(kind: str, **spec: Any) -> dict[str, Any]:
    version = KINDS[kind].api_versions[0]
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": {**MINIMAL[kind], **spec}}


def test_a_good_entity_has_no_problem() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_least_of_every_kind_is_accepted(kind: str) -> None:
    assert check(minimal(kind)) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_misses_what_it_needs(kind: str) -> None:
    for field in MINIMAL[kind]:
        entity = minimal(kind)
        del entity["spec"][field]
        assert check(entity) == [
            Problem(
                f"/spec must have required property '{field}' - missingProperty: {field}",
                field=f"spec.{field}",
            )
        ]


def refused(field: str, expected: str, value: str) -> str:
    return f'"{field}" is not valid; expected {expected} but found "{value}".{TAIL}'


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("metadata", "name"), "a b", refused("metadata.name", f"a string that is {NAME}", "a b")),
        (("metadata", "name"), "-a", refused("metadata.name", f"a string that is {NAME}", "-a")),
        (("metadata", "name"), "a\n", refused("metadata.name", f"a string that is {NAME}", "a\n")),
        (("metadata", "name"), "a" * 64, refused("metadata.name", f"a string that is {NAME}", "a" * 64)),
        (("metadata", "namespace"), "A", refused("metadata.namespace", f"a string that is {LABEL}", "A")),
        (
            ("metadata", "labels"),
            {"a/b/c": "x"},
            refused("labels.a/b/c", "a valid prefix and/or suffix", "a/b/c"),
        ),
        (("metadata", "labels"), {"A/b": "x"}, refused("labels.A/b", "a valid prefix and/or suffix", "A/b")),
        (("metadata", "labels"), {"a": "x y"}, refused("labels.a", f"a string that is {NAME}", "x y")),
        (
            ("metadata", "annotations"),
            {"a b": "x"},
            refused("annotations.a b", "a valid prefix and/or suffix", "a b"),
        ),
        (
            ("metadata", "tags", 1),
            "Java",
            refused(
                "tags.1",
                "a string that is sequences of [a-z0-9+#] separated by [-], at most 63 characters in total",
                "Java",
            ),
        ),
        (("metadata", "links", 0, "url"), "x", refused("links.0.url", "a string that is a valid url", "x")),
        (
            ("metadata", "links", 0, "url"),
            "javascript:x",
            refused("links.0.url", "a string that is a valid url", "javascript:x"),
        ),
        (("metadata", "links", 0, "title"), " ", refused("links.0.title", "a non empty string", " ")),
        (("metadata", "links", 0, "icon"), "a b", refused("links.0.icon", f"a string that is {NAME}", "a b")),
        (
            ("metadata", "links", 0, "url"),
            ...,
            "/metadata/links/0 must have required property 'url' - missingProperty: url",
        ),
        (("metadata", "name"), "", "/metadata/name must NOT have fewer than 1 characters - limit: 1"),
        (("metadata", "name"), ..., "/metadata must have required property 'name' - missingProperty: name"),
        (("metadata",), ..., "<root> must have required property 'metadata' - missingProperty: metadata"),
        (("metadata",), [], "/metadata must be object - type: object"),
        (("spec",), ..., "<root> must have required property 'spec' - missingProperty: spec"),
        (("spec", "owner"), ["a"], "/spec/owner must be string - type: string"),
        (
            ("spec", "owner"),
            None,
            "/spec/owner must be string - type: string; found nothing: give it a value or remove the key",
        ),
        (
            ("spec", "lifecycle"),
            1.5,
            "/spec/lifecycle must be string - type: string; found 1.5 without quotes: put the value in quotes",
        ),
        (("spec", "dependsOn"), "x", "/spec/dependsOn must be array - type: array"),
        (
            ("spec", "dependsOn", 0),
            "db",
            'Entity reference "db" had missing or empty kind (e.g. did not start with "component:" or similar)',
        ),
        (
            ("spec", "owner"),
            "a:",
            'Entity reference "a:" was not on the form [<kind>:][<namespace>/]<name>',
        ),
        (("specs",), {}, "Unknown field specs"),
        (
            ("spec", "somethingElse", "Is"),
            1,
            "Entity has duplicate keys that vary only in casing, 'spec.somethingelse.is'",
        ),
    ],
)
def test_a_wrong_field_is_told_in_backstages_words(
    path: tuple[str | int, ...], value: Any, message: str
) -> None:
    (problem,) = check(changed(*path, to=value))
    assert problem.message == message
    assert problem.field.startswith(str(path[0]))


def test_numbers_in_annotations_are_pointed_at_with_the_cure() -> None:
    text = json.dumps(GOOD).replace('"any text: at all"', "55906e13")
    (document,) = documents(text, "f")
    (problem,) = check(document.value, document.lines, path="catalog-info.yaml")
    assert problem.message.startswith("/metadata/annotations/note must be string - type: string; found 5.5")
    assert problem.field == "metadata.annotations.note"


@pytest.mark.parametrize(
    ("kind", "version", "field", "advice"),
    [
        ("component", "backstage.io/v1alpha1", "kind", ": did you mean Component?"),
        ("Componet", "backstage.io/v1alpha1", "kind", ": did you mean Component?"),
        (
            "Component",
            "backstage.io/v2",
            "apiVersion",
            ": Component is written with backstage.io/v1alpha1 or backstage.io/v1beta1",
        ),
        ("Banana", "fruit.example/v1", "kind", ""),
        (
            "Template",
            "backstage.io/v1alpha1",
            "apiVersion",
            ": Template is written with scaffolder.backstage.io/v1beta3",
        ),
    ],
)
def test_a_foreign_kind_is_recognised_by_nobody(kind: str, version: str, field: str, advice: str) -> None:
    lines: dict[tuple[str | int, ...], int] = {("apiVersion",): 3, ("kind",): 4}
    (problem,) = check({**GOOD, "kind": kind, "apiVersion": version}, lines)
    assert problem.message == (
        f"No processor recognized the entity {kind.lower()}:shop/tickets as valid,"
        f" possibly caused by a foreign kind or apiVersion{advice}"
    )
    assert (problem.field, problem.line) == (field, lines[field,])


@pytest.mark.parametrize(
    ("version", "good"),
    [("v1", True), ("a.b/v1", True), ("a_b/v1", False), ("a/b/v1", False), ("a/", False), ("/v1", False)],
)
def test_an_api_version_is_a_suffix_with_or_without_a_prefix(version: str, good: bool) -> None:
    problems = check({**GOOD, "apiVersion": version})
    assert any("is not valid" in problem.message for problem in problems) is not good


def test_an_mcp_server_has_remotes_instead_of_a_definition() -> None:
    entity = minimal("API", type="mcp-server")
    del entity["spec"]["definition"]
    assert [problem.field for problem in check(entity)] == ["spec.remotes"]
    entity["spec"]["remotes"] = [{"type": "sse"}]
    assert [problem.field for problem in check(entity)] == ["spec.remotes.0.url"]
    entity["spec"]["remotes"] = [{"type": "sse", "url": "https://x"}]
    assert check(entity) == []


def test_a_locations_presence_is_required_or_optional() -> None:
    assert check(minimal("Location", presence="optional", targets=["./a.yaml"])) == []
    (problem,) = check(minimal("Location", presence="maybe"))
    assert "must be equal to one of the allowed values - allowedValues: required,optional" in problem.message


def test_template_parameters_are_one_form_or_several() -> None:
    assert check(minimal("Template", parameters={"properties": {}})) == []
    assert check(minimal("Template", parameters=[{"title": "One"}])) == []
    assert [p.field for p in check(minimal("Template", parameters="x"))] == ["spec.parameters"]
    assert [p.field for p in check(minimal("Template", steps=[{"id": "a"}]))] == ["spec.steps.0.action"]


def test_problems_have_the_file_and_the_line_and_come_in_its_order() -> None:
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: a b\n  tags: [X]\n"
        "spec:\n  domain: 5\nextra: 1\n"
    )
    (document,) = documents(text, "f.yaml")
    problems = check(document.value, document.lines, path="f.yaml")
    assert [(p.line, p.field) for p in problems] == [
        (4, "metadata.name"),
        (5, "metadata.tags.0"),
        (6, "spec.owner"),
        (7, "spec.domain"),
        (8, "extra"),
    ]
    assert str(problems[0]).startswith('f.yaml:4: "metadata.name" is not valid')


def test_a_problem_becomes_a_status_of_the_entity() -> None:
    status = StatusItem.of(Problem("wrong", "f.yaml", 3, "spec.owner"))
    assert status.model_dump() == {
        "type": "backstage.io/catalog-processing",
        "level": "error",
        "message": "wrong",
        "path": "f.yaml",
        "line": 3,
        "field": "spec.owner",
    }


def test_keys_that_differ_in_case_in_different_places_do_not_clash() -> None:
    assert check(changed("spec", "other", to={"Is": 1})) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)
PATHS: list[tuple[str | int, ...]] = [
    *((name,) for name in (*GOOD, "other", "relations", "status")),
    *(("metadata", name) for name in (*GOOD["metadata"], "uid")),
    *(("metadata", "links", 0, name) for name in ("url", "title", "icon")),
    ("metadata", "tags", 0),
    ("metadata", "labels", "example.com/tier"),
    *(("spec", name) for name in (*GOOD["spec"], "Type", "providesApis")),
]


@given(path=st.sampled_from(PATHS), value=VALUES)
def test_no_entity_however_wrong_stops_the_check(path: tuple[str | int, ...], value: Any) -> None:
    for problem in check(changed(*path, to=value)):
        assert problem.message


@given(entity=st.dictionaries(st.sampled_from([*GOOD, "x"]) | st.integers(), VALUES))
def test_nothing_that_claims_to_be_an_entity_stops_the_check(entity: dict[Any, Any]) -> None:
    assert check(entity)


WORDS = st.text(alphabet="aA0-._:/+# \n", max_size=12) | st.sampled_from(
    ["a" * 64, "https://a", "x:y", "a" * 300 + "/b"]
)


@given(path=st.sampled_from([p for p in PATHS if len(p) > 1]), value=WORDS | st.lists(WORDS, max_size=2))
def test_the_quick_look_and_the_full_one_agree(path: tuple[str | int, ...], value: Any) -> None:
    entity = changed(*path, to=value)
    full = importlib.import_module("sipario_model.check")._findings(entity, KINDS["Component"])
    assert bool(check(entity)) == bool(list(full))


@given(value=WORDS)
def test_the_quick_look_judges_keys_as_the_full_one_does(value: str) -> None:
    for part in ("labels", "annotations"):
        entity = changed("metadata", part, to={value: "x"})
        full = importlib.import_module("sipario_model.check")._findings(entity, KINDS["Component"])
        assert bool(check(entity)) == bool(list(full))
