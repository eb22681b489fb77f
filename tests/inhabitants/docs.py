"""Techdocs: what it hears, its queue, crew and library, with a made-up renderer."""

import asyncio
from collections.abc import Mapping, Sequence

from sipario_events import PageBuilt, Section, VersionedEvent
from sipario_kit.subscription import Subscription
from sipario_ledger import Ledger
from sipario_model.annotations import MANAGED_BY_LOCATION
from sipario_scm import Hosts
from sipario_techdocs.crew import Crew
from sipario_techdocs.events import subscriptions
from sipario_techdocs.store import Again, Heard, Job, PageKept, SiteKept
from sipario_techdocs.store_heard import LedgerHeard
from sipario_techdocs.store_library import LedgerLibrary
from sipario_techdocs.store_queue import LedgerQueue
from sipario_testkit.simulation.faults import Crash
from sipario_testkit.simulation.forge import Forge
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import Bug
from sipario_testkit.simulation.world import Live, Process, World

from inhabitants.ingestor import DOCUMENTED

BUILD_SECONDS = 0.3


class Renderer:
    """Renders a page for each that the forge has; a page is no more than its number of sections."""

    def __init__(self, world: World, forge: Forge, heard: Heard, library: LedgerLibrary) -> None:
        self._faults = world.faults
        self._forge = forge
        self._heard = heard
        self._library = library
        self._fallen: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def fall(self) -> None:
        """Take the process down when a build does."""
        await self._fallen

    async def build(self, job: Job) -> None:
        """Build, serve and tell."""
        source = await self._heard.source(job.ref)
        location = source.location if source and source.documented else ""
        pages = _pages(self._forge, location) if location else {}
        await self._work()
        known = await self._library.site(job.ref)
        gone = (known.pages.keys() if known else set()) - pages.keys()
        events: list[VersionedEvent] = [_built(job.ref, path, count) for path, count in sorted(pages.items())]
        events += [PageBuilt(ref=job.ref, path=path, gone=True) for path in sorted(gone)]
        await self._library.switch(job, _site(job.ref, pages) if location else None, events)

    async def _work(self) -> None:
        try:
            await self._faults.step("docs", seconds=BUILD_SECONDS)
        except Crash as crash:
            self._fallen.set_exception(crash)
            await asyncio.Future()  # nothing of this process goes on

    async def tell(self, job: Job, error: str, again: Again | None = None) -> None:
        """Nothing fails here."""
        raise AssertionError(job, error, again)


class Room:
    """What techdocs has while it runs."""

    def __init__(self, world: World, forge: Forge) -> None:
        ledger = world.ledger
        library = (Deaf if world.bug is Bug.DEAF_BUILD else LedgerLibrary)(ledger)
        self.heard: Heard = LedgerHeard(ledger)
        self.renderer = Renderer(world, forge, self.heard, library)
        self.crew = Crew(LedgerQueue(ledger), self.renderer, workers=2)

    def wake(self) -> None:
        """Let the crew look into the queue."""
        self.crew.wake()


class Deaf(LedgerLibrary):
    """A library as `Bug.DEAF_BUILD` has it: a build that is done strikes off whatever is asked for by then."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._queue = LedgerQueue(ledger)

    async def switch(
        self, job: Job, site: SiteKept | None, events: Sequence[VersionedEvent], again: Again | None = None
    ) -> None:
        """Finish the newest wish for the same docs."""
        due = {each.ref: each for each in (await self._queue.look(10)).due}
        await super().switch(due.get(job.ref, job), site, events, again)


class Docs:
    """One process. `expected` says what must be built."""

    def __init__(self, world: World, forge: Forge) -> None:
        self._world = world
        self._forge = forge
        world.inhabit(self)

    def processes(self) -> Mapping[str, Process]:
        """Run as one."""
        return {"techdocs": self.run}

    async def run(self) -> None:
        """Hear and build until a crash."""
        room = Room(self._world, self._forge)
        async with asyncio.TaskGroup() as group:
            group.create_task(room.renderer.fall())
            group.create_task(room.crew.run())
            for each in subscriptions(room, Hosts.of_integrations({})):
                group.create_task(self._reader(each).run())

    def _reader(self, subscription: Subscription) -> Reader:
        return Reader(self._world.broker, subscription.projector.name, lambda: subscription)

    def check(self, live: Live) -> Sequence[str]:
        """Search tells what is wrong with pages."""
        del live
        return ()

    def expected(self, live: Live) -> Mapping[str, int]:
        """Tell how many sections the pages have that must be served."""
        event = live.get(DOCUMENTED)
        if event is None:
            return {}
        location = event.entity["metadata"]["annotations"][MANAGED_BY_LOCATION]
        pages = _pages(self._forge, location)
        return {f"{DOCUMENTED}#{path}": count for path, count in pages.items()}


def _pages(forge: Forge, location: str) -> Mapping[str, int]:
    return forge.heads[location.removeprefix("url:").partition("/blob/")[0]].pages


def _built(ref: str, path: str, count: int) -> PageBuilt:
    sections = tuple(Section(anchor=f"s{n}", title=f"s{n}", text="text") for n in range(count))
    return PageBuilt(ref=ref, path=path, title=path, sections=sections)


def _site(ref: str, pages: Mapping[str, int]) -> SiteKept:
    kept = {path: PageKept(path, path, path, str(count), "") for path, count in pages.items()}
    return SiteKept(ref, "etag", "", 0, {}, kept, {})
