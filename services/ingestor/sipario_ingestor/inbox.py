"""What is heard of repositories becomes wishes to read sources; nothing is fetched here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sipario_events import RepositoryChanged
from sipario_kit.errors import EngineUnavailable
from sipario_kit.projection import Checkpoint
from sipario_ledger import LedgerUnavailable

from sipario_ingestor.configuration import Configuration
from sipario_ingestor.providers import Provider
from sipario_ingestor.source import Source
from sipario_ingestor.store_ledger import Sources, SourceStore

DISCOVERY = "discovery:"


def _nobody(_fact: RepositoryChanged) -> Sequence[str]:
    return ()


class Inbox:
    """A projection of `scm.events.v1` into the table of sources, which keeps its own place in the topic.

    `wake` tells the workers, `look` asks the providers which repositories there are, because of the one it names.
    `hearing` names the sources, besides repositories, that are to be read because of something.
    """

    def __init__(
        self,
        store: SourceStore,
        configuration: Configuration,
        *,
        wake: Callable[[], None],
        look: Callable[[str], None],
        hearing: Callable[[RepositoryChanged], Sequence[str]] = _nobody,
    ) -> None:
        self._store = store
        self._configuration = configuration
        self._wake = wake
        self._look = look
        self._hearing = hearing

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the places reached in this life of the broker."""
        try:
            return await self._store.read(lambda table: table.positions(generation))
        except LedgerUnavailable as error:
            raise EngineUnavailable(str(error)) from error

    async def apply(self, facts: Sequence[RepositoryChanged], checkpoint: Checkpoint) -> None:
        """Wish for all sources that the facts may have changed, and keep the place."""
        doubtful: set[str] = set()

        def work(table: Sources) -> None:
            for fact in facts:
                doubtful.update(self._take(fact, table))
            table.reach(checkpoint.generation, checkpoint.positions)

        try:
            # Not flushed: after a power failure the reconciler finds what was lost.
            await self._store.write(work, durable=False)
        except LedgerUnavailable as error:
            raise EngineUnavailable(str(error)) from error
        if facts:
            self._wake()
        for repository in doubtful:
            self._look(repository)

    def _take(self, fact: RepositoryChanged, table: Sources) -> Iterator[str]:
        """Wish; yields repositories that the providers must be asked for, empty for all."""
        known = table.of_repository(fact.repository)
        table.ask(self._hearing(fact), actor=fact.cause.actor, force=True)
        if fact.change == "renamed":
            former = table.of_repository(fact.previous)
            table.ask([source.id for source in (*known, *former)], force=True)
            table.rename(fact.previous, fact.repository)
            yield ""
        elif fact.change == "removed":
            table.ask([source.id for source in known], force=True)
            yield ""
        elif fact.change == "pushed":
            self._pushed(fact, known, table)
        # Also of one that is known: that somebody registered a file of it does not make it discovered.
        if fact.change in ("pushed", "renamed") and not self._discovered(fact.repository, table):
            yield fact.repository

    def _pushed(self, fact: RepositoryChanged, known: Sequence[Source], table: Sources) -> None:
        """Ask for what a push can have changed; who takes text from there, whatever branch it is of, reads it."""
        own = [source for source in known if source.address.repository == fact.repository]
        affected = [source.id for source in own if affects(fact, source, self._configuration.digest)]
        table.ask(affected, fact.commit, fact.cause.actor)
        readers = table.readers_of(fact.repository).difference(affected)
        others = {source.id for source in known if source not in own}
        table.ask(sorted(readers | others), force=True)

    def _discovered(self, repository: str, table: Sources) -> bool:
        """Read it for every provider that wants it for certain; tells whether none is left that may."""
        certain = True
        for provider in covering(self._configuration, repository):
            host = self._configuration.hosts.named(provider.host, provider.type)
            if host is None:
                continue
            address = provider.address(host, repository)
            if provider.certain():
                table.add(address, DISCOVERY + provider.id)
            elif DISCOVERY + provider.id not in table.reasons(address.id):
                certain = False
        return certain


def affects(fact: RepositoryChanged, source: Source, digest: str) -> bool:
    """Tell whether a push can have changed the files of a source of that repository."""
    branch = source.address.ref or source.branch
    if fact.branch and branch and fact.branch != branch:
        return False
    read = source.commit == fact.commit and source.digest.startswith(digest) and source.state == "ok"
    return not (fact.commit and read and not source.incomplete)


def covering(configuration: Configuration, repository: str) -> Iterable[Provider]:
    """Return the providers that a repository belongs to."""
    for provider in configuration.providers:
        host = configuration.hosts.named(provider.host, provider.type)
        if host and provider.covers(repository, host.url):
            yield provider
