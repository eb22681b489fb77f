"""Takes jobs off the queue and builds sites, a few at a time, never on the event loop."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import orjson
import structlog
from sipario_events import Cause, Section
from sipario_ledger import LedgerUnavailable
from sipario_model import EntityRef, Problem
from sipario_scm.errors import HostUnavailable, MirrorDamaged, ScmError
from sipario_scm.hosts import Hosts
from sipario_scm.mirror import Mirror
from sipario_scm.tree import Tree

from sipario_techdocs import build
from sipario_techdocs.blobs import Blobs
from sipario_techdocs.checkout import Folder
from sipario_techdocs.markup import Markup
from sipario_techdocs.mkdocs import SiteError
from sipario_techdocs.origin import Origin, origin_of
from sipario_techdocs.page import Rendered
from sipario_techdocs.shelf import Shelf
from sipario_techdocs.site import MAX_ASSET_BYTES, Plan, Source, plan
from sipario_techdocs.store import AssetKept, Job, Library, Queue, SiteKept, SourceKept

MAX_ASSETS_BYTES = 200 << 20
TRIES_BEFORE_TELLING = 3
LONGEST_PAUSE = 60.0

log = structlog.get_logger(__name__)

Read = Callable[[Origin, str], Tree]
"""Brings a repository's folder in at its newest commit; blocking. The commit given is a hint."""


class Renders(Protocol):
    """Renders pages elsewhere."""

    async def render(self, markup: Markup, shelf: Shelf, sources: Sequence[Source]) -> Sequence[Rendered]:
        """Render pages of one site, in order."""
        ...


class Mirrors:
    """The service's own mirrors of the repositories that docs are in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Mirror] = {}

    def read(self, origin: Origin, hint: str) -> Tree:
        """Fetch what is new and return the tree; raises `ScmError`."""
        mirror = self._open.get(origin.clone)
        if mirror is None:
            mirror = Mirror.under(self._folder, origin.clone, origin.host.token)
            self._open[origin.clone] = mirror
        return mirror.read(origin.branch, hint)

    def close(self) -> None:
        """Close the connections."""
        for mirror in self._open.values():
            mirror.close()


@dataclass(frozen=True)
class Gathered:
    """What one visit to a repository brought."""

    plan: Plan
    assets: Sequence[AssetKept]
    problems: Sequence[Problem]
    cause: Cause
    edit_base: str


class Builder:
    """Builds the site of one job at a time."""

    def __init__(
        self, queue: Queue, library: Library, *, blobs: Blobs, read: Read, renders: Renders, hosts: Hosts
    ) -> None:
        self._queue = queue
        self._library = library
        self._blobs = blobs
        self._read = read
        self._renders = renders
        self._hosts = hosts

    async def build(self, job: Job) -> None:
        """Make the newest commit's docs the ones that are served; raises `HostUnavailable` when that must wait."""
        source = await self._queue.source(job.ref)
        known = await self._library.site(job.ref)
        if source is None or not source.documented:
            return await self._retract(job, known)
        try:
            origin = origin_of(source.entity, source.location, self._hosts)
            gathered = await asyncio.to_thread(self._gather, job, source, origin, known)
        except (SiteError, ScmError) as error:
            if isinstance(error, HostUnavailable | MirrorDamaged):
                raise
            return await self.tell(job, str(error))
        return await self._serve(job, gathered, known)

    async def tell(self, job: Job, error: str) -> None:
        """Keep what is served, and say why there is nothing newer."""
        known = await self._library.site(job.ref)
        new = build.failed(job.ref, known, error)
        if build.same(known, new):
            return await self._queue.done(job)
        log.info("docs not built", ref=job.ref, error=error)
        return await self._library.switch(job, new, build.events_of(known, new, {}, Cause()))

    async def _retract(self, job: Job, known: SiteKept | None) -> None:
        if known is None:
            return await self._queue.done(job)
        return await self._library.switch(job, None, build.gone(known, Cause()))

    def _gather(self, job: Job, source: SourceKept, origin: Origin, known: SiteKept | None) -> Gathered:
        tree = self._read(origin, job.hint)
        try:
            folder = Folder(tree, origin.folder)
            planned = plan(folder, ref=EntityRef.parse(source.ref))
            assets = list(self._assets(folder, planned, known))
            problems = [Problem(f"not shown: {reason}", path) for path, reason in folder.refused.items()]
            commit = tree.commit
            cause = Cause(
                repository=origin.repository,
                commit=commit.sha,
                author=commit.author,
                committed_at=commit.committed_at,
            )
            return Gathered(planned, assets, problems, cause, origin.edit_base(tree.branch))
        finally:
            with suppress(AttributeError):
                tree.close()  # type: ignore[attr-defined]

    def _assets(self, folder: Folder, planned: Plan, known: SiteKept | None) -> Sequence[AssetKept]:
        before = known.assets if known else {}
        kept: list[AssetKept] = []
        total = 0
        for path in planned.assets:
            place = planned.shelf.sources[path]
            asset = before.get(path)
            if asset is None or asset.source != folder.id_of(place):
                asset = self._asset(path, folder, place)
            total += asset.size if asset else 0
            if total > MAX_ASSETS_BYTES:
                raise SiteError(f"the files beside the pages have more than {MAX_ASSETS_BYTES >> 20} MiB")
            if asset:
                kept.append(asset)
        return kept

    def _asset(self, path: str, folder: Folder, place: str) -> AssetKept | None:
        data = folder[place]
        if place in folder.refused:
            return None
        if len(data) > MAX_ASSET_BYTES:
            folder.refused[place] = f"the file has more than {MAX_ASSET_BYTES >> 20} MiB"
            return None
        (digest,) = self._blobs.put([data])
        return AssetKept(path, folder.id_of(place), digest, len(data))

    async def _serve(self, job: Job, gathered: Gathered, known: SiteKept | None) -> None:
        planned = gathered.plan
        sources = build.to_render(planned, known, whole=job.whole)
        rendered = await self._renders.render(planned.markup, planned.shelf, sources) if sources else ()
        fresh = [
            build.made(source, page, place=planned.shelf.sources[source.path])
            for source, page in zip(sources, rendered, strict=True)
        ]
        await asyncio.to_thread(self._blobs.put, [each.body for each in fresh])
        pages = {path: known.pages[path] for path in planned.pages if known and path in known.pages}
        pages |= {each.page.path: each.page for each in fresh}
        new = build.assembled(
            job.ref,
            planned,
            pages,
            gathered.assets,
            cause=gathered.cause,
            built_at=int(time.time() * 1000),
            edit_base=gathered.edit_base,
            problems=gathered.problems,
        )
        if build.same(known, new):
            return await self._queue.done(job)
        sections = await asyncio.to_thread(self._sections, build.needed(known, new))
        events = build.events_of(known, new, sections, gathered.cause)
        await self._library.switch(job, new, events)
        log.info("docs built", ref=job.ref, rendered=len(fresh), pages=len(pages), commit=new.commit[:8])
        return None

    def _sections(self, digests: set[str]) -> Mapping[str, Sequence[Section]]:
        bodies = {digest: orjson.loads(self._blobs.get(digest)) for digest in digests}
        return {
            digest: [Section(**section) for section in body["sections"]] for digest, body in bodies.items()
        }


