"""What techdocs answers: metadata, pages and files, each looked up in a manifest and never on a disk by its path."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote

import orjson
from fastapi import FastAPI, Request, Response
from sipario_kit.errors import NotAllowed, NotFound, install_error_handlers
from sipario_kit.principal import principal_of
from sipario_model import EntityRef, LocationError, LocationRef
from sipario_model.annotations import MANAGED_BY_LOCATION
from starlette.responses import JSONResponse

from sipario_techdocs.blobs import Blobs
from sipario_techdocs.serving import HEADERS, page_html, type_of
from sipario_techdocs.store import Heard, Library, PageKept, Queue, SiteKept

BASE = "/api/techdocs"
WHOSE = "{namespace}/{kind}/{name}"
JSON = "application/json"
EVENTS = "text/event-stream"


class Shelves(Protocol):
    """What the answers are made from, while the service runs."""

    @property
    def library(self) -> Library:
        """The manifests."""
        ...

    @property
    def heard(self) -> Heard:
        """What was heard."""
        ...

    @property
    def queue(self) -> Queue:
        """The builds that wait."""
        ...

    @property
    def blobs(self) -> Blobs:
        """The bytes."""
        ...

    def wake(self) -> None:
        """Let the builders look into the queue."""
        ...


def api(shelves: Shelves) -> FastAPI:
    """Make the app."""
    app = FastAPI(title="Sipario techdocs", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.router.redirect_slashes = False
    install_error_handlers(app)
    _install_metadata(app, shelves)
    _install_pages(app, shelves)
    _install_building(app, shelves)
    return app


def _install_metadata(app: FastAPI, shelves: Shelves) -> None:
    @app.get(f"{BASE}/metadata/techdocs/{WHOSE}", summary="What is served of an entity's docs")
    async def metadata(request: Request, namespace: str, kind: str, name: str) -> Response:
        """Answer Backstage's fields, and nav, problems, commit and error."""
        kept = await _site(shelves, EntityRef(kind, namespace, name))
        return _cached(request, kept.etag, orjson.dumps(metadata_of(kept)), JSON)

    @app.get(f"{BASE}/metadata/entity/{WHOSE}", summary="The entity that docs belong to")
    async def entity(namespace: str, kind: str, name: str) -> Response:
        """Answer the entity as the catalog last told it, with the location it was read from."""
        ref = EntityRef(kind, namespace, name)
        source = await shelves.heard.source(str(ref))
        if source is None or not source.documented:
            raise NotFound(f"{ref} has no docs")
        return JSONResponse({**source.entity, **_location(source.entity)})


def _install_pages(app: FastAPI, shelves: Shelves) -> None:
    @app.get(f"{BASE}/pages/{WHOSE}", include_in_schema=False)
    @app.get(f"{BASE}/pages/{WHOSE}/{{path:path}}", summary="One page, ready to be shown")
    async def page(request: Request, namespace: str, kind: str, name: str, path: str = "") -> Response:
        """Answer title, sanitised HTML and table of contents."""
        site, kept, body = await _page(shelves, EntityRef(kind, namespace, name), path)
        shown = {
            "title": kept.title,
            "description": body["description"],
            "html": body["html"],
            "toc": body["toc"],
            "path": kept.url,
            "editUrl": _edit_url(site, kept),
        }
        return _cached(request, f"{kept.blob[:32]}-{site.etag[:16]}", orjson.dumps(shown), JSON)

    @app.get(
        f"{BASE}/static/docs/{WHOSE}/{{path:path}}",
        summary="A file of the docs",
        responses={200: {"content": {"*/*": {}}}},
    )
    async def static(request: Request, namespace: str, kind: str, name: str, path: str) -> Response:
        """Answer a file, or a page as HTML; nothing of it can run in a browser."""
        ref = EntityRef(kind, namespace, name)
        asset = await shelves.library.asset(str(ref), path)
        if asset is not None:
            return await _file(request, shelves, path, asset.blob)
        if path == "techdocs_metadata.json":
            kept = await _site(shelves, ref)
            return _cached(request, kept.etag, orjson.dumps(metadata_of(kept)), JSON)
        if not path.endswith(".html"):
            raise NotFound(f"The docs of {ref} have no file of this path")
        _, kept_page, body = await _page(shelves, ref, path)
        text = page_html(kept_page.title, body["html"]).encode()
        return _cached(request, kept_page.blob[:32], text, "text/html; charset=utf-8")


