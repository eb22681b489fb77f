"""What a provider found, as a tree of files: those that it gave as bytes are read like those of a repository."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import orjson
from sipario_model import LocationRef
from sipario_model.annotations import MANAGED_BY_LOCATION
from sipario_plugin import Found
from sipario_scm import Commit, FileMissing, FileRefused, TreeFile

from sipario_ingestor.folder import NO_COMMIT, READ_LIMIT

_WEB = ("http://", "https://")


class FoundTree:
    """The files among what was found, by the targets of their locations; and as a Place, where those are.

    Raises ValueError for what can't be an entity, or lies nowhere.
    """

    branch = ""

    def __init__(self, found: Iterable[Found]) -> None:
        self.entities: list[tuple[str, dict[str, Any]]] = []
        self._contents: dict[str, bytes] = {}
        self._locations: dict[str, LocationRef] = {}
        for each in found:
            location = located(each.location)
            path = _path(location)
            self._locations[path] = location
            if each.entity is not None:
                self.entities.append((path, _plain(each.entity, location)))
            else:
                self._contents[path] = each.content or b""

    @property
    def commit(self) -> Commit:
        """Nobody committed this."""
        return NO_COMMIT

    @cached_property
    def files(self) -> Mapping[str, TreeFile]:
        """The files by path."""
        return {
            path: TreeFile(path, hashlib.sha256(content).hexdigest())
            for path, content in self._contents.items()
        }

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes; raises FileMissing or FileRefused."""
        if path not in self._contents:
            raise FileMissing(f"{path} is not among what the provider found")
        if len(self._contents[path]) > limit:
            raise FileRefused(f"{path} has more than {limit / 1e6:g} MB: split it")
        return self._contents[path]

    def origin(self, path: str) -> LocationRef:
        """Return where something was found."""
        return self._locations[path]

    def location(self, path: str) -> str:
        """Return the location ref of a path."""
        return str(self._locations[path])

    def annotations(self, path: str) -> dict[str, str]:
        """Return the location; there is no page to show."""
        return {MANAGED_BY_LOCATION: self.location(path)}


def located(text: str) -> LocationRef:
    """Read a location ref, or a web address as one; raises LocationError."""
    return LocationRef.parse(f"url:{text}" if text.startswith(_WEB) else text)


def _plain(entity: Mapping[str, Any], location: LocationRef) -> dict[str, Any]:
    """Return a copy of an entity that holds nothing but what JSON can say."""
    try:
        copy = orjson.loads(_json(entity))
    except TypeError as error:
        raise ValueError(f"what was found at {location} is no entity: {error}") from error
    if not isinstance(copy, dict):
        raise ValueError(f"what was found at {location} is no entity, but {type(entity).__name__}")  # noqa: TRY004
    return copy


def _json(entity: Mapping[str, Any]) -> bytes:
    """Write an entity; half characters, as hosts pass them on from whoever wrote them, become question marks."""
    try:
        return orjson.dumps(entity)
    except TypeError:
        return json.dumps(entity, ensure_ascii=False).encode(errors="replace")


def _path(location: LocationRef) -> str:
    """Return a target as a path in which one file can name another beside it."""
    return location.target.replace("://", "/").lstrip("/")
