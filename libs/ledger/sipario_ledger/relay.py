"""From the ledger to the broker: everything at least once, each identity's versions in order."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from sipario_ledger.entry import Entry
from sipario_ledger.errors import LedgerUnavailable
from sipario_ledger.ledger import Ledger
from sipario_ledger.position import Position, load, save

CHUNK = 500
CHECK_SECONDS = 1.0
CHECKS_A_READ = (
    10  # what the broker's life is costs little; what another process recorded is read from the database
)
LONGEST_PAUSE = 2.0

_log = structlog.get_logger()


class GenerationChanged(Exception):
    """The broker is not the one that was meant: it lost its memory, or is another one."""


class PublisherUnavailable(Exception):
    """The broker does not take messages now; what was being published may or may not have arrived."""


class Publisher(Protocol):
    """Where the entries go. Its methods may raise PublisherUnavailable; then the relay tries again."""

    async def generation(self) -> str:
        """Name the broker's present memory: it changes whenever topics and offsets were lost."""
        ...

    async def publish(self, entries: Sequence[Entry], generation: str) -> None:
        """Return once the broker keeps all entries, in order by key. Raises GenerationChanged."""
        ...

    async def heads_published(self, relay: str, generation: str) -> None:
        """Hear that this generation has all heads. May come twice. Raises GenerationChanged."""
        ...


class Relay:
    """Publishes what the ledger records, at once and in order.

    Its position belongs to one generation of the broker. In a new one it publishes all heads, tombstones too,
    and then says so; if the generation changes meanwhile, it starts over. Entries may be published twice,
    none is left out unless a newer version of the same identity follows.
    """

    def __init__(
        self, ledger: Ledger, publisher: Publisher, name: str, *, check_seconds: float = CHECK_SECONDS
    ) -> None:
        self._ledger = ledger
        self._publisher = publisher
        self._name = name
        self._check_seconds = check_seconds
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._position = Position("", 0, heads_published=False)

    def pending(self) -> int:
        """Count the entries that wait to be published; not 0 before the broker has the heads."""
        behind = max(self._ledger.newest - self._position.seq, 0)
        return behind if self._position.heads_published else max(behind, 1)

    async def published(self, seq: int) -> None:
        """Return once the broker has all entries up to `seq`; in a new life of it, all heads."""
        while not self._position.heads_published or self._position.seq < seq:
            await self._moved.wait()

    def wake(self) -> None:
        """Look now: call it when the broker may have been restarted."""
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled. Waits out a broker or ledger that is away; any other error ends it."""
        pause = 0.05
        with self._ledger.waking(self._wake):
            while True:
                try:
                    await self._catch_up()
                    pause = 0.05
                    await self._rest()
                except GenerationChanged:
                    continue
                except (PublisherUnavailable, LedgerUnavailable) as error:
                    _log.warning("relay waits", relay=self._name, reason=str(error), seconds=pause)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    async def _rest(self) -> None:
        # Nobody wakes us when an idle broker loses its memory, or when another process records.
        # (Not wait_for: under Python 3.11 it may swallow the cancellation that ends us.)
        for _ in range(CHECKS_A_READ):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._check_seconds):
                    await self._wake.wait()
                    return
            if await self._publisher.generation() != self._position.generation:
                return

    async def _catch_up(self) -> None:
        self._wake.clear()
        generation = await self._publisher.generation()
        if self._position.generation != generation:
            found = await self._ledger.read(lambda connection: load(connection, self._name, generation))
            # Heads told by half are told from the first again: only who told all of them can say where they end.
            self._stand(found if found.heads_published else Position(generation, 0, heads_published=False))
        if not self._position.heads_published:
            await self._publish_heads()
        while entries := await self._ledger.since(self._position.seq, CHUNK):
            await self._publish(entries)

    async def _publish_heads(self) -> None:
        # Heads only ever move to a greater seq: whoever walks up until nothing follows has met each one.
        while entries := await self._ledger.heads(self._position.seq, CHUNK):
            await self._publish(entries)
        await self._publisher.heads_published(self._name, self._position.generation)
        await self._move(Position(self._position.generation, self._position.seq, heads_published=True))

    async def _publish(self, entries: Sequence[Entry]) -> None:
        await self._publisher.publish(entries, self._position.generation)
        position = self._position
        await self._move(
            Position(position.generation, entries[-1].seq, heads_published=position.heads_published)
        )

    async def _move(self, position: Position) -> None:
        # Not durable: it saves a flush on each turn; a power failure costs some entries published twice.
        await self._ledger.write(lambda connection: save(connection, self._name, position), durable=False)
        self._stand(position)

    def _stand(self, position: Position) -> None:
        self._position = position
        self._moved.set()
        self._moved = asyncio.Event()
