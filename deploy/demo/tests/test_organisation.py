"""What the demo organisation declares: good but for two honest mistakes, and deep enough to ask about."""

import posixpath
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import pytest
import yaml
from sipario_demo.history import Files, Repository
from sipario_demo.organisation import repositories
from sipario_model import Document, EntityRef, Problem, Relation, check, read, relations_of

MEANT = {
    ("analytics", "catalog/reports.yaml"): "spec must have required property 'owner'",
    ("notifications", "catalog/channels.yaml"): "mapping values are not allowed",
}
NOT_CATALOGUED = {"component:default/stella", "api:default/house-contracts"}
"""The old ticketing system, which was switched off, and the law firm's API, which nobody has catalogued."""


@dataclass(frozen=True)
class Declared:
    """What one version of one repository declares, and what is wrong with it."""

    name: str
    files: Files

    @cached_property
    def _read(self) -> tuple[list[dict[str, Any]], list[Problem]]:
        entities: list[dict[str, Any]] = []
        problems: list[Problem] = []
        paths = deque(["catalog-info.yaml"])
        while paths:
            path = paths.popleft()
            reading = read(self.files[path], path)
            problems += [problem.problem() for problem in reading.problems]
            for document in reading.documents:
                entity, wrong = self._checked(document, path)
                problems += wrong
                if not wrong:
                    entities.append(entity)
                    paths += self._targets(entity, path)
        return entities, problems

    @property
    def entities(self) -> list[dict[str, Any]]:
        return self._read[0]

    @property
    def problems(self) -> list[Problem]:
        return self._read[1]

    def _checked(self, document: Document, path: str) -> tuple[dict[str, Any], list[Problem]]:
        entity = self._substituted(document.value, path)
        return entity, check(entity, document.lines, path=path)

    def _substituted(self, value: Any, path: str) -> Any:
        match value:
            case {"$text": str(target)} if len(value) == 1:
                return self.files[_beside(path, target)]
            case dict():
                return {key: self._substituted(each, path) for key, each in value.items()}
        return value

    def _targets(self, entity: Mapping[str, Any], path: str) -> Iterator[str]:
        for target in entity["spec"].get("targets", ()) if entity["kind"] == "Location" else ():
            found = [each for each in self.files if fnmatchcase(each, _beside(path, target))]
            assert found, f"{self.name}/{path}: nothing is at {target}"
            yield from found


