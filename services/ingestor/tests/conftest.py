import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo
from fastapi import FastAPI
from sipario_events import ENTITIES, EntityChanged
from sipario_ingestor.api import Parts, api
from sipario_ingestor.app import MIGRATIONS
from sipario_ingestor.aside import Aside
from sipario_ingestor.asking import Asking, surroundings
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.discoveries import Discoveries
from sipario_ingestor.door import Door
from sipario_ingestor.entity_providers import EntityProviders
from sipario_ingestor.history import History
from sipario_ingestor.inbox import Inbox
from sipario_ingestor.kinds import Kinds
from sipario_ingestor.orphans import Orphans
from sipario_ingestor.proposals import Proposals
from sipario_ingestor.reader import Reader
from sipario_ingestor.reading import Reading
from sipario_ingestor.reconciler import Reconciler
from sipario_ingestor.recorder import Recorder
from sipario_ingestor.registry import Registry
from sipario_ingestor.restoring import Restoring
from sipario_ingestor.review import Review
from sipario_ingestor.source import Source
from sipario_ingestor.store_ledger import SourceStore
from sipario_ingestor.timetable import Timetable
from sipario_ingestor.trial import Trial
from sipario_ingestor.unprocessed import Unprocessed
from sipario_ingestor.workers import Workers
from sipario_ingestor.written import Written
from sipario_ledger import Entry, Ledger, Relay
from sipario_ledger.clock import now
from sipario_plugin import Extensions
from sipario_scm import Lists, Lookout, Mirrors, PullRequests, SafeFetcher

Answers = Callable[[httpx2.Request], httpx2.Response]
KINDS = ["Component", "API", "Location", "Group", "User", "System", "Domain", "Resource", "KindDefinition"]


@dataclass(frozen=True)
class GitFolder:
    """A folder of bare repositories, and the configuration of a host that serves it by file: URLs."""

    folder: Path

    @property
    def url(self) -> str:
        return f"file://{self.folder}"

    def configuration(self, **catalog: Any) -> dict[str, Any]:
        catalog = {"rules": [{"allow": KINDS}], **catalog}
        return {"catalog": catalog, "integrations": {"git": [{"baseUrl": self.url}]}}

    def push(
        self,
        name: str,
        files: Mapping[str, str | bytes],
        *,
        branch: str = "main",
        links: Mapping[str, str] = {},
    ) -> str:
        """Make the repository hold exactly these files; returns the commit."""
        folder = self.folder / name
        if not folder.exists():
            Repo.init_bare(str(folder), mkdir=True, default_branch=b"main").close()
        with Repo(str(folder)) as repo:
            modes = {path: (0o100644, text) for path, text in files.items()}
            tree = _tree(repo, {**modes, **{path: (0o120000, to) for path, to in links.items()}})
            commit, ref = Commit(), Ref(b"refs/heads/" + branch.encode())
            commit.tree, commit.author, commit.committer = (
                tree,
                b"Ada <ada@example.org>",
                b"Ada <ada@example.org>",
            )
            commit.author_time = commit.commit_time = 1_700_000_000
            commit.author_timezone = commit.commit_timezone = 0
            commit.message = b"a change"
            commit.parents = [repo.refs[ref]] if ref in repo.refs else []
            repo.object_store.add_object(commit)
            repo.refs[ref] = commit.id
            return commit.id.decode()

    def drop(self, name: str, branch: str = "main") -> None:
        with Repo(str(self.folder / name)) as repo:
            del repo.refs[Ref(b"refs/heads/" + branch.encode())]


def _tree(repo: Repo, files: Mapping[str, tuple[int, str | bytes]]) -> ObjectID:
    tree = Tree()
    folders: dict[str, dict[str, tuple[int, str | bytes]]] = {}
    for path, (mode, text) in files.items():
        folder, _, rest = path.partition("/")
        if rest:
            folders.setdefault(folder, {})[rest] = (mode, text)
            continue
        blob = Blob.from_string(text.encode() if isinstance(text, str) else text)
        repo.object_store.add_object(blob)
        tree.add(folder.encode(), mode, blob.id)
    for folder, inside in folders.items():
        tree.add(folder.encode(), 0o040000, _tree(repo, inside))
    repo.object_store.add_object(tree)
    return tree.id


class Letterbox:
    """A broker that takes what it is given, and tells nobody."""

    async def generation(self) -> str:
        return "the only one"

    async def publish(self, entries: Sequence[Entry], generation: str) -> None:
        del entries, generation

    async def heads_published(self, relay: str, generation: str) -> None:
        del relay, generation


async def _heard() -> None:
    """Have nothing on its way from the broker."""


