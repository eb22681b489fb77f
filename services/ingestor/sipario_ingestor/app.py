"""The ingestor, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sipario_kit.background import beside
from sipario_kit.bus import Bus
from sipario_kit.configuration import load, tell_strange_keys
from sipario_kit.configuration_keys import INGESTED
from sipario_kit.health import install_health
from sipario_kit.principal import OPEN, authenticated
from sipario_kit.service import Health, Service
from sipario_kit.settings import CommonSettings
from sipario_ledger import Ledger, Relay
from sipario_ledger.clock import now
from sipario_plugin import Loaded
from sipario_scm import Limits, Lookout, Mirrors, PullRequests, SafeFetcher
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_ingestor import NAME
from sipario_ingestor.api import Parts, api
from sipario_ingestor.aside import Aside
from sipario_ingestor.asking import Asking, surroundings
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.discoveries import Discoveries
from sipario_ingestor.door import Door
from sipario_ingestor.entity_providers import EntityProviders
from sipario_ingestor.events import subscriptions
from sipario_ingestor.history import History
from sipario_ingestor.inbox import Inbox
from sipario_ingestor.kinds import Kinds
from sipario_ingestor.orphans import Orphans
from sipario_ingestor.pipeline import Pipeline
from sipario_ingestor.plugins import plugins, with_plugins
from sipario_ingestor.proposals import Proposals
from sipario_ingestor.reader import Reader
from sipario_ingestor.reading import Reading
from sipario_ingestor.reconciler import Reconciler
from sipario_ingestor.recorder import Recorder
from sipario_ingestor.registry import Registry
from sipario_ingestor.restoring import Restoring
from sipario_ingestor.review import Review
from sipario_ingestor.settings import Settings
from sipario_ingestor.store_ledger import SourceStore
from sipario_ingestor.timetable import Timetable
from sipario_ingestor.trial import Trial
from sipario_ingestor.unprocessed import Unprocessed
from sipario_ingestor.workers import Workers
from sipario_ingestor.written import Written

MIGRATIONS = Path(__file__).parent / "migrations"
WEBHOOKS = "/api/events/http/"
NOT_YET = Health(ready=False, reason="starting", lag={"relay": 1, "sources": 1})


class Ingestor:
    """All parts of a running ingestor, wired to one open ledger."""

    def __init__(
        self, ledger: Ledger, bus: Bus, settings: Settings, configuration: Configuration, loaded: Loaded
    ) -> None:
        self.bus = bus
        self.failed = loaded.failed
        self.pipeline = Pipeline(loaded.extensions, settings.processor_seconds)
        self.relay = Relay(ledger, bus, NAME)
        self.mirrors = Mirrors(settings.data / "mirrors", Limits(pack=settings.most_fetch_bytes))
        store = SourceStore(ledger, now)
        fetcher = SafeFetcher(configuration.allowed)
        reader = Reader(self.mirrors, configuration, fetcher, self.pipeline)
        self.kinds = Kinds(ledger, store, configuration.digest)
        self.asking = Asking()
        given = surroundings(configuration.hosts, configuration.whole, self.asking)
        providers = EntityProviders(configuration.entries, loaded.extensions, given)
        recorder = Recorder(ledger, store, configuration.orphans)
        reading = Reading(
            store,
            Aside(reader, providers.read),
            recorder,
            configuration=configuration,
            kinds=self.kinds,
            clock=now,
        )
        self.workers = Workers(store, reading, number=settings.workers, clock=now)
        keep = bool(loaded.failed) or configuration.orphans.keep_providers
        self.timetable = Timetable(store, providers, wake=self.workers.wake, clock=now, keep=keep)
        self.orphans = Orphans(
            store, recorder, self.kinds, configuration.orphans, clock=now, wake=self.workers.wake
        )
        self.discoveries = Discoveries(configuration.providers, now)
        self.reconciler = Reconciler(
            ledger,
            store,
            self.workers,
            lookout=Lookout(self.mirrors, configuration.hosts, fetcher),
            configuration=configuration,
            seconds=settings.reconcile_seconds,
            discoveries=self.discoveries,
        )
        self.api = api(self._parts(ledger, store, reader, settings, configuration))
        install_health(self.api, self.health)
        look, wake = self.reconciler.look, self.workers.wake
        inbox = Inbox(store, configuration, wake=wake, look=look, hearing=providers.hearing)
        for subscription in subscriptions(inbox):
            bus.subscribe(subscription)

    def _parts(
        self,
        ledger: Ledger,
        store: SourceStore,
        reader: Reader,
        settings: Settings,
        configuration: Configuration,
    ) -> Parts:
        """Make what answers over HTTP."""
        registry = Registry(
            ledger,
            store,
            reader,
            configuration=configuration,
            discoveries=self.discoveries,
            wake=self.workers.wake,
        )
        secrets = [secret.get_secret_value() for secret in settings.webhook_secrets]
        proposals = Proposals(ledger, store, reader)
        return Parts(
            door=Door(ledger, secrets, configuration.hosts),
            registry=registry,
            trial=Trial(store, reader, configuration, self.kinds),
            history=History(ledger),
            proposals=proposals,
            review=Review(proposals, reader, self.kinds, pulls=PullRequests(), configuration=configuration),
            written=Written(ledger, store, workers=self.workers, relay=self.relay, heard=self.bus.caught_up),
            unprocessed=Unprocessed(store, registry, configuration.hosts),
            orphans=self.orphans,
            restoring=Restoring(ledger, store, self.kinds),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear, publish, work and reconcile."""
        async with self.bus.running(), beside(self.relay.run()):
            await self.kinds.refresh()
            try:
                async with (
                    self.workers.running(),
                    self.reconciler.running(),
                    self.timetable.running(),
                    self.orphans.running(),
                ):
                    yield
            finally:
                self.mirrors.close()
                self.pipeline.close()
                self.asking.close()

    def health(self) -> Health:
        """Tell whether everything was looked at once, and what is left to read and to publish."""
        heard = self.bus.health()
        lag = {**heard.lag, "relay": self.relay.pending(), "sources": self.workers.waiting}
        if not self.reconciler.once.is_set():
            return Health(ready=False, reason="looking at all sources", lag=lag, parked=heard.parked)
        if not heard.ready:
            return Health(ready=False, reason=heard.reason, lag=lag, parked=heard.parked)
        plugins = (f"plugin {name} does not work: {why}" for name, why in self.failed.items())
        reason = "; ".join(filter(None, [*plugins, self.discoveries.reason()]))
        return Health(ready=True, reason=reason, lag=lag, parked=heard.parked)


def service(settings: Settings, common: CommonSettings) -> Service:
    """Make the ingestor."""
    loaded = plugins()
    configuration = with_plugins(Configuration.of(load(common.config), settings.entity_files), loaded)
    tell_strange_keys(common.config, lambda key: key.startswith(INGESTED))
    present: list[Ingestor] = []
    guarded: list[ASGIApp] = []

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        settings.data.mkdir(parents=True, exist_ok=True)
        bus = Bus(NAME, common)
        async with Ledger.open(settings.ledger, name=NAME, migrations=MIGRATIONS) as ledger:
            ingestor = Ingestor(ledger, bus, settings, configuration, loaded)
            key = common.service_key.get_secret_value()
            async with ingestor.running():
                present.append(ingestor)
                guarded.append(authenticated(ingestor.api, NAME, key, opened=(*OPEN, WEBHOOKS)))
                try:
                    yield
                finally:
                    present.clear()
                    guarded.clear()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await guarded[0](scope, receive, send)

    def health() -> Health:
        return present[0].health() if present else NOT_YET

    return Service(NAME, running, health, app)