def _beside(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


@pytest.fixture(scope="module")
def organisation() -> list[Repository]:
    return list(repositories())


@pytest.fixture(scope="module")
def today(organisation: list[Repository]) -> list[Declared]:
    return [Declared(each.name, each.versions[-1].files) for each in organisation]


@pytest.fixture(scope="module")
def entities(today: list[Declared]) -> dict[str, dict[str, Any]]:
    return {str(EntityRef.of(entity)): entity for each in today for entity in each.entities}


@pytest.fixture(scope="module")
def relations(entities: dict[str, dict[str, Any]]) -> set[Relation]:
    return {relation for entity in entities.values() for relation in relations_of(entity)}


def test_every_file_is_good_but_for_two_honest_mistakes(today: list[Declared]) -> None:
    found = {(each.name, problem.path): problem for each in today for problem in each.problems}
    assert found.keys() == MEANT.keys()
    for where, words in MEANT.items():
        assert words in found[where].message
        assert found[where].line is not None


def test_a_mistake_takes_nothing_else_with_it(entities: dict[str, dict[str, Any]]) -> None:
    assert {
        "component:default/push-channel",
        "component:default/sms-channel",
        "component:default/season-report",
    } <= entities.keys()
    assert "component:default/letter-channel" not in entities
    assert "component:default/seat-heatmap" not in entities


def test_no_earlier_version_was_worse_than_today(organisation: list[Repository]) -> None:
    for repository in organisation:
        for version in repository.versions:
            declared = Declared(repository.name, version.files)
            assert {(declared.name, problem.path) for problem in declared.problems} <= MEANT.keys()


def test_nothing_is_declared_twice(today: list[Declared]) -> None:
    counted = Counter(str(EntityRef.of(entity)) for each in today for entity in each.entities)
    assert counted.most_common(1)[0][1] == 1


def test_there_are_entities_of_every_kind(entities: dict[str, dict[str, Any]]) -> None:
    kinds = Counter(entity["kind"] for entity in entities.values())
    assert kinds.keys() == {
        "AiResource", "API", "Component", "Domain", "Group", "KindDefinition", "Location", "Resource", "System",
        "Template", "User",
    }  # fmt: skip
    assert sum(kinds.values()) - kinds["User"] - kinds["Group"] >= 60


def test_lifecycles_and_types_are_mixed(entities: dict[str, dict[str, Any]]) -> None:
    components = [entity["spec"] for entity in entities.values() if entity["kind"] == "Component"]
    assert {spec["lifecycle"] for spec in components} == {"production", "experimental", "deprecated"}
    assert {spec["type"] for spec in components} >= {"service", "website", "library", "data-pipeline"}


def test_two_relations_lead_to_what_is_not_catalogued(
    entities: dict[str, dict[str, Any]], relations: set[Relation]
) -> None:
    ends = {end for relation in relations for end in (relation.source, relation.target)}
    assert ends - entities.keys() == NOT_CATALOGUED


def test_everything_that_may_have_an_owner_has_one(
    entities: dict[str, dict[str, Any]], relations: set[Relation]
) -> None:
    owned = {relation.source for relation in relations if relation.type == "ownedBy"}
    ownerless = {ref for ref in entities if ref not in owned}
    assert {ref.partition(":")[0] for ref in ownerless} == {"group", "user", "location"}


def test_the_guest_belongs_to_a_team_that_owns_something(relations: set[Relation]) -> None:
    assert Relation("user:default/guest", "memberOf", "group:default/team-checkout") in relations
    assert Relation("component:default/payments", "ownedBy", "group:default/team-checkout") in relations


def test_groups_are_one_tree(relations: set[Relation]) -> None:
    parents = {relation.source: relation.target for relation in relations if relation.type == "childOf"}
    assert set(parents.values()) - parents.keys() == {"group:default/palco"}


def test_a_database_breaks_what_is_seven_steps_away(relations: set[Relation]) -> None:
    distances = _impact("resource:default/payments-db", relations)
    assert distances["component:default/payments"] == 1
    assert distances["component:default/checkout"] == 3
    assert distances["component:default/box-office-web"] == 7
    assert max(distances.values()) >= 7


def _impact(root: str, relations: set[Relation]) -> dict[str, int]:
    breaks: dict[str, set[str]] = {}
    for relation in relations:
        if relation.type in {"dependsOn", "consumesApi"}:
            breaks.setdefault(relation.target, set()).add(relation.source)
        if relation.type == "providesApi":
            breaks.setdefault(relation.source, set()).add(relation.target)
    distances, waiting = {root: 0}, deque([root])
    while waiting:
        ref = waiting.popleft()
        for next_ref in breaks.get(ref, set()) - distances.keys():
            distances[next_ref] = distances[ref] + 1
            waiting.append(next_ref)
    return distances


def test_apis_of_every_type_have_real_definitions(entities: dict[str, dict[str, Any]]) -> None:
    found: Counter[str] = Counter()
    for entity in entities.values():
        if entity["kind"] == "API":
            found[entity["spec"]["type"]] += 1
            _SOUND[entity["spec"]["type"]](entity["spec"])
    assert found.keys() == _SOUND.keys()


def _openapi(spec: Mapping[str, Any]) -> None:
    definition = yaml.safe_load(spec["definition"])
    assert definition["openapi"].startswith("3.")
    operations = [
        operation
        for path in definition["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "delete"}
    ]
    assert operations
    assert all(operation["responses"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    _is_whole(definition)


def _asyncapi(spec: Mapping[str, Any]) -> None:
    definition = yaml.safe_load(spec["definition"])
    assert definition["asyncapi"] in {"2.6.0", "3.0.0"}
    assert definition["channels"]
    _is_whole(definition)


def _is_whole(definition: Mapping[str, Any]) -> None:
    """Check that references resolve, and that no comma tore a description apart into empty fields."""
    assert None not in _values(definition)
    for reference in _references(definition):
        value: Any = definition
        for step in reference.removeprefix("#/").split("/"):
            value = value[step]


def _references(definition: Mapping[str, Any]) -> list[str]:
    return [each for each in _values(definition) if isinstance(each, str) and each.startswith("#/")]


def _values(value: Any) -> list[Any]:
    """Return all values in a document that are neither maps nor lists."""
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for each in value for leaf in _values(each)] if isinstance(value, list) else [value]


def _graphql(spec: Mapping[str, Any]) -> None:
    assert "type Query {" in spec["definition"]
    assert spec["definition"].count("{") == spec["definition"].count("}")


def _grpc(spec: Mapping[str, Any]) -> None:
    assert spec["definition"].startswith('syntax = "proto3";')
    assert "service " in spec["definition"]
    assert spec["definition"].count("{") == spec["definition"].count("}")


def _mcp_server(spec: Mapping[str, Any]) -> None:
    assert spec["remotes"][0]["url"].startswith("https://")


_SOUND = {
    "openapi": _openapi,
    "asyncapi": _asyncapi,
    "graphql": _graphql,
    "grpc": _grpc,
    "mcp-server": _mcp_server,
}