class Desk:
    """The ingestor's parts without broker and web server, and what a test asks of them."""

    def __init__(
        self,
        ledger: Ledger,
        data: Path,
        configuration: Mapping[str, Any],
        extensions: Extensions | None = None,
        transport: httpx2.MockTransport | None = None,
    ) -> None:
        self.ledger = ledger
        self.configuration = Configuration.of(configuration)
        self.later = timedelta()
        self.store = SourceStore(ledger, self.clock)
        self.mirrors = Mirrors(data / "mirrors")
        fetcher = SafeFetcher(self.configuration.allowed, transport)
        self.reader = Reader(self.mirrors, self.configuration, fetcher)
        self.kinds = Kinds(ledger, self.store, self.configuration.digest)
        self.asking = Asking()
        given = surroundings(self.configuration.hosts, self.configuration.whole, self.asking)
        self.providers = EntityProviders(self.configuration.entries, extensions or Extensions(), given)
        self.recorder = Recorder(ledger, self.store, self.configuration.orphans)
        self.reading = Reading(
            self.store,
            Aside(self.reader, self.providers.read),
            self.recorder,
            configuration=self.configuration,
            kinds=self.kinds,
            clock=self.clock,
        )
        self.workers = Workers(self.store, self.reading, number=4, clock=self.clock)
        self.orphans = Orphans(
            self.store,
            self.recorder,
            self.kinds,
            self.configuration.orphans,
            clock=self.clock,
            wake=self.workers.wake,
        )
        keep = self.configuration.orphans.keep_providers
        self.timetable = Timetable(self.store, self.providers, wake=self.workers.wake, clock=now, keep=keep)
        self.discoveries = Discoveries(self.configuration.providers, now)
        self.registry = Registry(
            ledger,
            self.store,
            self.reader,
            configuration=self.configuration,
            discoveries=self.discoveries,
            wake=self.workers.wake,
        )
        self.trial = Trial(self.store, self.reader, self.configuration, self.kinds)
        self.proposals = Proposals(ledger, self.store, self.reader)
        self.review = Review(
            self.proposals, self.reader, self.kinds, pulls=PullRequests(), configuration=self.configuration
        )
        self.reconciler = Reconciler(
            ledger,
            self.store,
            self.workers,
            lookout=Lookout(self.mirrors, self.configuration.hosts, fetcher),
            configuration=self.configuration,
            seconds=900,
            lists=Lists(transport=transport),
            discoveries=self.discoveries,
        )
        self.unprocessed = Unprocessed(self.store, self.registry, self.configuration.hosts)
        self.relay = Relay(ledger, Letterbox(), "ingestor")
        self.written = Written(ledger, self.store, workers=self.workers, relay=self.relay, heard=_heard)
        self.inbox = Inbox(
            self.store,
            self.configuration,
            wake=self.workers.wake,
            look=self.reconciler.look,
            hearing=self.providers.hearing,
        )

    def app(self, *secrets: str) -> FastAPI:
        """The HTTP face, to which webhooks may come with these secrets."""
        parts = Parts(
            door=Door(self.ledger, secrets),
            registry=self.registry,
            trial=self.trial,
            history=History(self.ledger),
            proposals=self.proposals,
            review=self.review,
            written=self.written,
            unprocessed=self.unprocessed,
            orphans=self.orphans,
            restoring=Restoring(self.ledger, self.store, self.kinds),
        )
        return api(parts)

    def close(self) -> None:
        self.mirrors.close()
        self.asking.close()

    def clock(self) -> datetime:
        """Tell the time, as late as a test wants it."""
        return now() + self.later

    async def register(self, url: str) -> None:
        await self.registry.register("url", url)
        await self.settle()

    async def look(self) -> None:
        """Reconcile, then read all that this asked for."""
        await self.reconciler.reconcile()
        await self.settle()

    async def settle(self) -> None:
        """Read whatever is due, once each."""
        for _ in range(100):
            source = await self.store.read(lambda table: table.due(()))
            if source is None:
                return
            await self.reading.read(source)
        raise AssertionError("it never settles")

    async def entities(self) -> dict[str, EntityChanged]:
        heads = await self.ledger.heads(0, 10_000, topic=ENTITIES)
        return {
            each.identity: EntityChanged.model_validate_json(each.body) for each in heads if not each.gone
        }

    async def refs(self) -> list[str]:
        return sorted(await self.entities())

    async def source(self, name: str) -> Source:
        found = await self.store.read(lambda table: table.all())
        return next(source for source in found if source.address.repository.endswith(f"/{name}"))

    async def problems(self, name: str) -> list[str]:
        return [
            f"{each.path}:{each.line}: {each.message}" if each.path else each.message
            for each in (await self.source(name)).problems
        ]


@pytest.fixture
def host(tmp_path: Path) -> GitFolder:
    folder = tmp_path / "git"
    folder.mkdir()
    return GitFolder(folder)


@pytest.fixture
async def open_desk(host: GitFolder, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    @asynccontextmanager
    async def opened(extensions: Extensions | None = None, **catalog: Any) -> AsyncIterator[Desk]:
        url = f"sqlite:///{tmp_path}/ingestor.db"
        async with Ledger.open(url, name="ingestor", migrations=MIGRATIONS) as ledger:
            desk = Desk(ledger, tmp_path, host.configuration(**catalog), extensions)
            try:
                yield desk
            finally:
                desk.close()

    yield opened
    await asyncio.sleep(0)


@pytest.fixture
def open_elsewhere(tmp_path: Path) -> Callable[..., Any]:
    """Opens a desk of any configuration, on a ledger of its own; `answer` is what its hosts say to each request."""

    @asynccontextmanager
    async def opened(configuration: Mapping[str, Any], answer: Answers | None = None) -> AsyncIterator[Desk]:
        transport = httpx2.MockTransport(answer) if answer else None
        url = f"sqlite:///{tmp_path}/elsewhere.db"
        async with Ledger.open(url, name="ingestor", migrations=MIGRATIONS) as ledger:
            desk = Desk(ledger, tmp_path / "elsewhere", configuration, transport=transport)
            try:
                yield desk
            finally:
                desk.close()

    return opened


@pytest.fixture
async def desk(open_desk: Callable[..., Any]) -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened
