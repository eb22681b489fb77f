"""A consumer that fails loses nothing of what it had handed over already."""

from collections.abc import Mapping, Sequence

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import ConsumerRecord
from sipario_kit.attention import Attention, NoticeBoard
from sipario_kit.feed import Feed
from sipario_kit.hearing import hear
from sipario_kit.lookout import Life
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Projector
from sipario_kit.record import Record
from sipario_kit.subscription import Subscription


class OneLife:
    """A broker that never dies."""

    life = Life("first")

    async def refresh(self) -> Life:
        return self.life

    async def ends(self, topic: str) -> Mapping[str, int]:
        del topic
        return {}


class Ear:
    """A projection that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def positions(self, generation: str) -> Mapping[str, int]:
        del generation
        return {}

    async def apply(self, facts: Sequence[str], checkpoint: Checkpoint) -> None:
        del checkpoint
        self.heard += facts


class Flaky:
    """A consumer of one partition that fails when it is told to."""

    def __init__(self, *values: bytes) -> None:
        self.fails = False
        self.next = 0
        self._values = values

    async def getmany(
        self, *, timeout_ms: int = 0, max_records: int = 100
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        del timeout_ms
        if self.fails:
            raise KafkaConnectionError
        raws = [self.raw(offset) for offset in range(self.next, len(self._values))][:max_records]
        self.next += len(raws)
        return {TopicPartition("t", 0): raws}

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition("t", 0)}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        assert partition.topic == "t"
        self.next = offset

    def raw(self, offset: int) -> ConsumerRecord:
        return ConsumerRecord("t", 0, offset, 0, 0, b"k", self._values[offset], None, 1, 1, ())


async def park(record: Record, error: Exception, attempts: int) -> None:
    raise AssertionError((record, error, attempts))


async def turn(feed: Feed, consumer: Flaky, *, fails: bool = False) -> None:
    """Do as the client's own loop: one record wakes the handler."""
    first = (await consumer.getmany(max_records=1))[TopicPartition("t", 0)][0]
    consumer.fails = fails
    await hear(feed, first, consumer, Attention("t", NoticeBoard()))
    consumer.fails = False


async def test_what_had_been_read_when_the_consumer_failed_is_read_again() -> None:
    ear, consumer = Ear(), Flaky(b"a", b"b", b"c")
    projector = Projector("ear", ear, decode=bytes.decode)
    feed = Feed(Subscription("t", str, projector, tellers=()), OneLife(), park)
    await turn(feed, consumer, fails=True)
    assert consumer.next == 0, "the first record was not taken, so it must come again"
    await turn(feed, consumer)
    await turn(feed, consumer)
    assert ear.heard == ["a", "b", "c"]
