"""Compares what is kept with what the hosts have, so that a webhook that never came is made up for."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

import structlog
from sipario_events import Cause, RepositoryChanged
from sipario_kit.background import beside
from sipario_ledger import Ledger, LedgerError
from sipario_ledger.clock import now
from sipario_model import LocationRef
from sipario_scm import Host, Lists, Lookout, ScmError

from sipario_ingestor.configuration import Configuration, StaticLocation
from sipario_ingestor.discoveries import Discoveries
from sipario_ingestor.inbox import DISCOVERY
from sipario_ingestor.providers import Provider
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import Sources, SourceStore
from sipario_ingestor.workers import Workers

STATIC = "configuration"
DOOR_OPEN_SECONDS = 5.0
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Reconciler:
    """Looks at everything at the start and now and then. `once` is set after the first look."""

    def __init__(
        self,
        ledger: Ledger,
        store: SourceStore,
        workers: Workers,
        *,
        lookout: Lookout,
        configuration: Configuration,
        seconds: float,
        lists: Lists | None = None,
        discoveries: Discoveries | None = None,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._workers = workers
        self._lookout = lookout
        self._configuration = configuration
        self._seconds = seconds
        self._lists = lists or Lists()
        self._discoveries = discoveries or Discoveries(configuration.providers, now)
        self._unwanted: dict[str, set[str]] = {}
        self._wanted = asyncio.Event()
        self.once = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look now, again once the door is certainly open, then every so many seconds."""
        async with beside(self._run()):
            yield

    async def _run(self) -> None:
        # A push between the first look and the opening of the webhook door is told to nobody.
        rest = min(DOOR_OPEN_SECONDS, self._seconds)
        while True:
            try:
                await self.reconcile()
                self.once.set()
                await self._rest(rest)
            except LedgerError as error:
                log.warning("reconciling waits", reason=str(error))
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            rest = self._seconds

    def look(self, repository: str = "") -> None:
        """Ask the providers again soon, because of a repository; one that they do not want is no reason."""
        if not any(repository in unwanted for unwanted in self._unwanted.values()):
            self._wanted.set()

    async def _rest(self, seconds: float) -> None:
        """Wait for the next turn; meanwhile ask the providers when somebody wishes it."""
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            # (Not wait_for: under Python 3.11 it may swallow the cancellation that ends us.)
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._wanted.wait()
                self._wanted.clear()
                await self.discover()

    async def reconcile(self) -> None:
        """Look at configuration, providers and the head of every repository. Raises LedgerError."""
        await self._store.write(self._static)
        waiting = sorted({freed.claimant for freed in await self._ledger.freed()})
        if waiting:  # whose turn it became when we died before we could tell them
            await self._store.write(lambda table: table.ask(waiting, force=True))
        await self.discover()
        sources = await self._store.read(lambda table: table.all())
        by_repository: dict[str, list[Source]] = {}
        for source in sources:
            by_repository.setdefault(source.address.repository, []).append(source)
        await asyncio.gather(*(self._compare(name, each) for name, each in by_repository.items()))
        await self._compare_texts()
        self._workers.wake()

    async def discover(self) -> None:
        """Ask every provider which repositories there are."""
        for provider in self._configuration.providers:
            host = self._configuration.hosts.named(provider.host, provider.type)
            if host is None:
                log.warning("provider without integration", provider=provider.id, host=provider.host)
                self._discoveries.failed(provider.id, f"integrations does not name {provider.host}")
                continue
            try:
                await self._discover(host, provider)
                self._discoveries.succeeded(provider.id)
            except ScmError as error:  # part of a list is none: nothing goes
                log.warning("not discovered", provider=provider.id, reason=str(error))
                self._discoveries.failed(provider.id, str(error))
        self._workers.wake()

    def _static(self, table: Sources) -> None:
        wanted = {}
        for location in self._configuration.locations:
            address = self._address(location)
            if address:
                wanted[address.id] = address
        for address in wanted.values():
            table.add(address, STATIC)
        for gone in table.for_reason(STATIC) - wanted.keys():
            table.drop(gone, STATIC)
        providers = {DISCOVERY + each.id for each in self._configuration.providers}
        gone_providers = table.reasons_below(DISCOVERY) - providers
        for reason in () if self._configuration.orphans.keep_providers else gone_providers:
            for gone in table.for_reason(reason):
                table.drop(gone, reason)

    def _address(self, location: StaticLocation) -> Address | None:
        id_ = str(LocationRef(location.type, location.target))
        if location.type == "file":
            return Address(id_, path=location.target)
        found = self._configuration.hosts.parse(location.target) if location.type == "url" else None
        if found is None:
            return Address(id_)
        return Address(id_, found[1].repository, found[1].ref, found[1].path)

    async def _discover(self, host: Host, provider: Provider) -> None:
        reason = DISCOVERY + provider.id
        there = await self._listed(host, provider)
        gone = await self._store.read(lambda table: table.for_reason(reason)) - there.keys()
        if gone:  # what moves to another page while pages are read is in none of them
            there |= await self._listed(host, provider)
        await self._store.write(lambda table: _settle(table, reason, there.values(), gone - there.keys()))

    async def _listed(self, host: Host, provider: Provider) -> dict[str, Address]:
        """Return what is to be read for a provider, by ids. Raises ScmError."""
        wanted, unwanted = {}, set()
        for each in await self._lists.of(host, provider.scope):
            if provider.wants(each):
                address = provider.address(host, each.address, each.branch)
                wanted[address.id] = address
            else:
                unwanted.add(each.address)
        self._unwanted[provider.id] = unwanted
        return wanted

    async def _compare(self, repository: str, sources: Sequence[Source]) -> None:
        """Say that a head moved, once for each branch; ask again for what failed or is not complete."""
        again = [source.id for source in sources if self._is_open(source)]
        events, moved = await self._moved(repository, sources)
        if not events and not again and not moved:
            return

        def ask(table: Sources) -> None:
            table.ask([id_ for id_ in again if id_ not in moved], force=True)
            for id_, commit in moved.items():
                table.ask([id_], commit)

        await self._ledger.record(events, alongside=self._store.within(ask))
        self._workers.wake()

    async def _compare_texts(self) -> None:
        """Ask for those that take text from elsewhere, when that moved since the last look; at the first, for all."""
        readers = await self._store.read(lambda table: table.readers())
        moved = await self._lookout.moved(readers)
        affected = sorted({source for address in moved for source in readers[address]})
        if affected:
            await self._store.write(lambda table: table.ask(affected, force=True))
        self._lookout.keep(moved)

    def _is_open(self, source: Source) -> bool:
        answered = source.asked == source.answered
        if source.provided:  # it has a schedule of its own
            return answered and source.incomplete
        return answered and (
            not source.address.repository
            or source.incomplete
            or source.tries > 0
            or not source.commit
            or not source.digest.startswith(self._configuration.digest)
        )

    async def _moved(
        self, repository: str, sources: Sequence[Source]
    ) -> tuple[list[RepositoryChanged], dict[str, str]]:
        host = self._configuration.hosts.of(repository)
        if host is None:
            return [], {}
        try:
            heads = await self._lookout.heads(host, repository)
            chosen = {source.id: heads.choose(source.address.ref) for source in sources}
        except ScmError as error:
            # Whoever reads the source will say so on it.
            log.info("head not seen", repository=repository, reason=str(error))
            return [], {source.id: "" for source in sources if source.asked == source.answered}
        moved = {source.id: chosen[source.id] for source in sources if source.commit != chosen[source.id][1]}
        events = [_pushed(repository, branch, commit) for branch, commit in sorted(set(moved.values()))]
        return events, {id_: commit for id_, (_, commit) in moved.items()}


def _pushed(repository: str, branch: str, commit: str) -> RepositoryChanged:
    cause = Cause(repository=repository, commit=commit)
    return RepositoryChanged(repository=repository, branch=branch, commit=commit, cause=cause)


def _settle(table: Sources, reason: str, there: Iterable[Address], gone: Iterable[str]) -> None:
    for address in sorted(there, key=lambda each: each.id):
        table.add(address, reason)
    for id_ in gone:
        table.drop(id_, reason)
