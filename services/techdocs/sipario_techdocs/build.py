"""From one commit's files to the next manifest: what can be kept, what is rendered, and what there is to say."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from sipario_events import Cause, PageBuilt, Section, SiteBuilt, VersionedEvent
from sipario_model import Problem

from sipario_techdocs.nav import Item
from sipario_techdocs.page import Rendered
from sipario_techdocs.shelf import url_of
from sipario_techdocs.site import Plan, Source, stale, title_of
from sipario_techdocs.store import AssetKept, PageKept, SiteKept

MAX_PROBLEMS = 500
MOST_CUT = 3
"""How often a page is rendered that takes too long, before it stays the text that it is."""


@dataclass(frozen=True)
class Made:
    """A page that was rendered just now: its row, and the bytes that it refers to."""

    page: PageKept
    body: bytes


def to_render(plan: Plan, known: SiteKept | None, *, whole: bool) -> list[Source]:
    """Choose the pages whose text, markup or link targets are not those that they were rendered with.

    With them come those that were cut short, but not too often; first of all, those that had no turn yet.
    """
    kept = known.pages if known and not whole else {}
    chosen = [
        source
        for path, source in plan.pages.items()
        if _outdated(plan, source, kept.get(path)) or _unfinished(kept[path])
    ]
    return sorted(chosen, key=lambda source: _cut(kept.get(source.path)) or 0)


def better(known: PageKept | None, fresh: PageKept, plan: Plan) -> PageKept:
    """Choose between what is served and what was rendered now, which may have been cut short."""
    if _cut(fresh) is None or known is None or known.digest != fresh.digest:
        return fresh
    if _cut(known) is None and not _outdated(plan, plan.pages[known.path], known):
        return known
    return replace(fresh, facts={**fresh.facts, "cut": (_cut(known) or 0) + (_cut(fresh) or 0)})


def unfinished(site: SiteKept) -> bool:
    """Tell whether pages were cut short that may come out whole another time."""
    return any(map(_unfinished, site.pages.values()))


def _unfinished(page: PageKept) -> bool:
    cut = _cut(page)
    return cut is not None and cut < MOST_CUT


def _cut(page: PageKept | None) -> int | None:
    """Tell how often the rendering of a page was begun and cut short; None when it is complete."""
    return page.facts.get("cut") if page else None


def _outdated(plan: Plan, source: Source, kept: PageKept | None) -> bool:
    return kept is None or kept.digest != source.digest or stale(kept.facts["links"], source.path, plan.shelf)


def made(source: Source, page: Rendered, *, place: str) -> Made:
    """Turn a rendered page into what is stored of it; its title may change without it. `place` is its file."""
    body = {
        "html": page.html,
        "toc": [asdict(each) for each in page.toc],
        "sections": [each.model_dump() for each in page.sections],
        "description": source.description,
    }
    facts = {
        "links": dict(page.links),
        "problems": [asdict(each) for each in (*source.problems, *page.problems)],
        "heading": page.heading,
        "source": place,
        **({"cut": page.cut} if page.cut is not None else {}),
    }
    data = orjson.dumps(body)
    digest = hashlib.sha256(data).hexdigest()
    return Made(PageKept(source.path, url_of(source.path), "", source.digest, digest, facts), data)


def assembled(
    ref: str,
    plan: Plan,
    pages: Mapping[str, PageKept],
    assets: Sequence[AssetKept],
    *,
    cause: Cause,
    built_at: int,
    edit_base: str = "",
    problems: Sequence[Problem] = (),
) -> SiteKept:
    """Put a manifest together: titles, nav and problems."""
    given = {item.path: item.title for item in plan.nav.pages() if item.title}
    titled = {
        path: replace(page, title=given.get(path) or title_of(plan.pages[path], page.facts["heading"]))
        for path, page in sorted(pages.items())
    }
    told = [asdict(problem) for problem in (*plan.problems, *problems)]
    told += [problem for page in titled.values() for problem in page.facts["problems"] if problem not in told]
    about = {
        "name": plan.name,
        "description": plan.description,
        "nav": [_nav(item, titled) for item in plan.nav.items],
        "problems": told[:MAX_PROBLEMS],
        "edit": plan.edit_base,
        "edit_source": edit_base,
        "error": "",
    }
    files = {asset.path: asset for asset in assets}
    return SiteKept(ref, _etag(about, titled, files), cause.commit, built_at, about, titled, files)


def failed(ref: str, known: SiteKept | None, error: str) -> SiteKept:
    """Go on serving what there is, and tell why there is nothing newer."""
    if known is None:
        return SiteKept(ref, "", "", 0, {"name": "", "error": error}, {}, {})
    return replace(known, about={**known.about, "error": error})


def same(known: SiteKept | None, new: SiteKept) -> bool:
    """Tell that a reader would see no difference, and that nothing about the pages has to be remembered anew."""
    if known is None or known.etag != new.etag or known.about.get("error") != new.about.get("error"):
        return False
    return known.pages == new.pages and known.assets == new.assets


def events_of(
    known: SiteKept | None, new: SiteKept, bodies: Mapping[str, Sequence[Section]], cause: Cause
) -> list[VersionedEvent]:
    """Say which pages changed and went, then what became of the site. `bodies` has the sections by blob."""
    before = {page.url: page for page in known.pages.values()} if known else {}
    now = {page.url: page for page in new.pages.values()}
    changed = [url for url, page in now.items() if _etag_of(page) != _etag_of(before.get(url))]
    said: list[VersionedEvent] = [
        PageBuilt(
            ref=new.ref,
            path=url,
            title=now[url].title,
            sections=tuple(bodies[now[url].blob]),
            etag=_etag_of(now[url]),
            cause=cause,
        )
        for url in changed
    ]
    said += [PageBuilt(ref=new.ref, path=url, gone=True, cause=cause) for url in before if url not in now]
    error = str(new.about.get("error", ""))
    site = SiteBuilt(
        ref=new.ref, pages=tuple(now), changed=tuple(changed), error=error, etag=new.etag, cause=cause
    )
    return [*said, site]


def gone(known: SiteKept, cause: Cause) -> list[VersionedEvent]:
    """Say that nothing is left."""
    pages = [PageBuilt(ref=known.ref, path=page.url, gone=True, cause=cause) for page in known.pages.values()]
    return [*pages, SiteBuilt(ref=known.ref, gone=True, cause=cause)]


def needed(known: SiteKept | None, new: SiteKept) -> set[str]:
    """Name the blobs of pages whose sections have to be said."""
    before = {page.url: page for page in known.pages.values()} if known else {}
    return {page.blob for page in new.pages.values() if _etag_of(page) != _etag_of(before.get(page.url))}


def _etag_of(page: PageKept | None) -> str:
    return hashlib.sha256(f"{page.blob}\0{page.title}".encode()).hexdigest()[:32] if page else ""


def _etag(about: Mapping[str, Any], pages: Mapping[str, PageKept], assets: Mapping[str, AssetKept]) -> str:
    shown = [(page.url, _etag_of(page)) for page in pages.values()]
    files = sorted((asset.path, asset.blob) for asset in assets.values())
    facts = orjson.dumps([about, shown, files], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(facts).hexdigest()[:32]


def _nav(item: Item, pages: Mapping[str, PageKept]) -> dict[str, Any]:
    if item.path:
        page = pages[item.path]
        return {"title": item.title or page.title, "path": page.url}
    if item.href:
        return {"title": item.title, "href": item.href}
    return {"title": item.title, "children": [_nav(child, pages) for child in item.children]}
