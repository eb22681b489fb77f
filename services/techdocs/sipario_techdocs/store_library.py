"""The manifests of what is served, in the ledger's database."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sipario_events import VersionedEvent
from sipario_ledger import Ledger
from sqlalchemy import Connection, Row, delete, insert, select

from sipario_techdocs.jobs import finish
from sipario_techdocs.store import Again, AssetKept, Job, PageKept, SiteKept
from sipario_techdocs.tables import assets, pages, sites


class LedgerLibrary:
    """A `Library` beside the service's ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def site(self, ref: str) -> SiteKept | None:
        """Return the whole manifest of an entity's docs."""
        return await self._ledger.read(lambda connection: _site(connection, ref))

    async def find(self, ref: str, url: str) -> tuple[SiteKept, PageKept] | None:
        """Return one page with its site."""

        def work(connection: Connection) -> tuple[SiteKept, PageKept] | None:
            row = connection.execute(select(sites).where(sites.c.ref == ref)).one_or_none()
            query = (
                select(pages).where(pages.c.ref == ref, pages.c.url == url).order_by(pages.c.path).limit(1)
            )
            page = connection.execute(query).one_or_none()
            return (_kept(row, {}, {}), _page(page)) if row is not None and page is not None else None

        return await self._ledger.read(work)

    async def asset(self, ref: str, path: str) -> AssetKept | None:
        """Return one asset."""
        query = select(assets).where(assets.c.ref == ref, assets.c.path == path)
        row = await self._ledger.read(lambda connection: connection.execute(query).one_or_none())
        return AssetKept(*row[1:]) if row else None

    async def switch(
        self, job: Job, site: SiteKept | None, events: Sequence[VersionedEvent], again: Again | None = None
    ) -> None:
        """Serve this from now on, say the events, and finish the job."""

        def work(connection: Connection) -> None:
            known = _site(connection, job.ref)
            _forget(connection, job.ref, known, site)
            if site:
                _keep(connection, site, known)
            finish(connection, job, again)

        await self._ledger.record(events, alongside=work)

    async def wanted_blobs(self) -> Collection[str]:
        """Return the digests of all that is served."""

        def work(connection: Connection) -> set[str]:
            found = set(connection.execute(select(pages.c.blob)).scalars())
            return found | set(connection.execute(select(assets.c.blob)).scalars())

        return await self._ledger.read(work)


def _site(connection: Connection, ref: str) -> SiteKept | None:
    row = connection.execute(select(sites).where(sites.c.ref == ref)).one_or_none()
    if row is None:
        return None
    found = [_page(page) for page in connection.execute(select(pages).where(pages.c.ref == ref))]
    files = [AssetKept(*each[1:]) for each in connection.execute(select(assets).where(assets.c.ref == ref))]
    return _kept(row, {page.path: page for page in found}, {asset.path: asset for asset in files})


def _kept(row: Row[Any], found: Mapping[str, PageKept], files: Mapping[str, AssetKept]) -> SiteKept:
    return SiteKept(row.ref, row.etag, row.commit, row.built_at, orjson.loads(row.about), found, files)


def _page(row: Row[Any]) -> PageKept:
    return PageKept(row.path, row.url, row.title, row.digest, row.blob, orjson.loads(row.facts))


def _forget(connection: Connection, ref: str, known: SiteKept | None, new: SiteKept | None) -> None:
    if known is None:
        return
    connection.execute(delete(sites).where(sites.c.ref == ref))
    for table, old, now in (
        (pages, known.pages, new and new.pages),
        (assets, known.assets, new and new.assets),
    ):
        changed = [path for path, kept in old.items() if not now or now.get(path) != kept]
        for start in range(0, len(changed), 400):
            some = changed[start : start + 400]
            connection.execute(delete(table).where(table.c.ref == ref, table.c.path.in_(some)))


def _keep(connection: Connection, site: SiteKept, known: SiteKept | None) -> None:
    row = {"ref": site.ref, "etag": site.etag, "commit": site.commit, "built_at": site.built_at}
    connection.execute(insert(sites).values({**row, "about": orjson.dumps(site.about)}))
    before = known.pages if known else {}
    written = [_page_row(site.ref, page) for path, page in site.pages.items() if before.get(path) != page]
    if written:
        connection.execute(insert(pages), written)
    had = known.assets if known else {}
    files = [_asset_row(site.ref, asset) for path, asset in site.assets.items() if had.get(path) != asset]
    if files:
        connection.execute(insert(assets), files)


def _page_row(ref: str, page: PageKept) -> dict[str, Any]:
    row = {"ref": ref, "path": page.path, "url": page.url, "title": page.title}
    return {**row, "digest": page.digest, "blob": page.blob, "facts": orjson.dumps(page.facts)}


def _asset_row(ref: str, asset: AssetKept) -> dict[str, Any]:
    return {"ref": ref, "path": asset.path, "source": asset.source, "blob": asset.blob, "size": asset.size}
