"""`$text`, `$json` and `$yaml` in entities: what they point at takes their place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from sipario_model import Document, read
from sipario_scm import ScmError

KEYS = frozenset({"$text", "$json", "$yaml"})
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

    def __init__(self, reads: Reads, path: str) -> None:
        self._reads = reads
        self._path = path
        self.unresolved: list[Unresolved] = []
        self.used = 0

    def apply(self, value: Any, place: tuple[str | int, ...] = ()) -> Any:
        """Return the value with its placeholders replaced; the same object when there are none."""
        if isinstance(value, dict):
            key = next(iter(value)) if len(value) == 1 else ""
            if key in KEYS:
                return self._replaced(key, value[key], place)
            return {name: self.apply(each, (*place, name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self.apply(each, (*place, index)) for index, each in enumerate(value)]
        return value

    def _replaced(self, key: str, reference: Any, place: tuple[str | int, ...]) -> Any:
        self.used += 1
        try:
            return _parsed(key, self._read(key, reference), reference)
        except (ScmError, ValueError) as error:
            later = isinstance(error, ScmError)
            self.unresolved.append(Unresolved(place, str(reference), str(error), later))
            return str(reference)

    def _read(self, key: str, reference: Any) -> bytes:
        if not isinstance(reference, str):
            raise ValueError(f"{key} needs a path or a URL, as text")  # noqa: TRY004 - what a file says
        if self.used > MOST_IN_AN_ENTITY:
            raise ValueError(f"more than {MOST_IN_AN_ENTITY} placeholders in one entity")
        return self._reads(reference, self._path)


def has_placeholder(value: Any) -> bool:
    """Tell whether anything in an entity is to be replaced."""
    return any(True for _ in _found(value))


def _found(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if len(value) == 1 and next(iter(value)) in KEYS:
            yield next(iter(value))
        for each in value.values():
            yield from _found(each)
    elif isinstance(value, list):
        for each in value:
            yield from _found(each)


def _parsed(key: str, data: bytes, reference: str) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{reference} is not UTF-8 text") from error
    if key == "$text":
        return text
    if key == "$json":
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise ValueError(f"{reference} is not JSON: {error}") from error
    return _yaml(text, reference)


def _yaml(text: str, reference: str) -> Any:
    reading = read(text, reference)
    if reading.problems:
        raise ValueError(str(reading.problems[0]))
    found: tuple[Document, ...] = reading.documents
    if len(found) != 1:
        raise ValueError(f"{reference} has {len(found)} documents; $yaml wants exactly one")
    return found[0].value
