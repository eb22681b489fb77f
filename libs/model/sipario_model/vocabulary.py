"""All kinds and relation types at one moment: the built-in ones, and those that definitions add."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

from sipario_model import definition, properties
from sipario_model.check import check, problem
from sipario_model.expansion import expanded
from sipario_model.kinds import BACKSTAGE, KINDS, Kind
from sipario_model.lines import Path
from sipario_model.pairs import Pairs
from sipario_model.problem import Problem
from sipario_model.relation import Relation, RelationField, RelationType, relations_of
from sipario_model.schemas import TEXT, Schema, fields

_MEANT = ("names", "apiVersions", "schema", "relations")


@dataclass(frozen=True)
class Vocabulary:
    """The fold of definitions, the first to come first. One that contradicts those before it is left out."""

    definitions: tuple[Mapping[str, Any], ...] = ()
    types: Mapping[str, RelationType] = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: Iterable[Mapping[str, Any]]) -> Self:
        """Fold definitions in this order."""
        pairs, kept = Pairs(), []
        for each in definitions:
            tried = pairs.copy()
            if not check(each) and not list(definition.clashes(each, tried)):
                pairs = tried
                kept.append(each)
        return cls(tuple(kept), pairs.types)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every kind by its name."""
        added = (kind_of(each) for each in self.definitions if not definition.extends(each))
        return MappingProxyType({**KINDS, **{each.name: each for each in added}})

    @cached_property
    def digest(self) -> str:
        """Tells whether entities may come out otherwise; empty when nothing is defined."""
        defining = [each["spec"] for each in self.definitions if not definition.extends(each)]
        if not defining:
            return ""
        meant = [{part: spec.get(part) for part in _MEANT} for spec in defining]
        return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()[:16]

    def defines(self, kind: str) -> bool:
        """Tell whether a definition added the kind."""
        return kind in self.kinds and kind not in KINDS

    def check(
        self, entity: Mapping[str, Any], lines: Mapping[Path, int] | None = None, *, path: str = ""
    ) -> list[Problem]:
        """Return all that is wrong with an entity, as `check`; of a definition also what contradicts the others."""
        problems = check(entity, lines, path=path, kinds=self.kinds)
        if problems or entity["kind"] != definition.KIND:
            return problems
        own = entity["metadata"]["name"]
        others, pairs = (each for each in self.definitions if each["metadata"]["name"] != own), Pairs()
        for other in others:
            list(definition.clashes(other, pairs))
        clashes = list(definition.clashes(entity, pairs))
        strays = properties.strays(entity["spec"].get("properties", {}), pairs.names)
        return [
            replace(problem(place, message, lines, path), certain=True)
            for place, message in (*clashes, *strays)
        ]

    def relations_of(self, entity: Mapping[str, Any]) -> tuple[Relation, ...]:
        """Return the relations that an entity declares, as `relations_of`."""
        return relations_of(entity, self._fields, self.types)

    def types_of(self, relations: Iterable[Relation]) -> tuple[RelationType, ...]:
        """Return the types of some relations, as far as they are not built in."""
        if not self.types:
            return ()
        return tuple(sorted({self.types[each.type] for each in relations if each.type in self.types}))

    @cached_property
    def _fields(self) -> Mapping[str, tuple[RelationField, ...]]:
        return {kind.name.lower(): kind.relations for kind in self.kinds.values()}


BUILT_IN = Vocabulary()


def kind_of(entity: Mapping[str, Any]) -> Kind:
    """Return the kind that a definition adds; the definition is without problems."""
    spec = entity["spec"]
    relations = tuple(_field(each) for each in spec.get("relations", ()))
    versions = tuple(spec.get("apiVersions", BACKSTAGE))
    return Kind(spec["names"]["kind"], _spec(spec, relations), versions, relations, foreign=True)


def _spec(spec: Mapping[str, Any], relations: Iterable[RelationField]) -> Schema:
    ref: Schema = {"type": ["string", "array"], "minLength": 1, "items": TEXT}
    return {**fields({each.name: ref for each in relations}), "allOf": [expanded(spec.get("schema", {}))]}


def _field(each: Mapping[str, Any]) -> RelationField:
    allowed = tuple(kind.lower() for kind in each.get("allowedKinds", ()))
    default = each.get("defaultKind") or (allowed[0] if len(allowed) == 1 else None)
    return RelationField(each["field"], each["type"], default, allowed)
