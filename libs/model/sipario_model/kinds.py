"""The kinds of entities that the catalog knows: the apiVersions of each, and what its spec must hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from jsonschema_rs import Draft7Validator

from sipario_model import definition, schemas
from sipario_model.relation import FIELDS, RelationField
from sipario_model.schema_check import Finding, compiled
from sipario_model.schemas import Schema
from sipario_model.strict import strict

BACKSTAGE = ("backstage.io/v1alpha1", "backstage.io/v1beta1")
SCAFFOLDER = ("scaffolder.backstage.io/v1beta3",)
SIPARIO = ("sipario.dev/v1alpha1",)

Judge = Callable[[Mapping[str, Any]], Iterable[Finding]]


@dataclass(frozen=True)
class Kind:
    """A kind by its name, as it is spelled in files, with the JSON Schema of its spec and the fields that relate it.

    `judge` looks at what passed the schema. `foreign`: written by somebody else, whose patterns may be hostile.
    """

    name: str
    spec: Schema
    api_versions: tuple[str, ...] = BACKSTAGE
    relations: tuple[RelationField, ...] = ()
    judge: Judge | None = None
    foreign: bool = False

    @cached_property
    def schema(self) -> Schema:
        """The JSON Schema of a whole entity of this kind."""
        properties = {
            **schemas.ENVELOPE["properties"],
            "apiVersion": {"enum": list(self.api_versions)},
            "kind": {"enum": [self.name]},
            "spec": self.spec,
        }
        return schemas.fields(properties, ("apiVersion", "kind", "metadata", "spec"))

    @cached_property
    def validator(self) -> Draft7Validator:
        """The compiled schema, made at the first use and kept with the kind."""
        return compiled(self.schema, foreign=self.foreign)

    @cached_property
    def strict(self) -> Draft7Validator:
        """The compiled schema that only entities without any problem in their names and refs pass."""
        return compiled(strict(self.schema, self.relations), foreign=self.foreign)


def _built_in(name: str, spec: Schema, api_versions: tuple[str, ...] = BACKSTAGE) -> Kind:
    judge = definition.findings if name == definition.KIND else None
    return Kind(name, spec, api_versions, FIELDS.get(name.lower(), ()), judge)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _built_in("Component", schemas.COMPONENT),
            _built_in("API", schemas.API),
            _built_in("Resource", schemas.RESOURCE),
            _built_in("System", schemas.SYSTEM),
            _built_in("Domain", schemas.DOMAIN),
            _built_in("Group", schemas.GROUP),
            _built_in("User", schemas.USER),
            _built_in("Location", schemas.LOCATION),
            _built_in("Template", schemas.TEMPLATE, SCAFFOLDER),
            _built_in("AiResource", schemas.AI_RESOURCE),
            _built_in(definition.KIND, schemas.KIND_DEFINITION, SIPARIO),
        )
    }
)
