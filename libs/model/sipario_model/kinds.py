"""The kinds of entities that the catalog knows: the apiVersions of each, and what its spec must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from jsonschema_rs import Draft7Validator

from sipario_model import schemas
from sipario_model.schemas import Schema
from sipario_model.strict import strict

BACKSTAGE = ("backstage.io/v1alpha1", "backstage.io/v1beta1")
SCAFFOLDER = ("scaffolder.backstage.io/v1beta3",)


@dataclass(frozen=True)
class Kind:
    """A kind by its name, as it is spelled in files, with the JSON Schema of its spec."""

    name: str
    spec: Schema
    api_versions: tuple[str, ...] = BACKSTAGE

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
        return Draft7Validator(self.schema)

    @cached_property
    def strict(self) -> Draft7Validator:
        """The compiled schema that only entities without any problem in their names and refs pass."""
        return Draft7Validator(strict(self.schema, self.name))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("Component", schemas.COMPONENT),
            Kind("API", schemas.API),
            Kind("Resource", schemas.RESOURCE),
            Kind("System", schemas.SYSTEM),
            Kind("Domain", schemas.DOMAIN),
            Kind("Group", schemas.GROUP),
            Kind("User", schemas.USER),
            Kind("Location", schemas.LOCATION),
            Kind("Template", schemas.TEMPLATE, SCAFFOLDER),
            Kind("AiResource", schemas.AI_RESOURCE),
        )
    }
)
