"""Foreign JSON Schemas with their references written out, so that no reference is left to follow when they are used."""

from collections.abc import Mapping
from typing import Any

from sipario_model.schemas import Schema

MOST_NODES = 5_000
DRAFTS = ("http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema")

_DATA = frozenset({"const", "default", "enum", "examples"})
_LEFT_OUT = frozenset({"$id", "$schema", "definitions"})


class SchemaRefused(ValueError):
    """A schema that can't be used; the message says why."""


def expanded(schema: Mapping[str, Any]) -> Schema:
    """Write out the schema's own definitions where it refers to them; raises SchemaRefused.

    It may not refer to itself in a circle, nor to anything outside, nor become larger than 5,000 values.
    """
    named = str(schema.get("$schema", DRAFTS[0])).rstrip("#")
    if named not in DRAFTS:
        raise SchemaRefused(f"only JSON Schema draft 7 is understood, not {named[:100]}")
    kept = {key: value for key, value in schema.items() if key not in _LEFT_OUT}
    found: Schema = _Expansion(schema).of(kept, ())
    return found


class _Expansion:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._left = MOST_NODES

    def of(self, value: Any, trail: tuple[str, ...]) -> Any:
        self._left -= 1
        if self._left < 0:
            raise SchemaRefused(f"it is larger than {MOST_NODES} values once its references are written out")
        if isinstance(value, list):
            return [self.of(item, trail) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            return self._referred(value["$ref"], trail)
        return {key: item if key in _DATA else self.of(item, trail) for key, item in value.items()}

    def _referred(self, reference: str, trail: tuple[str, ...]) -> Any:
        if not reference.startswith("#/"):
            raise SchemaRefused(
                f'"$ref" may only name the schema\'s own "#/definitions/…", not {reference[:100]}'
            )
        if reference in trail:
            raise SchemaRefused(f"{reference[:100]} refers to itself")
        found: Any = self._root
        for step in reference[2:].split("/"):
            found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
        if not isinstance(found, dict | bool):
            raise SchemaRefused(f"there is no {reference[:100]}")
        return self.of(found, (*trail, reference))
