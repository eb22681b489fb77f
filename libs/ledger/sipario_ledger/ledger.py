"""The durable truth of a service."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Self, TypeVar

from sipario_events import VersionedEvent
from sqlalchemy import Connection

from sipario_ledger import clock as clocks
from sipario_ledger import queries
from sipario_ledger.clock import Clock, to_micros
from sipario_ledger.database import Database, database
from sipario_ledger.delivery import remember
from sipario_ledger.entry import Entry, Freed, Recorded
from sipario_ledger.floor import raise_floor
from sipario_ledger.migrate import migrate, migrations_of
from sipario_ledger.recording import Recording
from sipario_ledger.running import Inline, Running, Threads

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

MANY = 500
DELIVERIES_KEPT = timedelta(days=7)


def _nothing(_connection: Connection) -> None:
    """Write nothing beside."""


class Ledger:
    """Versions, heads, history and claims of what a service says, beside the service's own tables.

    Open it with `Ledger.open`; it belongs to the event loop that opened it. Every method may raise
    LedgerUnavailable. Cancelling a call does not take back what it had begun to write.
    """

    def __init__(self, running: Running, store: Database, clock: Clock, newest: int) -> None:
        self._running = running
        self._store = store
        self._clock = clock
        self._newest = newest
        self._woken: list[asyncio.Event] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        url: str,
        *,
        name: str = "ledger",
        migrations: Path | None = None,
        inline: bool = False,
        clock: Clock = clocks.now,
    ) -> AsyncIterator[Self]:
        """Open `sqlite:///path` or `postgresql+psycopg://…`, bring its tables up to date, close it later.

        `name` is the service: on PostgreSQL its schema, so that services can share a database. `migrations`
        is a folder of Alembic revisions for the service's own tables, named like `v0001_sources.py` with
        `revision = "0001"`. `inline` runs everything in the calling task, without threads and durability.
        """
        store = database(url, name=name, inline=inline)
        running: Running = Inline(store) if inline else Threads(store)

        def prepare(connection: Connection) -> int:
            migrate(connection, migrations_of(name, migrations))
            return queries.top(connection)

        try:
            newest = await running.write(prepare, lambda _: None, durable=True)
            yield cls(running, store, clock, newest)
        finally:
            await running.close()
            store.dispose()

    async def record(
        self,
        events: Sequence[VersionedEvent],
        origin: str = "",
        *,
        delivery: str = "",
        alongside: Work[object] = _nothing,
    ) -> Recorded:
        """Give each event that says something new its next version and keep it, all in one transaction.

        With an `origin`, what another origin holds is refused. With a `delivery`, nothing happens when it was
        seen before. `alongside` writes the service's own rows in the same transaction; if it raises, nothing
        is kept.
        """
        at = to_micros(self._clock())

        def work(connection: Connection) -> Recorded:
            if delivery and remember(connection, delivery, at, DELIVERIES_KEPT):
                return Recorded(repeated=True)
            recorded = Recording(connection, events, origin, at).run()
            alongside(connection)
            return recorded

        return await self._running.write(work, self._announce, durable=True)

    async def since(self, seq: int, limit: int = MANY) -> list[Entry]:
        """Return the entries after `seq`, oldest first."""
        return await self.read(lambda connection: queries.since(connection, seq, limit))

    async def heads(self, after_seq: int = 0, limit: int = MANY, *, topic: str | None = None) -> list[Entry]:
        """Return the newest entry of each identity, tombstones too, that comes after `after_seq`."""
        return await self.read(lambda connection: queries.heads_after(connection, after_seq, limit, topic))

    async def named(self, topic: str, beginning: str) -> list[Entry]:
        """Return the live heads of a topic whose identities begin so; looks at all of the topic."""
        return await self.read(lambda connection: queries.heads_named(connection, topic, beginning))

    async def head(self, topic: str, identity: str) -> Entry | None:
        """Return the newest entry of one identity, be it a tombstone; None when there never was one."""
        return await self.read(lambda connection: queries.head(connection, topic, identity))

    async def history(self, topic: str, identity: str, limit: int = MANY) -> list[Entry]:
        """Return the versions of one identity, newest first, each with its cause."""
        return await self.read(lambda connection: queries.history(connection, topic, identity, limit))

    async def of_origin(self, origin: str) -> list[Entry]:
        """Return what an origin holds: live heads, oldest first."""
        return await self.read(lambda connection: queries.of_origin(connection, origin))

    async def held(self, origin: str) -> list[str]:
        """Return the identities that an origin holds, in order: cheaper than `of_origin`."""
        return await self.read(lambda connection: queries.held(connection, origin))

    async def waiting(self, key: str) -> list[str]:
        """Return the origins that were refused `key` and still want it, the first to ask first."""
        return await self.read(lambda connection: queries.waiting(connection, key))

    async def claims(self, origin: str) -> list[str]:
        """Return the keys that `origin` was refused and still wants; recording one as gone withdraws it."""
        return await self.read(lambda connection: queries.claims_of(connection, origin))

    async def freed(self) -> list[Freed]:
        """Return all that is wanted and held by nobody: whose turn it is. Ask at a start, after a crash."""
        return await self.read(queries.freed)

    async def top(self) -> int:
        """Return the seq of the newest entry, whichever process wrote it; 0 when there is none."""
        return await self.read(queries.top)

    @property
    def newest(self) -> int:
        """The newest seq that this process knows of, without asking the database."""
        return self._newest

    async def seen(self, delivery: str) -> bool:
        """Tell whether a webhook delivery came before, and remember it for seven days."""
        at = to_micros(self._clock())
        return await self.write(lambda connection: remember(connection, delivery, at, DELIVERIES_KEPT))

    async def continue_after(self, version: int) -> None:
        """Give only versions above `version` from now on: after a loss, or when a backup was restored.

        Take the greatest version that any projection has seen, else what is recorded now looks old to it.
        """
        await self.write(lambda connection: raise_floor(connection, version))

    async def read(self, work: Work[Result]) -> Result:
        """Run `work` on a connection that sees one state; it runs on another thread."""
        return await self._running.read(work)

    async def write(self, work: Work[Result], *, durable: bool = True) -> Result:
        """Run `work` once, on another thread, in a transaction that excludes other writers.

        When it raises, its changes are undone and the error is the caller's. When not `durable`, a power
        failure may undo it.
        """
        return await self._running.write(work, lambda _: None, durable=durable)

    async def backup(self, path: Path) -> None:
        """Copy everything to the new file `path` while others go on writing. SQLite only."""
        await asyncio.to_thread(self._store.backup, path)

    @contextmanager
    def waking(self, event: asyncio.Event) -> Iterator[None]:
        """Set `event` after every commit that brought entries, as long as the block lasts."""
        self._woken.append(event)
        try:
            yield
        finally:
            self._woken.remove(event)

    def _announce(self, recorded: Recorded) -> None:
        if recorded.entries:
            self._newest = max(self._newest, recorded.entries[-1].seq)
            for event in self._woken:
                event.set()
