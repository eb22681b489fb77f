"""Messages that a service could not handle: put aside in a topic of its own, listed, and put back.

A parked message is the message as it came, with the reason and where it stood in its headers. Whoever puts messages
back leaves a mark in each partition: what stands before it is no longer parked. So no broker needs to delete anything.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import ConsumerRecord

from sipario_kit.record import GENERATION, Record
from sipario_kit.replay import replay
from sipario_kit.topics import LARGEST_MESSAGE, topic_of

ERROR, ATTEMPTS, ORIGIN, BACK = "x-error", "x-attempts", "x-origin", "x-put-back-until"
LONGEST_REASON = 500

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True)
class ParkedMessage:
    """One message that waits: `origin` is `topic/partition/offset` where it was read, `at` when it was put aside."""

    service: str
    partition: int
    offset: int
    at: datetime
    key: str
    origin: str
    error: str
    attempts: int
    raw: ConsumerRecord


def parking(record: Record, error: Exception, attempts: int) -> Headers:
    """Make the headers of a message to be parked: those that it had, and why it is."""
    reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
    told = {ERROR: reason, ATTEMPTS: str(attempts), ORIGIN: f"{record.place}/{record.offset}"}
    kept = {name: text for name, text in record.headers.items() if name != GENERATION}
    return [(name, text.encode()) for name, text in {**kept, **told}.items()]


async def parked(kafka: str, services: Sequence[str]) -> list[ParkedMessage]:
    """List what services have parked and nobody has put back, oldest first."""
    found: list[ParkedMessage] = []
    for service, partitions in (await _partitions(kafka, services)).items():
        found += await _parked(kafka, service, partitions)
    return sorted(found, key=lambda each: each.at)


async def redrive(kafka: str, service: str) -> int:
    """Put all that a service parked back where it was read, in order for each key; returns how many.

    Whoever dies meanwhile may put some back twice, which versions make harmless. Services that know these versions
    already pass them over.
    """
    waiting = await parked(kafka, [service])
    if waiting:
        async with _producing(kafka) as producer:
            for each in sorted(waiting, key=lambda each: (each.partition, each.offset)):
                topic = each.origin.rsplit("/", 2)[0]
                kept = [
                    (name, value) for name, value in each.raw.headers if name not in (ERROR, ATTEMPTS, ORIGIN)
                ]
                await producer.send_and_wait(topic, each.raw.value, key=each.raw.key, headers=kept)
            for partition in {each.partition for each in waiting}:
                until = 1 + max(each.offset for each in waiting if each.partition == partition)
                mark = [(BACK, str(until).encode())]
                await producer.send_and_wait(topic_of(service), b"", partition=partition, headers=mark)
    return len(waiting)


async def _partitions(kafka: str, services: Sequence[str]) -> dict[str, int]:
    # Only what is there is asked for: a broker may make a topic of a question.
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        asked = [service for service in services if topic_of(service) in there]
        told = await admin.describe_topics([topic_of(service) for service in asked]) if asked else []
    finally:
        await admin.close()
    numbers = {each["topic"]: len(each["partitions"]) for each in told}
    return {service: numbers[topic_of(service)] for service in asked}


async def _parked(kafka: str, service: str, partitions: int) -> list[ParkedMessage]:
    raws: list[ConsumerRecord] = []
    back: dict[int, int] = defaultdict(int)

    async def take(batch: Sequence[ConsumerRecord]) -> None:
        for raw in batch:
            mark = dict(raw.headers).get(BACK)
            if mark is None:
                raws.append(raw)
            else:
                back[raw.partition] = max(back[raw.partition], int(mark))

    await replay(kafka, topic_of(service), partitions, take)
    return [_message(service, raw) for raw in raws if raw.offset >= back[raw.partition]]


def _message(service: str, raw: ConsumerRecord) -> ParkedMessage:
    told = {name: (value or b"").decode("utf-8", "replace") for name, value in raw.headers}
    return ParkedMessage(
        service,
        raw.partition,
        raw.offset,
        at=datetime.fromtimestamp(raw.timestamp / 1000, UTC),
        key=(raw.key or b"").decode("utf-8", "replace"),
        origin=told.get(ORIGIN, ""),
        error=told.get(ERROR, ""),
        attempts=int(told.get(ATTEMPTS, "0")),
        raw=raw,
    )


@asynccontextmanager
async def _producing(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=LARGEST_MESSAGE)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()
