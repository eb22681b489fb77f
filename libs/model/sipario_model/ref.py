"""Entity refs: the names by which everything in the catalog points at everything else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

NAMESPACE = "default"


class RefError(ValueError):
    """A text that is no entity ref; the message repeats the text."""


@dataclass(frozen=True, slots=True, order=True)
class EntityRef:
    """Kind, namespace and name in lower case: two refs are equal when they mean the same entity."""

    kind: str
    namespace: str
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", self.kind.lower())
        object.__setattr__(self, "namespace", self.namespace.lower())
        object.__setattr__(self, "name", self.name.lower())

    def __str__(self) -> str:
        return f"{self.kind}:{self.namespace}/{self.name}"

    @classmethod
    def parse(cls, text: str, default_kind: str | None = None, default_namespace: str | None = None) -> Self:
        """Read `[<kind>:][<namespace>/]<name>`; RefError when a part is empty or the kind is missing."""
        return cls(*parts(text, default_kind, default_namespace or NAMESPACE))

    @classmethod
    def of(cls, entity: Mapping[str, Any]) -> Self:
        """Return the ref of an entity's kind and metadata; RefError when these are missing or no strings."""
        metadata = entity.get("metadata")
        if not isinstance(metadata, Mapping):
            raise RefError("The entity has no metadata, so it has no name")
        kind, name = entity.get("kind"), metadata.get("name")
        namespace = metadata.get("namespace", NAMESPACE)
        if not (isinstance(kind, str) and isinstance(name, str) and isinstance(namespace, str)):
            raise RefError("The entity's kind, metadata.namespace and metadata.name must be strings")
        if not (kind and name and namespace):
            raise RefError("The entity's kind, metadata.namespace and metadata.name must not be empty")
        return cls(kind, namespace, name)


def parts(text: str, default_kind: str | None, default_namespace: str) -> tuple[str, str, str]:
    """Split a ref into kind, namespace and name as they are written; RefError as EntityRef.parse."""
    slash, colon = text.find("/"), text.find(":")
    if -1 < slash < colon:
        colon = -1
    kind = default_kind if colon == -1 else text[:colon]
    namespace = default_namespace if slash == -1 else text[colon + 1 : slash]
    name = text[max(colon, slash) + 1 :]
    if kind and namespace and name:
        return kind, namespace, name
    raise RefError(_refusal(text, kind))


def _refusal(text: str, kind: str | None) -> str:
    shown = f"Entity reference {json.dumps(text, ensure_ascii=False)}"
    if kind is None:
        return f'{shown} had missing or empty kind (e.g. did not start with "component:" or similar)'
    return f"{shown} was not on the form [<kind>:][<namespace>/]<name>"
