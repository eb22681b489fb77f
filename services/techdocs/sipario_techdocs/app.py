"""Techdocs, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import structlog
from sipario_kit.background import beside
from sipario_kit.bus import Bus
from sipario_kit.configuration import load, section
from sipario_kit.health import install_health
from sipario_kit.principal import authenticated
from sipario_kit.service import Health, Service
from sipario_kit.settings import CommonSettings
from sipario_ledger import Ledger, LedgerUnavailable, Relay
from sipario_scm.hosts import Hosts

from sipario_techdocs import NAME
from sipario_techdocs.api import api
from sipario_techdocs.blobs import Blobs
from sipario_techdocs.builder import Builder, Crew, Mirrors
from sipario_techdocs.events import subscriptions
from sipario_techdocs.settings import Settings
from sipario_techdocs.store_library import LedgerLibrary
from sipario_techdocs.store_queue import LedgerQueue
from sipario_techdocs.workshop import Workshops

MIGRATIONS = Path(__file__).parent / "migrations"
SWEEP_SECONDS = 6 * 3600.0

log = structlog.get_logger(__name__)


def service(settings: Settings, common: CommonSettings) -> Service:
    """Make techdocs."""
    house = House(settings, common)
    app = api(house)
    install_health(app, house.health)
    guarded = authenticated(app, NAME, common.service_key.get_secret_value())
    return Service(NAME, house.running, house.health, guarded)


class House:
    """Everything of techdocs; most of it is there only while it runs."""

    queue: LedgerQueue
    library: LedgerLibrary

    def __init__(self, settings: Settings, common: CommonSettings) -> None:
        self._settings = settings
        self._hosts = Hosts.of_integrations(section(load(common.config), "integrations") or {})
        self.blobs = Blobs(settings.data / "blobs")
        self._bus = Bus(NAME, common)
        self._crew: Crew | None = None
        self._relay: Relay | None = None
        for subscription in subscriptions(self, self._hosts):
            self._bus.subscribe(subscription)

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

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the stores, hear, build and say."""
        self._settings.data.mkdir(parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            opening = Ledger.open(self._settings.database, name=NAME, migrations=MIGRATIONS)
            ledger = await stack.enter_async_context(opening)
            self.queue, self.library = LedgerQueue(ledger), LedgerLibrary(ledger)
            await self.queue.queue_all(whole=False, failed_only=True)
            self._crew = await self._make_crew(stack)
            await stack.enter_async_context(self._bus.running())
            self._relay = Relay(ledger, self._bus, NAME)
            work = beside(self._crew.run(), self._relay.run(), self._sweep())
            await stack.enter_async_context(work)
            yield
        self._crew = self._relay = None

    async def _make_crew(self, stack: AsyncExitStack) -> Crew:
        workshop = Workshops(self._settings.builders, page_seconds=self._settings.page_seconds)
        mirrors = Mirrors(self._settings.data / "mirrors")
        stack.callback(mirrors.close)
        stack.push_async_callback(workshop.stop)
        stack.push_async_callback(_end, asyncio.create_task(workshop.start()))
        builder = Builder(
            self.queue,
            self.library,
            blobs=self.blobs,
            read=mirrors.read,
            renders=workshop,
            hosts=self._hosts,
        )
        return Crew(self.queue, builder, workers=self._settings.builders)

    async def _sweep(self) -> None:
        while True:
            try:
                wanted = await self.library.wanted_blobs()
                deleted = await asyncio.to_thread(self.blobs.keep_only, wanted)
                log.info("blobs swept", deleted=deleted)
            except (LedgerUnavailable, OSError) as error:
                log.warning("blobs not swept", reason=str(error))
            await asyncio.sleep(SWEEP_SECONDS)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
