"""Judges entities and repositories for people who are about to add them; nothing of it is kept."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin

from sipario_events import Cause
from sipario_kit.errors import InvalidInput
from sipario_model import Document, LocationError, LocationRef
from sipario_model.lines import Lines
from sipario_scm import Host, ScmError, Target

from sipario_ingestor.configuration import Configuration
from sipario_ingestor.finding import NAMES, entity_files
from sipario_ingestor.kinds import Kinds
from sipario_ingestor.pipeline import Passage
from sipario_ingestor.place import UrlPlace
from sipario_ingestor.processing import Context, process
from sipario_ingestor.reader import Reader, Request
from sipario_ingestor.rules import PROVIDED
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import SourceStore

MOST_FILES = 50
AT_A_TIME = 4
LONGEST_SECONDS = 30.0

_FILE_NAME = re.compile(r"[\w.-]{1,100}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")
_SLUGS = {"github": "github.com/project-slug", "gitlab": "gitlab.com/project-slug"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with an entity: the name of the error, and its message."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A place that somebody asks about, on a host that is known."""

    host: Host
    target: Target


class Trial:
    """Validates entities, and says what a repository has or could have. Reads through the reader's mirrors."""

    def __init__(
        self, store: SourceStore, reader: Reader, configuration: Configuration, kinds: Kinds
    ) -> None:
        self._store = store
        self._reader = reader
        self._configuration = configuration
        self._kinds = kinds
        self._turn = asyncio.Semaphore(AT_A_TIME)

    async def validate(self, entity: Any, location: str) -> list[Flaw]:
        """Say what is wrong with an entity that would stand at a location; nothing, when it is good.

        Placeholders and processors are those of files; what processors emit is left alone.
        """
        try:
            base = _url(location)
        except LocationError as error:
            return [Flaw("TypeError", str(error))]
        if not isinstance(entity, Mapping):
            return [Flaw("TypeError", "entity must be an object")]
        passage = Passage(
            self._reader.pipeline, lambda reference, _: self._reader.text(urljoin(base, reference))
        )
        context = Context(
            source=location,
            place=UrlPlace(base),
            path="",
            origins=(LocationRef("url", base),),
            rules=PROVIDED,  # which kinds may come from where is told of files, not of drafts
            cause=Cause(),
            passage=passage,
            vocabulary=self._kinds.vocabulary,
        )
        document = Document(dict(entity), 1, Lines("{}", 0, 0), "")
        try:
            async with self._turn, asyncio.timeout(LONGEST_SECONDS):
                processed = await asyncio.to_thread(process, document, context)
        except TimeoutError:
            return [Flaw("TimeoutError", f"it could not be judged within {LONGEST_SECONDS:g} seconds")]
        return [Flaw("InputError", each.message) for each in processed.problems if each.level != "info"]

    async def analyze(self, type_: str, target: str, filename: str = "") -> dict[str, Any]:
        """Tell which entity files a repository has, or else which entity it could begin with.

        Raises InvalidInput, also when the repository can't be read.
        """
        place = self._repository(type_, target)
        if filename and not _FILE_NAME.fullmatch(filename):
            raise InvalidInput(f"{filename[:100]!r} is no name of a file")
        try:
            existing = await self._existing(place, filename)
        except ScmError as error:
            raise InvalidInput(f"{target} can't be read: {error}") from error
        generated = [] if existing else [{"entity": _begun(place), "fields": _fields(place)}]
        return {"existingEntityFiles": existing, "generateEntities": generated}

    def _repository(self, type_: str, target: str) -> Repository:
        if type_ != "url":
            raise InvalidInput(f"Locations of type {type_} can't be analyzed, only those of type url")
        found = self._configuration.hosts.parse(target)
        if found is None:
            raise InvalidInput(f"No integration names the host of {target}: add one to integrations")
        return Repository(*found)

    async def _existing(self, place: Repository, filename: str) -> list[dict[str, Any]]:
        paths, ref = await asyncio.to_thread(self._paths, place, filename)
        found: list[dict[str, Any]] = []
        problems: list[str] = []
        for path in paths[:MOST_FILES]:
            url = place.host.view(place.target.repository, ref, path)
            address = Address(f"url:{url}", place.target.repository, ref, path)
            request = Request(
                Source(address), (LocationRef("url", url),), afresh=True, vocabulary=self._kinds.vocabulary
            )
            outcome = await asyncio.to_thread(self._reader.read, request)
            problems += map(str, outcome.problems)
            known = await self._is_read(address)
            found += [
                {"location": {"type": "url", "target": url}, "isRegistered": known, "entity": event.entity}
                for event in outcome.entities.values()
                if event.location == address.id
            ]
        if paths and not found:
            raise InvalidInput("; ".join(problems[:10]) or f"{paths[0]} declares no entity")
        return found

    def _paths(self, place: Repository, filename: str) -> tuple[list[str], str]:
        """Find the entity files, and the branch that they are on."""
        target = place.target
        names = (filename,) if filename else NAMES
        with self._reader.tree(target.repository, target.ref) as tree:
            if target.path in tree.files:
                return [target.path], tree.branch
            below = f"{target.path}/" if target.path else ""
            named = [path for path in tree.files if path.startswith(below) and _name(path) in names]
            usual = [] if filename or target.path else entity_files(tree)
            return list(dict.fromkeys([*named, *usual])), tree.branch

    async def _is_read(self, address: Address) -> bool:
        """Tell whether a file is read already: by itself, or as what its repository declares."""
        held = await self._store.read(lambda table: table.of_repository(address.repository))
        ours = [source.address for source in held if source.address.repository == address.repository]
        return any(
            each.id == address.id
            or (not each.path and address.path in NAMES and each.ref in ("", address.ref))
            for each in ours
        )


def _url(location: str) -> str:
    parsed = LocationRef.parse(location)
    if parsed.type != "url":
        raise LocationError(
            f"Invalid location ref {location}, only 'url:<target>' is supported, e.g. url:https://host/path"
        )
    return parsed.target


def _begun(place: Repository) -> dict[str, Any]:
    """Write an entity to begin with; its owner is for a person to say."""
    metadata: dict[str, Any] = {"name": named(place.target.repository)}
    if place.host.type in _SLUGS:
        slug = place.target.repository.removeprefix(place.host.url).strip("/")
        metadata["annotations"] = {_SLUGS[place.host.type]: slug}
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": metadata,
        "spec": {"type": "other", "lifecycle": "unknown"},
    }


def _fields(place: Repository) -> list[dict[str, Any]]:
    return [
        {
            "field": "metadata.name",
            "state": "analysisSuggestedValue",
            "value": named(place.target.repository),
            "description": "The name of the repository",
        },
        {
            "field": "spec.owner",
            "state": "needsUserInput",
            "value": None,
            "description": "The group or user that this belongs to",
        },
    ]


def named(repository: str) -> str:
    """Make a repository's name one that an entity may have."""
    name = _NOT_IN_NAMES.sub("-", unquote(_name(repository))).strip("-_.")
    return name[:63].strip("-_.") or "component"


def _name(path: str) -> str:
    return path.rpartition("/")[2]
