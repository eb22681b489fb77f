"""What is different between two versions of an entity, and since when each of its fields is as it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Version = TypeVar("Version")

_NOTHING = object()


@dataclass(frozen=True)
class Change:
    """A field that is not the same: its JSON Pointer (RFC 6901), and its value before and after; None for none."""

    path: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Compare two objects field by field; a list is one value."""
    old, new = fields(before), fields(after)
    return [
        Change(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path, _NOTHING) != new.get(path, _NOTHING)
    ]


def fields(value: Mapping[str, Any]) -> dict[str, Any]:
    """Name each field that holds no further fields by its JSON Pointer."""
    return dict(_fields(value, ""))


def blame(versions: Iterable[tuple[Version, Mapping[str, Any]]]) -> dict[str, tuple[Any, Version]]:
    """Tell for each field of the newest of some versions, given newest first, its value and who brought that.

    Versions are looked at only as far back as a field is left that has not changed.
    """
    found: dict[str, tuple[Any, Version]] = {}
    left: dict[str, Any] | None = None
    newer: Version | None = None
    for version, entity in versions:
        here = fields(entity)
        if left is None:
            left = here
        elif newer is not None:
            came = [path for path, value in left.items() if here.get(path, _NOTHING) != value]
            found |= {path: (left.pop(path), newer) for path in came}
        newer = version
        if not left:
            break
    if left and newer is not None:
        found |= {path: (value, newer) for path, value in left.items()}
    return dict(sorted(found.items()))


def _fields(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _fields(each, f"{path}/{_escaped(str(name))}")
    elif path:
        yield path, value


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
