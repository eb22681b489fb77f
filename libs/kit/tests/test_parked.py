"""What a service cannot handle is listed with its reason, and heard when it is put back; on both kinds of Kafka."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka.structs import ConsumerRecord
from sipario_engines import Engines
from sipario_events import ENTITIES, GRAPH, EntityChanged, GraphChanged
from sipario_kit.bus import Bus
from sipario_kit.parked import parked, parking
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Patience, Projector
from sipario_kit.record import Record
from sipario_kit.redrive import Redriven, redrive
from sipario_kit.replay import replay
from sipario_kit.settings import CommonSettings
from sipario_kit.subscription import Subscription
from sipario_testkit.waiting import until

pytestmark = pytest.mark.engines("broker")


class Choosy:
    """A projection that refuses refs of some names, as long as it does."""

    def __init__(self) -> None:
        self.refused = "bad"
        self.refusals = 0
        self.heard: list[str] = []

    async def positions(self, generation: str) -> Mapping[str, int]:
        del generation
        return {}

    async def apply(self, facts: Sequence[GraphChanged | EntityChanged], checkpoint: Checkpoint) -> None:
        del checkpoint
        if self.refused and any(self.refused in fact.ref for fact in facts):
            self.refusals += 1
            raise ValueError("I do not like it")
        self.heard += [fact.ref for fact in facts]


@pytest.fixture
def common(engines: Engines) -> CommonSettings:
    return CommonSettings(kafka=engines.addresses.kafka, fetch_max_wait_ms=20)


@asynccontextmanager
async def listening(common: CommonSettings, ear: Choosy, name: str) -> AsyncIterator[Bus]:
    bus = Bus(name, common)
    patience = Patience(attempts=2, first=0)
    projector = Projector("ear", ear, decode=GraphChanged.model_validate_json, patience=patience)
    bus.subscribe(Subscription(GRAPH, GraphChanged, projector, tellers=()))
    async with bus.running():
        yield bus


async def test_what_was_parked_is_listed_and_heard_once_it_is_put_back(common: CommonSettings) -> None:
    name, ear = f"choosy-{secrets.token_hex(4)}", Choosy()
    ear.refused = bad = f"bad-{name}"
    async with listening(common, ear, name) as bus:
        await bus.say([GraphChanged(ref=ref, version=1) for ref in (bad, f"good-{name}")])
        await until(lambda: f"good-{name}" in ear.heard and bus.health().parked == 1)
        (one,) = await parked(common.kafka, [name, "nobody"])
        assert (one.service, one.key, one.error, one.attempts) == (
            name,
            bad,
            "ValueError: I do not like it",
            2,
        )
        assert one.origin.startswith(f"{GRAPH}/")
        assert abs(one.at - datetime.now(UTC)) < timedelta(minutes=5)
        ear.refused = ""
        assert await redrive(common.kafka, name) == Redriven(1, 0)
        await until(lambda: bad in ear.heard)
        await until(lambda: bus.health().parked == 0)
    assert await parked(common.kafka, [name]) == []
    assert await redrive(common.kafka, name) == Redriven(0, 0)


async def test_what_is_refused_again_is_parked_again(common: CommonSettings) -> None:
    name, ear = f"choosy-{secrets.token_hex(4)}", Choosy()
    ear.refused = bad = f"bad-{name}"
    async with listening(common, ear, name) as bus:
        await bus.say([GraphChanged(ref=f"{bad}-{number}", version=1) for number in range(5)])
        await until(lambda: bus.health().parked == 5)
        refusals = ear.refusals
        assert await redrive(common.kafka, name) == Redriven(5, 0)
        await until(lambda: ear.refusals >= refusals + 5)
        await until(lambda: bus.health().parked == 5)
    ear.refused = ""
    async with listening(common, ear, name) as again:
        await until(lambda: again.health().parked == 5)
    assert sorted(each.key for each in await parked(common.kafka, [name])) == [f"{bad}-{n}" for n in range(5)]


async def test_what_is_superseded_is_not_put_behind_what_is_newer(common: CommonSettings) -> None:
    """A compacted topic keeps what stands last: an old version there would come back with the next restart."""
    name, ear = f"choosy-{secrets.token_hex(4)}", Choosy()
    ear.refused = old = f"old-{name}"
    bus = Bus(name, common)
    projector = Projector("ear", ear, decode=EntityChanged.read, patience=Patience(attempts=1, first=0))
    bus.subscribe(Subscription(ENTITIES, EntityChanged, projector, tellers=()))
    async with bus.running():
        await bus.say([EntityChanged(ref=f"{old}-{number}", version=1) for number in range(2)])
        await until(lambda: len(ear.heard) == 0 and bus.health().parked == 2)
        ear.refused = ""
        await bus.say([EntityChanged(ref=f"{old}-0", version=2)])
        await until(lambda: f"{old}-0" in ear.heard)
        assert await redrive(common.kafka, name) == Redriven(1, 1)
        await until(lambda: f"{old}-1" in ear.heard)
    assert (await last(common, ENTITIES))[f"{old}-0"] == 2


async def last(common: CommonSettings, topic: str) -> dict[str, int]:
    """Tell what compaction would leave: of each key, the version that stands last."""
    found: dict[str, int] = {}

    async def take(batch: Sequence[ConsumerRecord]) -> None:
        found.update({raw.key.decode(): EntityChanged.read(raw.value).version for raw in batch})

    await replay(common.kafka, topic, common.partitions, take)
    return found


def test_a_message_is_parked_with_the_headers_that_it_had_but_not_its_life() -> None:
    record = Record("t", 1, 7, b"x", headers={"event-id": "e", "generation": "g"})
    assert dict(parking(record, ValueError("no"), 3)) == {
        "event-id": b"e",
        "x-error": b"ValueError: no",
        "x-attempts": b"3",
        "x-origin": b"t/1/7",
    }
