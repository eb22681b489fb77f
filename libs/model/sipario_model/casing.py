"""Keys that differ only in case: the catalog looks fields up without case, so one of the two would be lost."""

from collections.abc import Iterator, Mapping
from typing import Any

_UNSEARCHED = frozenset({"attachments", "relations", "status"})


def clashes(entity: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the paths of the values whose keys meet another's when case is ignored; list items share a path."""
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    found = []
    for path in _leaves(entity):
        if seen.setdefault(tuple(step.lower() for step in path), path) != path:
            found.append(path)
    return found


def _leaves(entity: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [
        ((str(name),), value) for name, value in reversed(entity.items()) if name not in _UNSEARCHED
    ]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(((*path, str(name)), item) for name, item in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend((path, item) for item in reversed(value))
        else:
            yield path
