"""A visit to a repository: everything that a build needs of it, taken along at once. Blocking."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sipario_events import Cause
from sipario_model import EntityRef, Problem
from sipario_scm.tree import Tree

from sipario_techdocs.blobs import Blobs
from sipario_techdocs.checkout import Folder
from sipario_techdocs.mkdocs import SiteError
from sipario_techdocs.origin import Origin
from sipario_techdocs.site import MAX_ASSET_BYTES, Plan, plan
from sipario_techdocs.store import AssetKept, SiteKept

MAX_ASSETS_BYTES = 200 << 20

Read = Callable[[Origin, str], Tree]
"""Brings a repository's folder in at its newest commit; blocking. The commit given is a hint."""


@dataclass(frozen=True)
class Gathered:
    """What one visit to a repository brought."""

    plan: Plan
    assets: Sequence[AssetKept]
    problems: Sequence[Problem]
    cause: Cause
    edit_base: str


class Visitor:
    """Visits repositories, and keeps the files beside the pages that are new."""

    def __init__(self, read: Read, blobs: Blobs) -> None:
        self._read = read
        self._blobs = blobs

    def visit(self, ref: str, origin: Origin, hint: str, known: SiteKept | None) -> Gathered:
        """Gather a site; raises `ScmError` and `SiteError`."""
        tree = self._read(origin, hint)
        try:
            folder = Folder(tree, origin.folder)
            planned = plan(folder, ref=EntityRef.parse(ref))
            assets = list(self._assets(folder, planned, known))
            problems = [Problem(f"not shown: {reason}", path) for path, reason in folder.refused.items()]
            return Gathered(planned, assets, problems, _cause(tree, origin), origin.edit_base(tree.branch))
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


def _cause(tree: Tree, origin: Origin) -> Cause:
    commit = tree.commit
    return Cause(
        repository=origin.repository,
        commit=commit.sha,
        author=commit.author,
        committed_at=commit.committed_at,
    )
