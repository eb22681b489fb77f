"""Keys that differ only in case: the catalog looks fields up without case, so one would hide the other."""

from collections.abc import Iterator, Mapping
from typing import Any

_UNSEARCHED = frozenset({"attachments", "relations", "status"})


def clashes(entity: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the paths of values whose keys meet another's when case is ignored; list items share a path."""
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    return [path for path in _leaves(entity) if seen.setdefault(tuple(map(str.lower, path)), path) != path]


def might_clash(entity: Mapping[str, Any]) -> bool:
    """Tell cheaply whether any two keys, wherever they stand, differ only in case; if not, none can clash."""
    keys: set[str] = set()
    waiting: list[Any] = [entity]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            keys.update(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return len({key.lower() for key in keys}) != len(keys)


def _leaves(entity: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [
        ((str(name),), value) for name, value in reversed(list(entity.items())) if name not in _UNSEARCHED
    ]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(((*path, str(name)), item) for name, item in reversed(list(value.items())))
        elif isinstance(value, list):
            waiting.extend((path, item) for item in reversed(value))
        else:
            yield path
