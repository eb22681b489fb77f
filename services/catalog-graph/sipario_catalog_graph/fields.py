"""Parts of entities: what a client asks for with `fields`."""

from collections.abc import Sequence
from typing import Any

import orjson
from sipario_kit.errors import InvalidInput

LONGEST = 5_000


def parse_fields(texts: Sequence[str]) -> tuple[str, ...]:
    """Read comma lists of dotted paths; raises `InvalidInput` for array subscripts."""
    if sum(map(len, texts)) > LONGEST:
        raise InvalidInput(f"Invalid fields, longer than {LONGEST} characters")
    parts = (part.strip() for text in texts for part in text.split(","))
    fields = tuple(dict.fromkeys(part for part in parts if part))
    for field in fields:
        if "[" in field:
            raise InvalidInput(f"Invalid field '{field}', array type fields are not supported")
    return fields


def picked(entity: bytes, fields: Sequence[str]) -> bytes:
    """An entity with the asked parts only; all of it when none is asked for."""
    if not fields:
        return entity
    whole: Any = orjson.loads(entity)
    part: dict[str, Any] = {}
    for field in fields:
        _copy(whole, field, part)
    return orjson.dumps(part)


def _copy(source: Any, path: str, target: dict[str, Any]) -> None:
    # The parts of a path may hold dots themselves (annotations do), so the longest key that fits goes first.
    if not isinstance(source, dict):
        return
    if path in source:
        target[path] = source[path]
        return
    at = path.rfind(".")
    while at > 0:
        key, rest = path[:at], path[at + 1 :]
        if key in source:
            inner: dict[str, Any] = {}
            _copy(source[key], rest, inner)
            if inner:
                _merge(target, key, inner)
            return
        at = path.rfind(".", 0, at)


def _merge(target: dict[str, Any], key: str, inner: dict[str, Any]) -> None:
    there = target.setdefault(key, {})
    for name, value in inner.items():
        if isinstance(value, dict) and isinstance(there.get(name), dict):
            _merge(there, name, value)
        else:
            there[name] = value
