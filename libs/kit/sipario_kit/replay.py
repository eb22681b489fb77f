"""Reads a topic once from its beginning, beside whoever listens to it."""

from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

BATCH = 500
POLL_MS = 100
FETCH_MS = 50

Take = Callable[[Sequence[ConsumerRecord]], Awaitable[None]]


async def replay(kafka: str, topic: str, partitions: int, take: Take) -> None:
    """Hand over the records of a topic, in batches, up to the end that stood when this began."""
    places = [TopicPartition(topic, number) for number in range(partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=FETCH_MS,
    )
    try:
        await consumer.start()
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        await _read(consumer, places, take)
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, places: list[TopicPartition], take: Take) -> None:
    # The end is what a fetch tells: asked for end offsets, the embedded broker names the last batch's first record.
    ends: dict[TopicPartition, int] = {}
    left = list(places)
    while left:
        found = await consumer.getmany(*left, timeout_ms=POLL_MS, max_records=BATCH)
        for place in left:
            if place not in ends and consumer.highwater(place) is not None:
                ends[place] = consumer.highwater(place)
        records = [each for place in found for each in found[place] if each.offset < ends[place]]
        if records:
            await take(records)
        left = [place for place in left if place not in ends or await consumer.position(place) < ends[place]]
