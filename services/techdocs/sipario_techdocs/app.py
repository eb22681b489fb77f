"""Techdocs, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import structlog
from sipario_kit.background import beside
from sipario_kit.bus import Bus
from sipario_kit.configuration import load, section
from sipario_kit.errors import Unavailable
from sipario_kit.health import install_health
from sipario_kit.principal import authenticated
from sipario_kit.service import Health, Service
from sipario_kit.settings import CommonSettings
from sipario_kit.waiting import install_catching_up
from sipario_ledger import Ledger, LedgerUnavailable, Relay
from sipario_scm import Hosts, Lookout, Mirrors, SafeFetcher, Tree

from sipario_techdocs import NAME
from sipario_techdocs.api import api
from sipario_techdocs.blobs import KEPT_SECONDS, Blobs
from sipario_techdocs.builder import Builder
from sipario_techdocs.crew import Crew
from sipario_techdocs.events import subscriptions
from sipario_techdocs.origin import Origin
from sipario_techdocs.page import RENDERER
from sipario_techdocs.settings import Settings
from sipario_techdocs.store_heard import LedgerHeard
from sipario_techdocs.store_library import LedgerLibrary
from sipario_techdocs.store_queue import LedgerQueue
from sipario_techdocs.watch import Watch
from sipario_techdocs.workshop import Workshops

MIGRATIONS = Path(__file__).parent / "migrations"
SWEEP_SECONDS = 6 * 3600.0

log = structlog.get_logger(__name__)


def service(settings: Settings, common: CommonSettings) -> Service:
    """Make techdocs."""
    return House(settings, common).service()


class House:
    """Everything of techdocs; most of it is there only while it runs."""

    heard: LedgerHeard
    queue: LedgerQueue
    library: LedgerLibrary

    def __init__(self, settings: Settings, common: CommonSettings) -> None:
        self._settings = settings
        self._service_key = common.service_key
        self._hosts = Hosts.of_integrations(section(load(common.config), "integrations") or {})
        self.blobs = Blobs(settings.data / "blobs")
        self._mirrors = Mirrors(settings.data / "mirrors")
        self._bus = Bus(NAME, common)
        self._crew: Crew | None = None
        self._relay: Relay | None = None
        for subscription in subscriptions(self, self._hosts):
            self._bus.subscribe(subscription)

    def service(self) -> Service:
        """Answer, run and tell how it goes."""
        app = api(self)
        install_health(app, self.health)
        install_catching_up(app, self.caught_up)
        guarded = authenticated(app, NAME, self._service_key.get_secret_value())
        return Service(NAME, self.running, self.health, guarded)

    def wake(self) -> None:
        """Let the builders look into the queue."""
        if self._crew is not None:
            self._crew.wake()

    def health(self) -> Health:
        """Tell what the bus tells, and how many builds and events wait."""
        if self._crew is None or self._relay is None:
            return Health(ready=False, reason="starting")
        health = self._bus.health()
        waiting = {f"{NAME}-builds": self._crew.pending, f"{NAME}-relay": self._relay.pending()}
        return replace(health, lag={**health.lag, **waiting})

    async def caught_up(self) -> None:
        """Return once what was said up to now is heard and built."""
        if self._crew is None:
            raise Unavailable("techdocs is starting.")
        await self._bus.caught_up()
        await self._crew.emptied()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the stores, hear, build and say."""
        self._settings.data.mkdir(parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            opening = Ledger.open(self._settings.database, name=NAME, migrations=MIGRATIONS)
            ledger = await stack.enter_async_context(opening)
            self.heard, self.queue = LedgerHeard(ledger), LedgerQueue(ledger)
            self.library = LedgerLibrary(ledger)
            await self.queue.begin(RENDERER)
            workshops = Workshops(self._settings.builders, page_seconds=self._settings.page_seconds)
            self._crew = self._make_crew(stack, workshops)
            await stack.enter_async_context(self._bus.running())
            self._relay = Relay(ledger, self._bus, NAME)
            work = beside(self._crew.run(), self._relay.run(), self._sweep(), self._look(), workshops.run())
            await stack.enter_async_context(work)
            yield
        self._crew = self._relay = None

    def _make_crew(self, stack: AsyncExitStack, workshops: Workshops) -> Crew:
        stack.callback(self._mirrors.close)
        stack.push_async_callback(workshops.stop)
        builder = Builder(
            self.heard,
            self.queue,
            self.library,
            blobs=self.blobs,
            read=self._read,
            renders=workshops,
            hosts=self._hosts,
        )
        return Crew(self.queue, builder, workers=self._settings.builders)

    def _read(self, origin: Origin, hint: str) -> Tree:
        return self._mirrors.of(origin.host, origin.repository).read(origin.branch, hint)

    async def _sweep(self) -> None:
        while True:
            try:
                await self.sweep()
            except (LedgerUnavailable, OSError) as error:
                log.warning("not swept", reason=str(error))
            await asyncio.sleep(SWEEP_SECONDS)

    async def _look(self) -> None:
        lookout = Lookout(self._mirrors, self._hosts, SafeFetcher())
        watch = Watch(self.heard, self.queue, lookout, wake=self.wake)
        while True:
            try:
                await watch.look()
            except LedgerUnavailable as error:
                log.warning("not looked", reason=str(error))
            await asyncio.sleep(self._settings.look_seconds)

    async def sweep(self, *, older_than: float = KEPT_SECONDS) -> None:
        """Delete blobs and mirrors that nobody needs any more and that were not used for some seconds."""
        blobs = await self.library.wanted_blobs()
        deleted = await asyncio.to_thread(self.blobs.keep_only, blobs, older_than=older_than)
        found = {each: self._hosts.of(each) for each in await self.heard.repositories()}
        clones = [host.clone_url(repository) for repository, host in found.items() if host]
        discarded = await asyncio.to_thread(self._mirrors.keep_only, clones, older_than=older_than)
        log.info("swept", blobs=deleted, mirrors=discarded)
