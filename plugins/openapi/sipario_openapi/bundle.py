"""Puts a document together with what its `$ref`s take from other files."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from sipario_model import read
from sipario_plugin import Reference

MOST_FILES = 200
MOST_BYTES = 10_000_000
MOST_NODES = 300_000
DEEPEST = 200

_Target = tuple[str, tuple[str, ...]]
"""The address of a file, and the way to a place in it."""
_Way = tuple[str, ...]


class Bundle:
    """One definition. What a `$ref` takes from another file stands where it is taken first; later ones lead there."""

    def __init__(self, root: Reference) -> None:
        self._root = root
        self._files: dict[str, tuple[Reference, Any]] = {}
        self._places: dict[_Target, _Way] = {}
        self._bytes = 0
        self._nodes = 0

    def whole(self) -> Any:
        """Return the document in one piece; raises ValueError."""
        return self._copied(self._document(self._root), self._root, (), 0)

    def _copied(self, value: Any, file: Reference, way: _Way, depth: int) -> Any:
        self._nodes += 1
        if depth > DEEPEST or self._nodes > MOST_NODES:
            raise ValueError(f"{self._root.address} is too large in one piece, or nests too deep")
        if isinstance(value, list):
            return [
                self._copied(each, file, (*way, str(index)), depth + 1) for index, each in enumerate(value)
            ]
        if not isinstance(value, dict):
            return value
        ref = value.get("$ref")
        if isinstance(ref, str) and "://" not in ref:
            return self._taken(ref, value, file, way, depth)
        return {name: self._copied(each, file, (*way, str(name)), depth + 1) for name, each in value.items()}

    def _taken(self, ref: str, value: Mapping[str, Any], file: Reference, way: _Way, depth: int) -> Any:
        """Return what a `$ref` stands for: a way inside the whole, or at its first place the thing itself."""
        path, _, pointer = ref.partition("#")
        if pointer and not pointer.startswith("/"):
            return self._anchor(ref, value, file)
        other = file.beside(unquote(path)) if path else file
        steps = tuple(map(_plain, pointer.split("/")[1:]))
        beside = {name: each for name, each in value.items() if name != "$ref"}
        place = self._place((other.address, steps))
        if place is not None:
            return {"$ref": _pointer(place), **self._copied(beside, file, way, depth + 1)}
        found = _at(self._document(other), steps, ref)
        self._places[other.address, steps] = way
        taken = self._copied(found, other, way, depth + 1)
        if beside and isinstance(taken, dict):
            # What stands beside this `$ref` is not meant for those who take the same.
            del self._places[other.address, steps]
            return {**taken, **self._copied(beside, file, way, depth + 1)}
        return taken

    def _anchor(self, ref: str, value: Mapping[str, Any], file: Reference) -> Any:
        """Leave the name of an anchor as it is, which only the file itself can mean."""
        if ref.startswith("#") and file.address == self._root.address:
            return value
        raise ValueError(
            f"$ref {ref} names an anchor: from another file, only ways such as #/a/b can be followed"
        )

    def _place(self, target: _Target) -> _Way | None:
        """Return where something stands in the whole, when it does."""
        address, steps = target
        if address == self._root.address:
            return steps
        return self._places.get(target)

    def _document(self, file: Reference) -> Any:
        if file.address not in self._files:
            if len(self._files) >= MOST_FILES:
                raise ValueError(f"{self._root.address} needs more than {MOST_FILES} files")
            data = file.read()
            self._bytes += len(data)
            if self._bytes > MOST_BYTES:
                raise ValueError(f"{self._root.address} and its files have more than {MOST_BYTES:,} bytes")
            reading = read(data, file.address)
            if reading.problems:
                raise ValueError(str(reading.problems[0]))
            if len(reading.documents) != 1:
                raise ValueError(f"{file.address} has {len(reading.documents)} documents; one is wanted")
            self._files[file.address] = (file, reading.documents[0].value)
        return self._files[file.address][1]


def _at(value: Any, steps: _Way, ref: str) -> Any:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise ValueError(f"$ref {ref} leads to nothing: there is no {step}")
    return value


def _plain(step: str) -> str:
    return unquote(step).replace("~1", "/").replace("~0", "~")


def _pointer(way: _Way) -> str:
    steps = (quote(step.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@") for step in way)
    return "#" + "".join(f"/{step}" for step in steps)
