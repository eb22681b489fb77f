"""From what is heard to what is served and said."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sipario_events import PageBuilt, RepositoryChanged, SiteBuilt
from sipario_kit.projection import Checkpoint
from sipario_ledger import Entry
from sipario_scm.errors import HostUnavailable, RepositoryMissing
from sipario_scm.hosts import Hosts
from sipario_techdocs.blobs import Blobs
from sipario_techdocs.events import HearsEntities
from sipario_techdocs.markup import Markup
from sipario_techdocs.shelf import Address, Shelf
from sipario_techdocs.site import Source
from sipario_techdocs.workshop import Workshop

FILES = {
    "mkdocs.yml": "site_name: Tickets\nnav:\n  - Home: index.md\n  - guide/start.md\n",
    "docs/index.md": "# Tickets\n\nSee [start](guide/start.md).\n\n![plan](plan.png)\n",
    "docs/guide/start.md": "# Start\n\nHello.\n\n## Doors\n\nOpen at eight.\n",
    "docs/plan.png": b"\x89PNG",
}


def pages(entries: list[Entry]) -> dict[str, PageBuilt]:
    said = [PageBuilt.model_validate_json(entry.body) for entry in entries if b'"type":"page"' in entry.body]
    return {page.path: page for page in said}


def site(entries: list[Entry]) -> SiteBuilt:
    (only,) = [
        SiteBuilt.model_validate_json(entry.body) for entry in entries if b'"type":"site"' in entry.body
    ]
    return only


async def test_an_entity_with_docs_is_built_and_said(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    entries = await desk.work()
    assert set(pages(entries)) == {"", "guide/start/"}
    assert site(entries).pages == ("guide/start/", "")
    start = pages(entries)["guide/start/"]
    assert [(each.anchor, each.title, each.text) for each in start.sections] == [
        ("start", "Start", "Hello."),
        ("doors", "Doors", "Open at eight."),
    ]
    assert start.cause.author == "Ada"
    assert (await desk.queue.look(10)).pending == 0


async def test_only_the_page_that_changed_is_rendered_and_said(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.renders.pages.clear()
    desk.put({**FILES, "docs/guide/start.md": "# Start\n\nHello again.\n"})
    await desk.pushed("c2")
    entries = await desk.work()
    assert desk.renders.pages == ["guide/start.md"]
    assert set(pages(entries)) == {"guide/start/"}
    assert site(entries).changed == ("guide/start/",)
    assert desk.remote.asked[-1] == "c2"


async def test_unchanged_input_says_nothing(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    for _ in range(2):
        await desk.pushed()
        assert await desk.work() == []
    await desk.entity(2)
    assert await desk.work() == []


async def test_an_older_version_of_an_entity_is_not_heard(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity(3, ref="")
    await desk.entity(2)
    assert (await desk.queue.look(10)).pending == 0


async def test_nav_alone_renders_no_page_but_gives_it_its_new_title(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.renders.pages.clear()
    desk.put({**FILES, "mkdocs.yml": "site_name: Tickets\nnav:\n  - Welcome: index.md\n  - guide/start.md\n"})
    await desk.pushed()
    entries = await desk.work()
    assert desk.renders.pages == []
    assert pages(entries)[""].title == "Welcome"


async def test_a_page_is_rendered_again_when_a_link_of_it_breaks(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.renders.pages.clear()
    desk.put({path: data for path, data in FILES.items() if path != "docs/plan.png"})
    await desk.pushed()
    await desk.work()
    assert desk.renders.pages == ["index.md"]


@pytest.mark.parametrize("event", [{"gone": True}, {"ref": ""}])
async def test_docs_go_with_their_entity_or_annotation(desk: Any, event: dict[str, Any]) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    await desk.entity(2, **event)
    entries = await desk.work()
    assert all(entry.gone for entry in entries)
    assert len(entries) == 3
    assert await desk.library.site("component:default/tickets") is None


async def test_a_page_that_was_deleted_is_gone(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.put({path: data for path, data in FILES.items() if "start" not in path})
    await desk.pushed()
    entries = await desk.work()
    assert pages(entries)["guide/start/"].gone
    assert await desk.library.find("component:default/tickets", "guide/start/") is None


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"mkdocs.yml": "nav: [\n"}, "mkdocs.yml:2"),
        ({"mkdocs.yml": "docs_dir: ../secret\n"}, "docs_dir"),
        ({"src/main.py": "x"}, "there are no docs"),
    ],
)
async def test_a_build_that_fails_is_told_and_the_last_good_one_is_served(
    desk: Any, broken: dict[str, str], told: str
) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.put(broken)
    await desk.pushed()
    entries = await desk.work()
    assert told in site(entries).error
    assert not pages(entries)
    found = await desk.library.find("component:default/tickets", "guide/start/")
    assert found is not None
    assert orjson.loads(desk.blobs.get(found[1].blob))["html"].startswith('<h1 id="start">')
    assert told in found[0].about["error"]
    await desk.pushed()
    assert await desk.work() == []
    desk.put(FILES)
    await desk.pushed()
    assert site(await desk.work()).error == ""


async def test_a_repository_that_is_missing_is_told(desk: Any) -> None:
    desk.remote.repositories["https://github.com/palco/tickets"] = RepositoryMissing("no such repository")
    await desk.entity()
    assert site(await desk.work()).error == "no such repository"


async def test_a_host_that_is_away_keeps_the_job(desk: Any) -> None:
    desk.remote.repositories["https://github.com/palco/tickets"] = HostUnavailable("away")
    await desk.entity()
    with pytest.raises(HostUnavailable):
        await desk.work()
    assert (await desk.queue.look(10)).pending == 1


async def test_a_job_asked_for_again_while_it_is_done_stays(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    (job,) = (await desk.queue.look(10)).due
    await desk.pushed()
    await desk.builder.build(job)
    assert (await desk.queue.look(10)).pending == 1


async def test_a_rebuild_renders_all_and_says_nothing_new(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.renders.pages.clear()
    assert await desk.queue.queue_all(whole=True) == 1
    await desk.pushed()
    assert await desk.work() == []
    assert desk.renders.pages == ["guide/start.md", "index.md"]


async def test_what_nobody_refers_to_is_swept(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.put({**FILES, "docs/guide/start.md": "# Other\n"})
    await desk.pushed()
    await desk.work()
    wanted = await desk.library.wanted_blobs()
    assert desk.blobs.keep_only(wanted) == 0
    assert desk.blobs.keep_only(wanted, older_than=0.0) == 1
    assert all(desk.blobs.has(digest) for digest in wanted)


def test_a_sweep_passes_over_what_vanishes_under_it(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    (digest,) = blobs.put([b"x"])
    (tmp_path / digest[:2] / "being-written").symlink_to("not-there")
    assert blobs.keep_only([], older_than=0.0) == 1


async def test_case_matters_where_it_does_to_the_host(desk: Any) -> None:
    repository = "https://git.example.org/Team/App"
    hosts = Hosts.of_integrations({"git": [{"baseUrl": "https://git.example.org"}]})
    desk.hears_entities = HearsEntities(desk, hosts)
    await desk.entity(ref=f"url:{repository}")
    (job,) = (await desk.queue.look(10)).due
    await desk.queue.finish(job)
    await desk.hears_repositories.apply([RepositoryChanged(repository=repository)], Checkpoint("g"))
    assert (await desk.queue.look(10)).pending == 1


class NoProcess(Workshop):
    """A machine that can start no more processes."""

    async def _started(self) -> None:
        raise OSError("Cannot allocate memory")


async def test_a_page_is_not_blamed_when_no_process_can_be_had() -> None:
    source = Source("index.md", "# Home", "", "", "")
    shelf = Shelf({"index.md": "docs/index.md"}, Address("/", "/"))
    with pytest.raises(OSError, match="memory"):
        await NoProcess(page_seconds=1.0).render(Markup(), shelf, [source])
