"""Takes what a consumer has for a feed, and leads the consumer to where the feed wants to read on."""

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord

from sipario_kit.attention import Attention
from sipario_kit.feed import Feed
from sipario_kit.record import Record

log = structlog.get_logger(__name__)


class Consumer(Protocol):
    """What is needed of a Kafka consumer."""

    async def getmany(self, *, timeout_ms: int, max_records: int) -> Mapping[Any, Any]:
        """Take what has arrived."""
        ...

    def assignment(self) -> Any:
        """The partitions that are read."""
        ...

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read on from there."""
        ...


async def hear(feed: Feed, first: ConsumerRecord, consumer: Consumer, attention: Attention) -> None:
    """Apply a record, and with it, as a batch, what else has arrived by now."""
    entered = feed.projector.entered
    try:
        rest = await consumer.getmany(timeout_ms=0, max_records=feed.subscription.batch)
    except Exception:  # the bus edge: `first` is read already, and would be lost
        log.exception("reading again", projection=feed.projector.name)
        go(consumer, feed.projector.positions, attention)
        return
    records = [record_of(first), *(record_of(each) for batch in rest.values() for each in batch)]
    attention.read.update({record.place: record.offset + 1 for record in records})
    attention.rest()
    go(consumer, await feed.take(records, entered=entered), attention)


def go(consumer: Consumer, positions: Mapping[str, int] | None, attention: Attention) -> None:
    """Read on from these positions; None: as it comes."""
    if positions is not None:
        attention.read = dict(positions)
        attention.wake()
        for place in consumer.assignment():
            consumer.seek(place, positions.get(f"{place.topic}/{place.partition}", 0))


def record_of(raw: ConsumerRecord) -> Record:
    """Translate."""
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in raw.headers}
    return Record(raw.topic, raw.partition, raw.offset, raw.value or b"", raw.key or b"", headers)
