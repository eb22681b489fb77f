"""Foreign JSON Schemas with their references written out, so that no reference is left to follow when they are used."""

from collections.abc import Mapping
from typing import Any

from sipario_model.schemas import Schema

MOST_NODES = 5_000
MOST_PATTERNS = 100
TEXT_OF_A_NODE = 100
DRAFTS = ("http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema")

_NAMES = frozenset({"dependencies", "patternProperties", "properties"})
_DATA = frozenset({"const", "default", "enum", "examples"})
_LEFT_OUT = frozenset({"$id", "$schema", "definitions"})


class SchemaRefused(ValueError):
    """A schema that can't be used; the message says why."""


def expanded(schema: Mapping[str, Any]) -> Schema:
    """Write out the schema's own definitions where it refers to them; raises SchemaRefused.

    It may not refer to itself in a circle, nor to anything outside, nor become larger than 5,000 values (of which a
    text takes one for each hundred characters), nor have more than 100 patterns, each of which takes memory.
    """
    named = str(schema.get("$schema", DRAFTS[0])).rstrip("#")
    if named not in DRAFTS:
        raise SchemaRefused(f"only JSON Schema draft 7 is understood, not {named[:100]}")
    found: Schema = _Expansion(schema).of(dict(schema), ())
    return found


class _Expansion:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._left = MOST_NODES
        self._patterns = MOST_PATTERNS

    def of(self, value: Any, trail: tuple[str, ...]) -> Any:
        self._take(value)
        if isinstance(value, list):
            return [self.of(item, trail) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            return self._referred(value["$ref"], trail)
        return {key: self._below(key, item, trail) for key, item in value.items() if key not in _LEFT_OUT}

    def _below(self, key: str, item: Any, trail: tuple[str, ...]) -> Any:
        self._take(key)
        if key in _DATA:
            return self._data(item)
        if key in _NAMES and isinstance(item, dict):  # its keys are no keywords, whatever they are called
            for name in item:
                self._take(name)
            return {name: self.of(inner, trail) for name, inner in item.items()}
        return self.of(item, trail)

    def _data(self, value: Any) -> Any:
        """Count what is no schema, so that it means nothing however it is written."""
        self._take(value)
        for item in value if isinstance(value, list) else value.items() if isinstance(value, dict) else ():
            self._data(list(item) if isinstance(item, tuple) else item)
        return value

    def _take(self, value: Any) -> None:
        self._left -= 1 + (len(value) // TEXT_OF_A_NODE if isinstance(value, str) else 0)
        if isinstance(value, dict):
            self._patterns -= isinstance(value.get("pattern"), str)
            named = value.get("patternProperties")
            self._patterns -= len(named) if isinstance(named, dict) else 0
        if self._patterns < 0:
            raise SchemaRefused(
                f"it has more than {MOST_PATTERNS} patterns once its references are written out"
            )
        if self._left < 0:
            raise SchemaRefused(f"it is larger than {MOST_NODES} values once its references are written out")

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
