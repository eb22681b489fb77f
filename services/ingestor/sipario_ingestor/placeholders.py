"""`$text`, `$json`, `$yaml` and those of plugins in entities: what they point at takes their place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from sipario_model import Document, read
from sipario_plugin import Extensions, Reference, Resolver, Unreadable
from sipario_scm import ScmError

MOST_IN_AN_ENTITY = 50


class Reads(Protocol):
    """Gives the bytes that a reference in a file stands for."""

    def __call__(self, reference: str, path: str) -> bytes:
        """Return what `reference`, written in the file at `path`, points at; raises ScmError or ValueError."""
        ...


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A placeholder that could not be replaced: where it stands, what it wanted, and why not."""

    field: tuple[str | int, ...]
    reference: str
    reason: str
    later: bool


class Substitution:
    """Replaces the placeholders of one entity, and remembers those that it could not.

    What can't be read leaves its address as text where its content belongs: the entity is still catalogued.
    """

    def __init__(self, reads: Reads, path: str, resolvers: Mapping[str, Resolver]) -> None:
        self._reads = reads
        self._path = path
        self._resolvers = resolvers
        self.unresolved: list[Unresolved] = []
        self.used = 0

    def apply(self, value: Any, place: tuple[str | int, ...] = ()) -> Any:
        """Return the value with its placeholders replaced; the same object when there are none."""
        if isinstance(value, dict):
            key = next(iter(value)) if len(value) == 1 else ""
            if key in self._resolvers:
                return self._replaced(key, value[key], place)
            return {name: self.apply(each, (*place, name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self.apply(each, (*place, index)) for index, each in enumerate(value)]
        return value

    def _replaced(self, key: str, address: Any, place: tuple[str | int, ...]) -> Any:
        self.used += 1
        try:
            return self._resolved(key, address)
        except Exception as error:  # noqa: BLE001 - the edge to a plugin: told on the entity
            self.unresolved.append(Unresolved(place, str(address), _reason(error), _is_passing(error)))
            return str(address)

    def _resolved(self, key: str, address: Any) -> Any:
        if not isinstance(address, str):
            raise ValueError(f"{key} needs a path or a URL, as text")  # noqa: TRY004 - what a file says
        if self.used > MOST_IN_AN_ENTITY:
            raise ValueError(f"more than {MOST_IN_AN_ENTITY} placeholders in one entity")
        return self._resolvers[key](Reference(address, lambda reference: self._reads(reference, self._path)))


def built_in() -> Extensions:
    """Return the extension points with what the ingestor itself adds to them."""
    extensions = Extensions().drafted("sipario")
    extensions.placeholders.add("text", _text)
    extensions.placeholders.add("json", _json)
    extensions.placeholders.add("yaml", _yaml)
    return extensions


def has_placeholder(value: Any, keys: Mapping[str, Resolver]) -> bool:
    """Tell whether anything in an entity is to be replaced."""
    return any(True for _ in _found(value, keys))


def _found(value: Any, keys: Mapping[str, Resolver]) -> Iterator[str]:
    if isinstance(value, Mapping):
        if len(value) == 1 and next(iter(value)) in keys:
            yield next(iter(value))
        for each in value.values():
            yield from _found(each, keys)
    elif isinstance(value, list):
        for each in value:
            yield from _found(each, keys)


def _reason(error: Exception) -> str:
    known = isinstance(error, (ScmError, ValueError))
    return str(error) if known else f"{type(error).__name__}: {error}"


def _is_passing(error: Exception) -> bool:
    """Tell whether another time it may go better."""
    if isinstance(error, Unreadable):
        return error.later
    return isinstance(error, ScmError) or not isinstance(error, ValueError)


def _text(reference: Reference) -> str:
    try:
        return reference.read().decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{reference.address} is not UTF-8 text") from error


def _json(reference: Reference) -> Any:
    try:
        return orjson.loads(_text(reference))
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{reference.address} is not JSON: {error}") from error


def _yaml(reference: Reference) -> Any:
    reading = read(_text(reference), reference.address)
    if reading.problems:
        raise ValueError(str(reading.problems[0]))
    found: tuple[Document, ...] = reading.documents
    if len(found) != 1:
        raise ValueError(f"{reference.address} has {len(found)} documents; $yaml wants exactly one")
    return found[0].value
