"""Fakes at the seams of techdocs: repositories in memory, and rendering within this process."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sipario_events import Cause, EntityChanged, RepositoryChanged
from sipario_kit.projection import Checkpoint
from sipario_ledger import Entry, Ledger
from sipario_model.annotations import MANAGED_BY_LOCATION, TECHDOCS_REF
from sipario_scm.commit import Commit
from sipario_scm.errors import FileMissing, ScmError
from sipario_scm.hosts import Hosts
from sipario_scm.tree import READ_LIMIT, Tree, TreeFile
from sipario_techdocs.app import MIGRATIONS
from sipario_techdocs.blobs import Blobs
from sipario_techdocs.builder import Builder
from sipario_techdocs.events import HearsEntities, HearsRepositories
from sipario_techdocs.markup import Markup
from sipario_techdocs.origin import Origin
from sipario_techdocs.page import Converter, Rendered, Renderer, unrendered
from sipario_techdocs.shelf import Shelf
from sipario_techdocs.site import Source, rendered
from sipario_techdocs.store_heard import LedgerHeard
from sipario_techdocs.store_library import LedgerLibrary
from sipario_techdocs.store_queue import LedgerQueue
from sipario_techdocs.tables import jobs
from sqlalchemy import update

REPOSITORY = "https://github.com/palco/tickets"
REF = "component:default/tickets"


@dataclass(frozen=True)
class MemoryTree:
    """A commit that was never written anywhere."""

    contents: Mapping[str, bytes]
    branch: str = "main"

    @property
    def commit(self) -> Commit:
        sha = hashlib.sha1(repr(sorted(self.contents.items())).encode(), usedforsecurity=False).hexdigest()
        return Commit(sha, "Ada", "ada@palco.example", datetime(2026, 1, 1, tzinfo=UTC), "")

    @property
    def files(self) -> Mapping[str, TreeFile]:
        return {
            path: TreeFile(path, hashlib.sha256(data).hexdigest())
            for path, data in sorted(self.contents.items())
        }

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        del limit
        if path not in self.contents:
            raise FileMissing(path)
        return self.contents[path]


@dataclass
class Remote:
    """Repositories by their address; an error in place of one is what its host answers."""

    repositories: dict[str, dict[str, bytes] | ScmError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def read(self, origin: Origin, hint: str) -> Tree:
        self.asked.append(hint)
        found = self.repositories[origin.repository]
        if isinstance(found, ScmError):
            raise found
        return MemoryTree(dict(found))


@dataclass
class Counted:
    """Renders here and now, and remembers which pages it was asked for; the `slow` ones are cut short."""

    pages: list[str] = field(default_factory=list)
    slow: dict[str, int] = field(default_factory=dict)

    async def render(self, markup: Markup, shelf: Shelf, sources: Sequence[Source]) -> Sequence[Rendered]:
        self.pages += [source.path for source in sources]
        renderer = Renderer(Converter.of(markup), shelf)
        return [
            unrendered(source.path, source.text, reason="it is slow", cut=self.slow[source.path])
            if source.path in self.slow
            else rendered(renderer, source)
            for source in sources
        ]


class Desk:
    """The service without its bus: facts in, builds done, entries out."""

    def __init__(self, ledger: Ledger, data: Path) -> None:
        self.ledger = ledger
        self.remote = Remote()
        self.renders = Counted()
        self.heard = LedgerHeard(ledger)
        self.queue = LedgerQueue(ledger)
        self.library = LedgerLibrary(ledger)
        self.blobs = Blobs(data / "blobs")
        hosts = Hosts.of_integrations({})
        self.hears_entities = HearsEntities(self, hosts)
        self.hears_repositories = HearsRepositories(self)
        self.builder = Builder(
            self.heard,
            self.queue,
            self.library,
            blobs=self.blobs,
            read=self.remote.read,
            renders=self.renders,
            hosts=hosts,
        )
        self.woken = 0
        self._told = 0

    def wake(self) -> None:
        self.woken += 1

    def put(self, files: Mapping[str, str | bytes]) -> None:
        contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self.remote.repositories[REPOSITORY] = contents

    async def entity(self, version: int = 1, *, gone: bool = False, ref: str = "dir:.") -> None:
        await self.hears_entities.apply([entity_changed(version, gone=gone, docs=ref)], Checkpoint("g"))

    async def pushed(self, commit: str = "") -> None:
        event = RepositoryChanged(repository=REPOSITORY, branch="main", commit=commit)
        await self.hears_repositories.apply([event], Checkpoint("g"))

    async def later(self) -> float:
        """Let what was put off be due now; returns the seconds that it would have waited."""
        then = (await self.queue.look(100)).then
        await self.ledger.write(lambda connection: connection.execute(update(jobs).values(due=0)))
        return then or 0.0

    async def work(self) -> list[Entry]:
        """Do what waits, and return what was said since the last time."""
        for job in (await self.queue.look(100)).due:
            await self.builder.build(job)
        entries = await self.ledger.since(self._told)
        self._told = entries[-1].seq if entries else self._told
        return entries


def entity_changed(version: int, *, gone: bool = False, docs: str = "dir:.", ref: str = REF) -> EntityChanged:
    location = f"{REPOSITORY}/blob/main/catalog-info.yaml"
    annotations = {MANAGED_BY_LOCATION: f"url:{location}", **({TECHDOCS_REF: docs} if docs else {})}
    entity: dict[str, Any] = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": ref.rpartition("/")[2], "annotations": annotations},
        "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
    }
    return EntityChanged(
        ref=ref,
        version=version,
        gone=gone,
        entity={} if gone else entity,
        location=f"url:{location}",
        cause=Cause(repository=REPOSITORY),
    )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    url = f"sqlite:///{tmp_path / 'techdocs.db'}"
    async with Ledger.open(url, name="techdocs", migrations=MIGRATIONS, inline=True) as ledger:
        yield Desk(ledger, tmp_path)
