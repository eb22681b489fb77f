"""The bus on a real broker: what is said is heard, also by those who were away, also when the broker dies."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka.errors import KafkaConnectionError
from sipario_engines import Broker
from sipario_events import GRAPH, GraphChanged
from sipario_kit.bus import Bus
from sipario_kit.errors import Unavailable
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Patience, Projector
from sipario_kit.record import Record
from sipario_kit.settings import CommonSettings
from sipario_kit.subscription import Subscription
from sipario_testkit.waiting import until


class Ear:
    """A projection that remembers refs, and its place like a store that survives the process."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.checkpoint = Checkpoint("")

    async def positions(self, generation: str) -> Mapping[str, int]:
        return self.checkpoint.positions if self.checkpoint.generation == generation else {}

    async def apply(self, facts: Sequence[GraphChanged], checkpoint: Checkpoint) -> None:
        self.heard += [fact.ref for fact in facts]
        self.checkpoint = checkpoint


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    broker = Broker(tmp_path, tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture(params=[False, True], ids=["asks always", "rests"])
def common(broker: Broker, request: pytest.FixtureRequest) -> CommonSettings:
    return CommonSettings(kafka=broker.address, fetch_max_wait_ms=20, rests=request.param)


@asynccontextmanager
async def listening(
    common: CommonSettings,
    ear: Ear,
    *,
    latest: bool = False,
    tellers: tuple[str, ...] = (),
    patient: bool = False,
    batch: int = 500,
) -> AsyncIterator[Bus]:
    bus = Bus("listener", common)
    projector = Projector(
        "ear", ear, decode=GraphChanged.model_validate_json, patience=Patience(attempts=1, first=0)
    )
    bus.subscribe(
        Subscription(
            GRAPH, GraphChanged, projector, tellers=tellers, latest=latest, patient=patient, batch=batch
        )
    )
    async with bus.running():
        yield bus


def changes(*refs: str) -> list[GraphChanged]:
    return [GraphChanged(ref=ref, version=1) for ref in refs]


async def test_what_is_said_is_heard(common: CommonSettings) -> None:
    ear = Ear()
    async with listening(common, ear) as bus:
        await bus.say(changes("a", "b", "c"))
        await until(lambda: len(ear.heard) == 3)
        assert sorted(ear.heard) == ["a", "b", "c"]
        await until(lambda: bus.health().lag == {"ear": 0})


async def test_what_was_said_meanwhile_is_heard_after_a_restart_and_nothing_twice(
    common: CommonSettings,
) -> None:
    ear = Ear()
    async with listening(common, ear) as bus:
        await bus.say(changes("a"))
        await until(lambda: ear.heard == ["a"])
    async with listening(common, Ear()) as other:
        await other.say(changes("b"))
    async with listening(common, ear):
        await until(lambda: len(ear.heard) > 1)
        assert ear.heard == ["a", "b"]


async def test_who_asks_for_the_latest_is_not_told_the_past(common: CommonSettings) -> None:
    ear = Ear()
    async with listening(common, Ear()) as teller:
        for version in range(1, 4):
            await teller.say([GraphChanged(ref=f"past-{version}", version=version, cause="")] * 2)
        async with listening(common, ear, latest=True) as bus:
            await teller.say(changes("present"))
            await until(lambda: "present" in ear.heard)
            await until(lambda: bus.health().lag == {"ear": 0})
    assert len(ear.heard) < 7, "the embedded broker tells where the last batch begins, not where it ends"


async def test_a_broker_that_forgets_everything_is_a_new_life(broker: Broker, common: CommonSettings) -> None:
    ear = Ear()
    async with listening(common, ear) as bus:
        await bus.say(changes(*(f"before-{n}" for n in range(50))))
        await until(lambda: len(ear.heard) == 50)
        first = await bus.generation()
        await broker.process.stop(grace=0)
        await broker.start()
        await bus.say(changes("after"))
        await until(lambda: "after" in ear.heard)
        assert await bus.generation() != first


async def test_services_of_one_process_come_and_go_in_any_order(common: CommonSettings) -> None:
    ear = Ear()
    first = Bus("first", common)
    async with listening(common, ear) as bus:
        async with first.running():
            pass
        await bus.refresh()
        await bus.say(changes("a"))
        await until(lambda: ear.heard == ["a"])
    async with listening(common, ear) as bus:
        assert bus.life.generation == ear.checkpoint.generation


async def test_who_is_patient_hears_when_the_others_of_its_process_have_caught_up(
    common: CommonSettings,
) -> None:
    first, patient = Ear(), Ear()
    async with (
        listening(common, patient, tellers=("teller",), patient=True),
        listening(common, first, tellers=("teller",)) as bus,
    ):
        await bus.say(changes("a"))
        await until(lambda: first.heard == ["a"])
        assert patient.heard == []
        await bus.heads_published("teller", await bus.generation())
        await until(lambda: patient.heard == ["a"])


async def test_the_key_decides_the_partition_so_one_ref_stays_in_order(common: CommonSettings) -> None:
    ear = Ear()
    async with listening(common, ear) as bus:
        await bus.say([GraphChanged(ref=f"ref-{n % 5}", version=n) for n in range(100)])
        await until(lambda: len(ear.heard) == 100)
    assert set(ear.heard) == {f"ref-{n}" for n in range(5)}


async def test_nothing_is_made_anew_of_a_topic_that_was_not_told_to_its_end(common: CommonSettings) -> None:
    """A rebuild sweeps what it did not hear: just after the broker's death, that would be almost everything."""
    read: list[Record] = []

    async def take(records: Sequence[Record]) -> None:
        read.extend(records)

    async with listening(common, Ear(), tellers=("catalog-graph",)) as bus:
        await bus.say(changes("a"))
        with pytest.raises(Unavailable, match="catalog-graph"):
            await bus.replay(GRAPH, take)
        assert read == []
        await bus.heads_published("catalog-graph", await bus.generation())
        await bus.replay(GRAPH, take)
    assert [record.key for record in read] == [b"a"]


class Hesitant(Ear):
    """A projection whose first answers are those of a broker that broke off."""

    failures = 2

    async def positions(self, generation: str) -> Mapping[str, int]:
        if self.failures:
            self.failures -= 1
            raise KafkaConnectionError
        return await super().positions(generation)


async def test_a_connection_that_comes_to_nothing_is_let_go(common: CommonSettings) -> None:
    async with listening(common, Ear(), latest=True):
        needed = producers()
    ear = Hesitant()
    async with listening(common, ear, latest=True) as bus:
        assert (ear.failures, producers()) == (0, needed)
        await bus.say(changes("a"))
        await until(lambda: bool(ear.heard))
        assert ear.heard == ["a"]


def producers() -> int:
    """Count those that live on this loop."""
    return sum("_sender_routine" in repr(task) for task in asyncio.all_tasks())


async def test_caught_up_means_that_all_that_was_said_before_is_applied(common: CommonSettings) -> None:
    ear = Ear()
    async with listening(common, ear) as bus:
        for number in range(20):
            await bus.say(changes(f"ref-{number}"))
            await bus.caught_up()
            assert ear.heard[-1] == f"ref-{number}"


async def test_caught_up_means_the_last_of_what_was_said_at_once_too(common: CommonSettings) -> None:
    ear = Ear()
    async with listening(common, ear, batch=2) as bus:
        for round_ in range(5):
            said = [f"ref-{round_}-{number}" for number in range(30)]
            await bus.say(changes(*said))
            await bus.caught_up()
            assert sorted(ear.heard)[-30:] == sorted(said)


async def test_what_was_heard_of_a_broker_that_forgot_is_no_catching_up(
    broker: Broker, common: CommonSettings
) -> None:
    ear = Ear()
    async with listening(common, ear) as bus:
        await bus.say(changes(*(f"before-{number}" for number in range(50))))
        await bus.caught_up()
        await broker.process.stop(grace=0)
        await broker.start()
        await bus.say(changes("after"))
        await bus.caught_up()
        assert ear.heard[-1] == "after"


async def test_before_it_listens_a_bus_cannot_have_caught_up(common: CommonSettings) -> None:
    bus = Bus("listener", common)
    bus.subscribe(
        Subscription(GRAPH, GraphChanged, Projector("ear", Ear(), decode=GraphChanged.model_validate_json))
    )
    with pytest.raises(Unavailable):
        await bus.caught_up()