class Crew:
    """Workers that empty the queue; woken when something was put in it."""

    def __init__(self, queue: Queue, builder: Builder, *, workers: int) -> None:
        self._queue = queue
        self._builder = builder
        self._workers = workers
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._tries: dict[str, int] = {}
        self._resting: dict[str, tuple[int, float]] = {}
        self.pending = 0

    def wake(self) -> None:
        """Look into the queue."""
        self._wake.set()

    async def run(self) -> None:
        """Build until cancelled."""
        try:
            while True:
                self._wake.clear()
                pause = await self._assign()
                # (Not wait_for: under Python 3.11 it may swallow the cancellation that ends us.)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _assign(self) -> float | None:
        try:
            waiting = await self._queue.waiting(1000)
        except LedgerUnavailable:
            return 1.0
        self.pending = len(waiting)
        now = time.monotonic()
        for job in waiting:
            if len(self._busy) >= self._workers:
                break
            if job.ref not in self._busy and self._rest_of(job) <= now:
                self._busy[job.ref] = asyncio.create_task(self._work(job), name=f"docs of {job.ref}")
        rests = [rest - now for rest in map(self._rest_of, waiting) if rest > now]
        return max(min(rests), 0.01) if rests else None

    def _rest_of(self, job: Job) -> float:
        """Tell when a job may be tried again; one that was asked for anew does not rest."""
        turn, until = self._resting.get(job.ref, (job.turn, 0.0))
        return until if turn == job.turn else 0.0

    async def _work(self, job: Job) -> None:
        try:
            await self._builder.build(job)
            self._tries.pop(job.ref, None)
            self._resting.pop(job.ref, None)
        except (ScmError, LedgerUnavailable) as error:
            await self._later(job, error)
        except Exception as error:  # the worker's edge: no site may stop the others
            log.exception("docs failed", ref=job.ref)
            await self._later(job, error)
        finally:
            del self._busy[job.ref]
            self.wake()

    async def _later(self, job: Job, error: Exception) -> None:
        tries = self._tries[job.ref] = self._tries.get(job.ref, 0) + 1
        pause = min(0.25 * 2.0 ** min(tries, 16), LONGEST_PAUSE)
        self._resting[job.ref] = (job.turn, time.monotonic() + pause)
        log.warning("docs wait", ref=job.ref, tries=tries, error=str(error))
        if tries == TRIES_BEFORE_TELLING and not isinstance(error, LedgerUnavailable):
            with suppress(LedgerUnavailable):
                await self._builder.tell(Job(job.ref, -1), str(error))
