"""Reads a topic once from its beginning, beside whoever listens to it."""

from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

BATCH = 500
POLL_MS = 200
FETCH_MS = 50

Take = Callable[[Sequence[ConsumerRecord]], Awaitable[None]]


async def replay(kafka: str, topic: str, partitions: int, take: Take) -> None:
    """Hand over the records of a topic, in batches, up to the end that stood when this began."""
    places = [TopicPartition(topic, number) for number in range(partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, auto_offset_reset="earliest", enable_auto_commit=False, fetch_max_wait_ms=FETCH_MS
    )
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while left := [place for place in places if await consumer.position(place) < ends[place]]:
            found = await consumer.getmany(*left, timeout_ms=POLL_MS, max_records=BATCH)
            records = [each for place in found for each in found[place] if each.offset < ends[place]]
            if records:
                await take(records)
    finally:
        await consumer.stop()
