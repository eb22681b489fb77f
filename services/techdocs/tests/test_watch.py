"""Docs in a repository that no entity is read from are looked after, when no webhook tells of it."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from dulwich import porcelain
from sipario_events import Cause, EntityChanged
from sipario_kit.projection import Checkpoint
from sipario_model.annotations import MANAGED_BY_LOCATION, TECHDOCS_REF
from sipario_scm import Hosts, Lookout, Mirrors, SafeFetcher
from sipario_techdocs.events import HearsEntities
from sipario_techdocs.watch import Watch

ADA = b"Ada <ada@palco.example>"


class Outside:
    """Two repositories on disk, and the watch over those that only docs are in."""

    def __init__(self, desk: Any, folder: Path, mirrors: Mirrors) -> None:
        self.desk, self.url, self._folder = desk, f"file://{folder}", folder
        for name in ("tickets", "guides"):
            porcelain.init(str(folder / name)).close()
            self.push(name, "one")
        hosts = Hosts.of_integrations({"git": [{"host": "local", "baseUrl": self.url}]})
        self._hears = HearsEntities(desk, hosts)
        self._watch = Watch(desk.heard, desk.queue, Lookout(mirrors, hosts, SafeFetcher()), wake=lambda: None)

    def push(self, name: str, text: str) -> None:
        (self._folder / name / "index.md").write_text(text)
        porcelain.add(str(self._folder / name), [str(self._folder / name / "index.md")])
        porcelain.commit(str(self._folder / name), text.encode(), author=ADA, committer=ADA)

    async def declare(self, name: str, docs: str) -> None:
        location = f"url:{self.url}/tickets/blob/master/catalog-info.yaml"
        annotations = {MANAGED_BY_LOCATION: location, TECHDOCS_REF: docs}
        entity = {"kind": "Component", "metadata": {"name": name, "annotations": annotations}}
        event = EntityChanged(
            ref=f"component:default/{name}", version=1, entity=entity, location=location, cause=Cause()
        )
        await self._hears.apply([event], Checkpoint("g"))
        await self.built()

    async def built(self) -> None:
        for job in (await self.desk.queue.look(100)).due:
            await self.desk.queue.finish(job)

    async def look(self) -> list[str]:
        """Look, and return what is to be built for it."""
        await self._watch.look()
        due = [job.ref for job in (await self.desk.queue.look(100)).due]
        await self.built()
        return due


@pytest.fixture
async def outside(desk: Any, tmp_path: Path) -> AsyncIterator[Outside]:
    folder = tmp_path / "git"
    for name in ("tickets", "guides"):
        (folder / name).mkdir(parents=True)
    with closing(Mirrors(tmp_path / "mirrors")) as mirrors:
        yield Outside(desk, folder, mirrors)


async def test_a_push_that_nobody_told_is_found(outside: Outside) -> None:
    await outside.declare("far", f"url:{outside.url}/guides")
    assert await outside.look() == ["component:default/far"], "how it was before the start is not known"
    assert await outside.look() == []
    outside.push("guides", "two")
    assert await outside.look() == ["component:default/far"]
    assert await outside.look() == []


@pytest.mark.parametrize("docs", ["dir:.", "url:{}/tickets/tree/master/docs"])
async def test_what_the_catalog_looks_after_itself_is_left_to_it(outside: Outside, docs: str) -> None:
    await outside.declare("near", docs.format(outside.url))
    outside.push("tickets", "two")
    assert await outside.look() == []


async def test_a_repository_that_is_gone_is_looked_into_once(outside: Outside) -> None:
    await outside.declare("lost", f"url:{outside.url}/none")
    assert await outside.look() == ["component:default/lost"]
    assert await outside.look() == []