def _install_building(app: FastAPI, shelves: Shelves) -> None:
    @app.get(
        f"{BASE}/sync/{WHOSE}",
        summary="Backstage's question whether docs must be built first",
        responses={200: {"content": {EVENTS: {}}}},
    )
    async def sync(namespace: str, kind: str, name: str) -> Response:
        """Answer that they need not: docs are built when their repository changes, never on a visit."""
        del namespace, kind, name
        text = 'event: finish\ndata: {"updated":false}\n\n'
        return Response(text, media_type=EVENTS, headers={"Cache-Control": "no-store"})

    @app.post(f"{BASE}/rebuild", status_code=202, summary="Render everything anew")
    async def rebuild(request: Request) -> dict[str, int]:
        """Queue all docs; each is served as it was until its new build is complete. For the operator."""
        principal = principal_of(request.scope)
        if principal is None or principal.kind != "operator":
            raise NotAllowed("Only the operator may rebuild the docs.")
        count = await shelves.queue.queue_all(whole=True)
        shelves.wake()
        return {"sites": count}


def metadata_of(site: SiteKept) -> dict[str, Any]:
    """Tell of a site what Backstage tells, and more."""
    about = site.about
    pages = [f"{page.url}index.html" for page in site.pages.values()]
    return {
        "site_name": about.get("name") or site.ref,
        "site_description": about.get("description", ""),
        "build_timestamp": site.built_at,
        "etag": site.etag,
        "files": sorted([*pages, *site.assets]),
        "engine": "sipario",
        "nav": about.get("nav", []),
        "problems": about.get("problems", []),
        "error": about.get("error", ""),
        "commit": site.commit,
    }


async def _site(shelves: Shelves, ref: EntityRef) -> SiteKept:
    kept = await shelves.library.site(str(ref))
    if kept is None:
        raise NotFound(f"{ref} has no docs, or they are not built yet")
    return kept


async def _page(shelves: Shelves, ref: EntityRef, path: str) -> tuple[SiteKept, PageKept, Mapping[str, Any]]:
    url = url_from(path)
    found = await shelves.library.find(str(ref), url)
    if found is None and not url and (kept := await shelves.library.site(str(ref))):
        found = await shelves.library.find(str(ref), _first(kept.about.get("nav", [])))
    if found is None:
        raise NotFound(f"The docs of {ref} have no page of this path")
    site, page = found
    data = await asyncio.to_thread(shelves.blobs.get, page.blob)
    return site, page, orjson.loads(data)


def _first(nav: Sequence[Mapping[str, Any]]) -> str:
    """Name the page that docs without an index begin with."""
    for item in nav:
        found = item.get("path") or _first(item.get("children", ()))
        if found:
            return str(found)
    return ""


def url_from(path: str) -> str:
    """Read a page's URL as people and old links write it: with or without slash, `index.html`, `.html` or `.md`."""
    for ending in ("index.html", "index.md", "README.md", ".html", ".md"):
        if path.endswith(ending):
            path = path.removesuffix(ending)
            break
    return f"{path.removesuffix('/')}/" if path.strip("/") else ""


async def _file(request: Request, shelves: Shelves, path: str, digest: str) -> Response:
    media_type, saved = type_of(path)
    data = await asyncio.to_thread(shelves.blobs.get, digest)
    answer = _cached(request, digest[:32], data, media_type)
    if saved:
        answer.headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{quote(path.rsplit('/', 1)[-1])}"
        )
    return answer


def _cached(request: Request, etag: str, body: bytes, media_type: str) -> Response:
    quoted = f'"{etag}"'
    headers = {**HEADERS, "ETag": quoted}
    given = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if quoted in given or "*" in given:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _edit_url(site: SiteKept, page: PageKept) -> str:
    if site.about.get("edit"):
        return f"{site.about['edit']}{quote(page.path)}"
    if site.about.get("edit_source"):
        return f"{site.about['edit_source']}{quote(page.facts['source'])}"
    return ""


def _location(entity: Mapping[str, Any]) -> dict[str, Any]:
    annotations = entity.get("metadata", {}).get("annotations", {})
    try:
        location = LocationRef.parse(str(annotations.get(MANAGED_BY_LOCATION, "")))
    except LocationError:
        return {}
    return {"locationMetadata": {"type": location.type, "target": location.target}}
