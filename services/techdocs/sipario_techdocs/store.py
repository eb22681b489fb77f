"""What is kept: where docs come from, which builds wait, and the manifest of what is served."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sipario_events import EntityChanged, RepositoryChanged, VersionedEvent
from sipario_kit.projection import Checkpoint


@dataclass(frozen=True, slots=True)
class Job:
    """A build that waits; turns are unique.

    `hint` is the commit that was seen, `whole` asks to render all anew, `tries` is how often it was put off.
    """

    ref: str
    turn: int
    hint: str = ""
    whole: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Again:
    """That a job is to be tried again, in some seconds.

    `told`: what is known of it was told, so that nobody has to wait for it. `built`: all was rendered that could be.
    """

    seconds: float
    told: bool = False
    built: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs that are due, the oldest first, in how many seconds another will be, and how many somebody waits for."""

    due: Sequence[Job]
    then: float | None
    pending: int


@dataclass(frozen=True, slots=True)
class SourceKept:
    """What is known of an entity: its newest version that was heard, and the envelope when it has docs."""

    ref: str
    documented: bool
    location: str
    entity: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageKept:
    """A page of the manifest. `facts` are its links, problems, heading and file."""

    path: str
    url: str
    title: str
    digest: str
    blob: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssetKept:
    """A file of the manifest that is served as it is. `source` is its id in the repository."""

    path: str
    source: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class SiteKept:
    """A manifest: what is served of one entity's docs. `built_at` is in milliseconds since 1970."""

    ref: str
    etag: str
    commit: str
    built_at: int
    about: Mapping[str, Any]
    pages: Mapping[str, PageKept]
    assets: Mapping[str, AssetKept]


Resolve = Callable[[EntityChanged], str]
"""Answers the address of the repository that an entity's docs are in; empty when it cannot be known."""


class Library(Protocol):
    """The manifests. Each method is one transaction."""

    async def site(self, ref: str) -> SiteKept | None:
        """Return the whole manifest of an entity's docs."""
        ...

    async def find(self, ref: str, url: str) -> tuple[SiteKept, PageKept] | None:
        """Return one page with its site; the site comes without pages and assets."""
        ...

    async def asset(self, ref: str, path: str) -> AssetKept | None:
        """Return one asset."""
        ...

    async def switch(
        self, job: Job, site: SiteKept | None, events: Sequence[VersionedEvent], again: Again | None = None
    ) -> None:
        """Serve this from now on (nothing, when None), say the events, and finish the job: all or nothing."""
        ...

    async def wanted_blobs(self) -> Collection[str]:
        """Return the digests of all that is served."""
        ...


class Heard(Protocol):
    """What was heard. Each method is one transaction."""

    async def positions(self, projection: str, generation: str) -> Mapping[str, int]:
        """Read a projection's checkpoint of that life of the broker."""
        ...

    async def hear_entities(
        self, events: Sequence[EntityChanged], checkpoint: Checkpoint, resolve: Resolve
    ) -> None:
        """Keep the newer ones and queue their builds, with the checkpoint in the same transaction."""
        ...

    async def hear_repositories(self, events: Sequence[RepositoryChanged], checkpoint: Checkpoint) -> None:
        """Queue builds of all docs in these repositories, with the checkpoint in the same transaction."""
        ...

    async def source(self, ref: str) -> SourceKept | None:
        """Return what is known of an entity."""
        ...

    async def elsewhere(self) -> Mapping[str, Sequence[str]]:
        """Return the entities whose docs are in another repository than they are, by the address of that."""
        ...

    async def repositories(self) -> Collection[str]:
        """Return the addresses of all repositories that docs are in."""
        ...


class Queue(Protocol):
    """The builds that wait. Each method is one transaction."""

    async def look(self, limit: int) -> Waiting:
        """Return the jobs that are due, and when to look again."""
        ...

    async def finish(self, job: Job, again: Again | None = None) -> None:
        """Strike a job off, or put it off; nothing, when it was asked for anew meanwhile."""
        ...

    async def queue(self, refs: Sequence[str]) -> None:
        """Queue builds of these."""
        ...

    async def queue_all(self, *, whole: bool) -> int:
        """Queue a build of every entity that has docs; returns how many."""
        ...

    async def begin(self, renderer: str) -> int:
        """Queue what was never built or was put off; everything, when another renderer made it. Returns how many."""
        ...
