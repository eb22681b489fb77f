"""What could not be done is tried again by itself, with waits that grow and end."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from sipario_events import PageBuilt, SiteBuilt
from sipario_ledger import Entry
from sipario_scm.errors import (
    AccessDenied,
    BranchVanished,
    EmptyRepository,
    HostUnavailable,
    RepositoryMissing,
    ScmError,
)
from sipario_techdocs.build import MOST_CUT
from sipario_techdocs.crew import Crew
from sipario_techdocs.markup import Markup
from sipario_techdocs.shelf import Address, Shelf
from sipario_techdocs.site import Source
from sipario_techdocs.store import Again, Job
from sipario_techdocs.workshop import SLOW_PAGES, Workshop
from sipario_testkit.waiting import until

REPOSITORY = "https://github.com/palco/tickets"
REF = "component:default/tickets"
FILES = {"docs/index.md": "# Tickets\n", "docs/big.md": "# Big\n", "docs/late.md": "# Late\n"}


def errors(entries: list[Entry]) -> list[str]:
    return [
        SiteBuilt.model_validate_json(each.body).error for each in entries if b'"type":"site"' in each.body
    ]


@pytest.mark.parametrize("error", [AccessDenied, RepositoryMissing, EmptyRepository, BranchVanished])
async def test_a_repository_whose_access_comes_back_is_built_without_a_push(
    desk: Any, error: type[ScmError]
) -> None:
    desk.remote.repositories[REPOSITORY] = error("not for you")
    await desk.entity()
    assert errors(await desk.work()) == ["not for you"]
    waits = []
    for _ in range(9):
        waits.append(await desk.later())
        assert await desk.work() == []
    assert [round(each, -1) for each in waits] == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    desk.put(FILES)
    await desk.later()
    assert errors(await desk.work()) == [""]
    assert (await desk.queue.look(10)).then is None


async def test_nobody_waits_for_a_repository_that_was_told_to_be_missing(desk: Any) -> None:
    desk.remote.repositories[REPOSITORY] = RepositoryMissing("no such repository")
    await desk.entity()
    assert (await desk.queue.look(10)).pending == 1
    await desk.work()
    assert (await desk.queue.look(10)).pending == 0


async def test_a_push_is_not_kept_waiting_by_what_was_put_off(desk: Any) -> None:
    desk.remote.repositories[REPOSITORY] = RepositoryMissing("no such repository")
    await desk.entity()
    await desk.work()
    desk.put(FILES)
    await desk.pushed()
    assert errors(await desk.work()) == [""]


async def test_a_start_tries_at_once_what_was_put_off(desk: Any) -> None:
    desk.remote.repositories[REPOSITORY] = RepositoryMissing("no such repository")
    await desk.entity()
    await desk.work()
    assert await desk.queue.begin("1") == 1
    desk.put(FILES)
    assert errors(await desk.work()) == [""]
    assert await desk.queue.begin("1") == 0


async def test_another_renderer_renders_all_anew(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.queue.begin("1")
    await desk.work()
    assert await desk.queue.begin("1") == 0
    assert await desk.queue.begin("2") == 1


async def page(desk: Any, url: str) -> str:
    found = await desk.library.find(REF, url)
    return str(desk.blobs.get(found[1].blob))


async def test_a_page_that_was_cut_short_says_so_and_is_rendered_again(desk: Any) -> None:
    desk.renders.slow = {"big.md": 1}
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    assert "it is slow" in await page(desk, "big/")
    site = await desk.library.site(REF)
    assert [problem["message"] for problem in site.about["problems"]] == ["shown as plain text: it is slow"]
    desk.renders.slow.clear()
    desk.renders.pages.clear()
    await desk.later()
    said = [each.body for each in await desk.work()]
    assert [PageBuilt.model_validate_json(each).path for each in said if b'"type":"page"' in each] == ["big/"]
    assert desk.renders.pages == ["big.md"]
    assert "<h1" in await page(desk, "big/")
    assert (await desk.library.site(REF)).about["problems"] == []


async def test_a_page_that_is_always_too_slow_is_given_up(desk: Any) -> None:
    desk.renders.slow = {"big.md": 1}
    desk.put(FILES)
    await desk.entity()
    rounds = 0
    while await desk.later() or not rounds:
        await desk.work()
        rounds += 1
    assert desk.renders.pages.count("big.md") == MOST_CUT == rounds
    assert desk.renders.pages.count("index.md") == 1


async def test_pages_that_had_no_turn_come_first(desk: Any) -> None:
    desk.renders.slow = {"big.md": 1, "late.md": 0}
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.renders.pages.clear()
    await desk.later()
    await desk.work()
    assert desk.renders.pages == ["late.md", "big.md"]


async def test_a_rebuild_on_a_busy_machine_takes_no_page_away(desk: Any) -> None:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    desk.renders.slow = {"big.md": 1}
    await desk.queue.queue_all(whole=True)
    assert await desk.work() == []
    assert "<h1" in await page(desk, "big/")


async def test_a_workshop_has_had_enough_of_a_site_after_some_slow_pages() -> None:
    sources = [Source(f"{n}.md", ">" * 200_000 + " x\n", "", "", "") for n in range(SLOW_PAGES + 2)]
    shelf = Shelf({source.path: source.path for source in sources}, Address("/", "/"))
    workshop = Workshop(page_seconds=0.05)
    try:
        pages = await workshop.render(Markup(), shelf, sources)
    finally:
        await workshop.stop()
    assert [each.cut for each in pages] == [1] * SLOW_PAGES + [0, 0]
    assert "takes more than 0.05 s" in pages[0].html


async def test_a_workshop_that_renders_nothing_lets_its_process_go_until_it_is_needed_again() -> None:
    source, shelf = (
        Source("page.md", "# Page\n", "", "", ""),
        Shelf({"page.md": "page.md"}, Address("/", "/")),
    )
    workshop = Workshop(page_seconds=10)
    try:
        before = await workshop.render(Markup(), shelf, [source])
        first = workshop.process
        await workshop.rest(after=60)
        assert first is not None
        assert workshop.process == first
        await workshop.rest(after=0)
        assert workshop.process is None
        assert await workshop.render(Markup(), shelf, [source]) == before
    finally:
        await workshop.stop()


async def test_a_workshop_is_not_closed_while_it_renders() -> None:
    source, shelf = (
        Source("page.md", "# Page\n", "", "", ""),
        Shelf({"page.md": "page.md"}, Address("/", "/")),
    )
    workshop = Workshop(page_seconds=10)
    rendering = asyncio.create_task(workshop.render(Markup(), shelf, [source]))
    try:
        while not rendering.done():
            await workshop.rest(after=0)
            await asyncio.sleep(0)
        assert [page.cut for page in await rendering] == [None]
    finally:
        await workshop.stop()


@dataclass
class Host:
    """Builds that fail as often as there are errors, and then do."""

    queue: Any
    errors: list[Exception]
    told: list[str] = field(default_factory=list)

    async def build(self, job: Job) -> None:
        if self.errors:
            raise self.errors.pop()
        await self.queue.finish(job)

    async def tell(self, job: Job, error: str, again: Again | None = None) -> None:
        self.told.append(error)
        await self.queue.finish(job, again)


@pytest.mark.parametrize("error", [HostUnavailable("away"), RuntimeError("away")])
async def test_a_host_that_is_away_is_waited_for_and_told(desk: Any, error: Exception) -> None:
    await desk.entity()
    host = Host(desk.queue, [error] * 3)
    crew = Crew(desk.queue, host, workers=2)
    running = asyncio.create_task(crew.run())
    try:

        async def done() -> bool:
            return not (await desk.queue.look(1)).pending

        await until(done, within=30)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert host.told == ["away"]
