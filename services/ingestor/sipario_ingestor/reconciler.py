"""Compares what is kept with what the hosts have, so that a webhook that never came is made up for."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

import httpx2
import structlog
from sipario_events import Cause, RepositoryChanged
from sipario_kit.background import beside
from sipario_ledger import Ledger, LedgerError
from sipario_model import LocationRef
from sipario_scm import Host, Mirrors, ScmError, exists, repositories

from sipario_ingestor.configuration import Configuration, Provider, StaticLocation
from sipario_ingestor.inbox import DISCOVERY
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import Sources, SourceStore
from sipario_ingestor.workers import Workers

STATIC = "configuration"
AT_A_TIME = 4
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
        mirrors: Mirrors,
        configuration: Configuration,
        seconds: float,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._workers = workers
        self._mirrors = mirrors
        self._configuration = configuration
        self._seconds = seconds
        self._turn = asyncio.Semaphore(AT_A_TIME)
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

    def look(self) -> None:
        """Ask the providers again soon: a repository is said to be gone."""
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
        self._workers.wake()

    async def discover(self) -> None:
        """Ask every provider which repositories there are."""
        async with httpx2.AsyncClient() as client:
            for provider in self._configuration.providers:
                await self._discover(client, provider)
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
        for reason in table.reasons_below(DISCOVERY) - providers:
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

    async def _discover(self, client: httpx2.AsyncClient, provider: Provider) -> None:
        host = self._configuration.hosts.named(provider.host)
        reason = DISCOVERY + provider.id
        if host is None:
            log.warning("provider without integration", provider=provider.id, host=provider.host)
            return
        try:
            listed = [each async for each in repositories(client, host, provider.organization)]
        except ScmError as error:
            log.warning("not discovered", provider=provider.id, reason=str(error))
            return
        there = {each.address for each in listed if not each.archived}
        known = await self._store.read(lambda table: _repositories(table, table.for_reason(reason)))
        gone = [each for each in known.keys() - there if not await self._is_there(client, host, each)]
        await self._store.write(lambda table: _settle(table, reason, there, [known[each] for each in gone]))

    async def _is_there(self, client: httpx2.AsyncClient, host: Host, repository: str) -> bool:
        try:
            return await exists(client, host, repository)
        except ScmError:
            return True

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

    def _is_open(self, source: Source) -> bool:
        answered = source.asked == source.answered
        return answered and (
            not source.address.repository
            or source.incomplete
            or source.tries > 0
            or not source.commit
            or source.digest != self._configuration.digest
        )

    async def _moved(
        self, repository: str, sources: Sequence[Source]
    ) -> tuple[list[RepositoryChanged], dict[str, str]]:
        host = self._configuration.hosts.of(repository)
        if host is None:
            return [], {}
        try:
            async with self._turn:
                heads = await asyncio.to_thread(self._mirrors.of(host, repository).heads)
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


def _repositories(table: Sources, ids: Iterable[str]) -> dict[str, str]:
    """Map repositories to the ids of the sources that read them."""
    found = (table.find(id_) for id_ in ids)
    return {source.address.repository: source.id for source in found if source}


def _settle(table: Sources, reason: str, there: Iterable[str], gone: Iterable[str]) -> None:
    for repository in sorted(there):
        table.add(Address(f"url:{repository}", repository), reason)
    for id_ in gone:
        table.drop(id_, reason)
