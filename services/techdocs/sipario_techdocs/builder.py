"""Builds sites, one job after the other, never on the event loop."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import orjson
import structlog
from sipario_events import Cause, Section
from sipario_scm.errors import HostUnavailable, MirrorDamaged, ScmError
from sipario_scm.hosts import Hosts

from sipario_techdocs import build
from sipario_techdocs.blobs import Blobs
from sipario_techdocs.markup import Markup
from sipario_techdocs.mkdocs import SiteError
from sipario_techdocs.origin import origin_of
from sipario_techdocs.page import Rendered
from sipario_techdocs.shelf import Shelf
from sipario_techdocs.site import Source
from sipario_techdocs.store import Again, Heard, Job, Library, PageKept, Queue, SiteKept, SourceKept
from sipario_techdocs.visit import Gathered, Read, Visitor

FIRST_PAUSE = 60.0
LONGEST_PAUSE = 3600.0

log = structlog.get_logger(__name__)


class Renders(Protocol):
    """Renders pages elsewhere."""

    async def render(self, markup: Markup, shelf: Shelf, sources: Sequence[Source]) -> Sequence[Rendered]:
        """Render pages of one site, in order."""
        ...


class Builder:
    """Builds the site of one job at a time."""

    def __init__(
        self,
        heard: Heard,
        queue: Queue,
        library: Library,
        *,
        blobs: Blobs,
        read: Read,
        renders: Renders,
        hosts: Hosts,
    ) -> None:
        self._heard = heard
        self._queue = queue
        self._library = library
        self._blobs = blobs
        self._visitor = Visitor(read, blobs)
        self._renders = renders
        self._hosts = hosts

    async def build(self, job: Job) -> None:
        """Make the newest commit's docs the ones that are served; raises `HostUnavailable` when that must wait."""
        source = await self._heard.source(job.ref)
        known = await self._library.site(job.ref)
        if source is None or not source.documented:
            return await self._retract(job, known)
        try:
            origin = origin_of(source.entity, source.location, self._hosts)
            gathered = await asyncio.to_thread(self._visitor.visit, job.ref, origin, job.hint, known)
        except (HostUnavailable, MirrorDamaged):
            raise
        except SiteError as error:
            return await self.tell(job, str(error))
        except ScmError as error:
            # No push tells that a token was mended or a repository came back.
            return await self.tell(job, str(error), Again(_pause(job), told=True))
        named = replace(gathered.plan, name=gathered.plan.name or _name(source))
        return await self._serve(job, replace(gathered, plan=named), known)

    async def tell(self, job: Job, error: str, again: Again | None = None) -> None:
        """Keep what is served, say why there is nothing newer, and finish the job."""
        known = await self._library.site(job.ref)
        new = build.failed(job.ref, known, error)
        if build.same(known, new):
            return await self._queue.finish(job, again)
        log.info("docs not built", ref=job.ref, error=error)
        return await self._library.switch(job, new, build.events_of(known, new, {}, Cause()), again)

    async def _retract(self, job: Job, known: SiteKept | None) -> None:
        if known is None:
            return await self._queue.finish(job)
        return await self._library.switch(job, None, build.gone(known, Cause()))

    async def _serve(self, job: Job, gathered: Gathered, known: SiteKept | None) -> None:
        rendered = await self._rendered(job, gathered, known)
        kept = {path: known.pages[path] for path in gathered.plan.pages if known and path in known.pages}
        new = build.assembled(
            job.ref,
            gathered.plan,
            {**kept, **rendered},
            gathered.assets,
            cause=gathered.cause,
            built_at=int(time.time() * 1000),
            edit_base=gathered.edit_base,
            problems=gathered.problems,
        )
        again = Again(_pause(job), told=True, built=True) if build.unfinished(new) else None
        if build.same(known, new):
            return await self._queue.finish(job, again)
        sections = await asyncio.to_thread(self._sections, build.needed(known, new))
        events = build.events_of(known, new, sections, gathered.cause)
        await self._library.switch(job, new, events, again)
        log.info(
            "docs built", ref=job.ref, rendered=len(rendered), pages=len(new.pages), commit=new.commit[:8]
        )
        return None

    async def _rendered(self, job: Job, gathered: Gathered, known: SiteKept | None) -> Mapping[str, PageKept]:
        planned = gathered.plan
        sources = build.to_render(planned, known, whole=job.whole)
        pages = await self._renders.render(planned.markup, planned.shelf, sources) if sources else ()
        fresh = [
            build.made(source, page, place=planned.shelf.sources[source.path])
            for source, page in zip(sources, pages, strict=True)
        ]
        await asyncio.to_thread(self._blobs.put, [each.body for each in fresh])
        before = known.pages if known else {}
        return {
            each.page.path: build.better(before.get(each.page.path), each.page, planned) for each in fresh
        }

    def _sections(self, digests: set[str]) -> Mapping[str, Sequence[Section]]:
        bodies = {digest: orjson.loads(self._blobs.get(digest)) for digest in digests}
        return {
            digest: [Section(**section) for section in body["sections"]] for digest, body in bodies.items()
        }


def _name(source: SourceKept) -> str:
    metadata = source.entity.get("metadata") or {}
    return str(metadata.get("title") or metadata.get("name") or "")


def _pause(job: Job) -> float:
    return min(FIRST_PAUSE * 2.0 ** min(job.tries, 16), LONGEST_PAUSE)
