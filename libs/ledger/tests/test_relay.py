import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sipario_events import EntityChanged
from sipario_ledger import Entry, GenerationChanged, Ledger, LedgerUnavailable, PublisherUnavailable, Relay
from sipario_ledger.position import Position, save

Until = Callable[[Callable[[], bool]], Awaitable[None]]


def said(number: int, title: str = "one") -> EntityChanged:
    return EntityChanged(ref=f"component:default/c{number}", entity={"title": title})


class MemoryBroker:
    """A broker whose memory is lost at each new generation, and which can be made to fail."""

    def __init__(self) -> None:
        self.name = "g1"
        self.log: list[Entry] = []
        self.told: list[str] = []
        self.portions: list[int] = []
        self.failures: list[Exception] = []
        self.restarts_before: set[int] = set()  # numbers of calls of publish

    def restart(self) -> None:
        self.name = f"g{int(self.name[1:]) + 1}"
        self.log = []

    async def generation(self) -> str:
        return self.name

    async def publish(self, entries: Sequence[Entry], generation: str) -> None:
        await asyncio.sleep(0)
        self.portions.append(len(entries))
        if len(self.portions) in self.restarts_before:
            self.restart()
        if self.failures:
            raise self.failures.pop(0)
        self._check(generation)
        self.log.extend(entries)

    async def heads_published(self, relay: str, generation: str) -> None:
        self._check(generation)
        self.told.append(f"{relay} {generation}")

    def _check(self, generation: str) -> None:
        if generation != self.name:
            raise GenerationChanged

    def fold(self) -> dict[str, int]:
        return {entry.identity: entry.seq for entry in self.log}


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def heads_of(ledger: Ledger) -> dict[str, int]:
    return {entry.identity: entry.seq for entry in await ledger.heads(limit=100_000)}


async def test_what_is_recorded_is_published_at_once_in_order(ledger: Ledger, until: Until) -> None:
    broker = MemoryBroker()
    async with running(Relay(ledger, broker, "ingestor", check_seconds=60)) as relay:
        await until(lambda: broker.told == ["ingestor g1"])
        for number in range(5):
            await ledger.record([said(number)])
        await until(lambda: relay.pending() == 0)
    assert [entry.seq for entry in broker.log] == [1, 2, 3, 4, 5]


async def test_a_relay_continues_where_it_was_in_the_same_generation(ledger: Ledger, until: Until) -> None:
    broker = MemoryBroker()
    await ledger.record([said(1)])
    for number in (2, 3):
        async with running(Relay(ledger, broker, "ingestor")) as relay:
            await ledger.record([said(number)])
            await until(lambda: relay.pending() == 0)
    assert [entry.seq for entry in broker.log] == [1, 2, 3]
    assert broker.told == ["ingestor g1"]


async def test_pending_is_not_zero_before_the_heads_are_published(ledger: Ledger) -> None:
    relay = Relay(ledger, MemoryBroker(), "ingestor")
    assert relay.pending() == 1
    await ledger.record([said(1), said(2), said(3)])
    assert relay.pending() == 3


async def test_a_new_generation_gets_every_head_and_tombstone_but_no_history(
    ledger: Ledger, until: Until
) -> None:
    broker = MemoryBroker()
    await ledger.record([said(1), said(2), said(3), said(1, "two")])
    await ledger.record([EntityChanged(ref="component:default/c2", gone=True)])
    async with running(Relay(ledger, broker, "ingestor", check_seconds=60)) as relay:
        await until(lambda: relay.pending() == 0)
        broker.restart()
        relay.wake()
        await until(lambda: broker.told == ["ingestor g1", "ingestor g2"])
    assert [(entry.seq, entry.gone) for entry in broker.log] == [(3, False), (4, False), (5, True)]


async def test_a_broker_that_restarts_while_nothing_happens_is_noticed(ledger: Ledger, until: Until) -> None:
    broker = MemoryBroker()
    await ledger.record([said(1)])
    async with running(Relay(ledger, broker, "ingestor", check_seconds=0.01)) as relay:
        await until(lambda: relay.pending() == 0)
        broker.restart()
        await until(lambda: len(broker.log) == 1)


@pytest.mark.parametrize("call", [1, 2, 3, 4])
async def test_a_generation_that_changes_midway_starts_over(ledger: Ledger, until: Until, call: int) -> None:
    broker = MemoryBroker()
    broker.restarts_before = {call, call + 2}
    await ledger.record([said(number) for number in range(1_600)])
    async with running(Relay(ledger, broker, "ingestor")) as relay:
        await until(lambda: bool(broker.told) and relay.pending() == 0)
        await ledger.record([said(7, "two")])
        await until(lambda: relay.pending() == 0)
    assert broker.fold() == await heads_of(ledger)
    assert max(broker.portions) == 500
    assert broker.told == ["ingestor g3"]


async def test_a_relay_that_ended_among_the_heads_tells_them_all_again(ledger: Ledger, until: Until) -> None:
    """Only a publisher that was told all of them can say where they end."""
    broker = MemoryBroker()
    await ledger.record([said(number) for number in range(1_600)])
    relay = Relay(ledger, broker, "ingestor")
    await ledger.write(
        lambda connection: save(connection, "ingestor", Position("g1", 1_200, heads_published=False))
    )
    async with running(relay):
        await until(lambda: bool(broker.told) and relay.pending() == 0)
    assert broker.fold() == await heads_of(ledger)


async def test_a_broker_that_is_away_is_waited_for(ledger: Ledger, until: Until) -> None:
    broker = MemoryBroker()
    broker.failures = [PublisherUnavailable("not now"), LedgerUnavailable("nor this")]
    await ledger.record([said(1)])
    async with running(Relay(ledger, broker, "ingestor")) as relay:
        await until(lambda: relay.pending() == 0)
    assert (broker.failures, broker.fold()) == ([], await heads_of(ledger))


async def test_an_unknown_error_ends_the_relay(ledger: Ledger) -> None:
    broker = MemoryBroker()
    broker.failures = [KeyError("a bug")]
    await ledger.record([said(1)])
    with pytest.raises(KeyError):
        await asyncio.wait_for(Relay(ledger, broker, "ingestor").run(), 10)


async def test_restarts_of_broker_and_relay_lose_nothing_while_others_record(
    tmp_path: Path, until: Until
) -> None:
    broker = MemoryBroker()
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:

        async def record_many() -> None:
            for turn in range(60):
                await ledger.record([said(number, f"title {turn}") for number in range(turn, turn + 20)])

        recording = asyncio.create_task(record_many())
        for turn in range(25):
            async with running(Relay(ledger, broker, "ingestor", check_seconds=0.01)):
                seen = len(broker.portions)
                await until(lambda: len(broker.portions) > seen or recording.done())  # noqa: B023 - as above
                if turn % 3 == 0:
                    broker.restart()
        await recording
        async with running(Relay(ledger, broker, "ingestor", check_seconds=0.01)) as relay:
            await until(lambda: relay.pending() == 0)
        assert broker.fold() == await heads_of(ledger)


async def test_two_relays_of_one_ledger_do_not_share_positions(ledger: Ledger, until: Until) -> None:
    brokers: dict[str, Any] = {"one": MemoryBroker(), "two": MemoryBroker()}
    await ledger.record([said(1), said(2)])
    for name, broker in brokers.items():
        async with running(Relay(ledger, broker, name)) as relay:
            await until(lambda: relay.pending() == 0)
    assert brokers["one"].fold() == brokers["two"].fold()
