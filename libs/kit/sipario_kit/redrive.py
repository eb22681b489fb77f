"""Puts back what a service parked, and lets no older version come to stand behind a newer one."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.structs import ConsumerRecord

from sipario_kit.parked import ATTEMPTS, BACK, ERROR, ORIGIN, ParkedMessage, parked
from sipario_kit.replay import replay
from sipario_kit.topics import COMPACTED, LARGEST_MESSAGE, partitions_of, topic_of


@dataclass(frozen=True)
class Redriven:
    """How many messages were put back, and how many not, because something newer had been said meanwhile."""

    put_back: int
    superseded: int


async def redrive(kafka: str, service: str) -> Redriven:
    """Put all that a service parked back where it was read, in order for each key.

    A compacted topic keeps what stands last of each key: there, what has been superseded is dropped, and whatever was
    said while this went on is said again. Whoever dies meanwhile may put some back twice, which versions make harmless.
    """
    waiting = sorted(await parked(kafka, [service]), key=lambda each: (each.partition, each.offset))
    if not waiting:
        return Redriven(0, 0)
    topics = {_topic(each) for each in waiting} & COMPACTED
    fresh = await _fresh(kafka, waiting, topics)
    async with _producing(kafka) as producer:
        for each in fresh:
            headers = [header for header in each.raw.headers if header[0] not in (ERROR, ATTEMPTS, ORIGIN)]
            await producer.send_and_wait(_topic(each), each.raw.value, key=each.raw.key, headers=headers)
        for topic in topics:
            await _newest_last(kafka, topic, producer)
        for partition in {each.partition for each in waiting}:
            until = 1 + max(each.offset for each in waiting if each.partition == partition)
            mark = [(BACK, str(until).encode())]
            await producer.send_and_wait(topic_of(service), b"", partition=partition, headers=mark)
    return Redriven(len(fresh), len(waiting) - len(fresh))


def _topic(message: ParkedMessage) -> str:
    return message.origin.rsplit("/", 2)[0]


async def _fresh(
    kafka: str, waiting: Sequence[ParkedMessage], topics: Collection[str]
) -> list[ParkedMessage]:
    last = {topic: (await _kept(kafka, topic))[0] for topic in topics}
    return [each for each in waiting if _topic(each) not in last or _is_last(each, last[_topic(each)])]


def _is_last(message: ParkedMessage, last: dict[bytes, ConsumerRecord]) -> bool:
    after = last.get(message.raw.key)
    if after is None or f"{after.topic}/{after.partition}/{after.offset}" == message.origin:
        return True
    return _version(after) < _version(message.raw)


async def _newest_last(kafka: str, topic: str, producer: AIOKafkaProducer) -> None:
    while True:
        last, newest = await _kept(kafka, topic)
        behind = [newest[key] for key, each in last.items() if _version(each) < _version(newest[key])]
        if not behind:
            return
        for each in behind:
            await producer.send_and_wait(topic, each.value, key=each.key, headers=list(each.headers))


async def _kept(kafka: str, topic: str) -> tuple[dict[bytes, ConsumerRecord], dict[bytes, ConsumerRecord]]:
    """Of each key, the record that stands last, and the one of the greatest version."""
    last: dict[bytes, ConsumerRecord] = {}
    newest: dict[bytes, ConsumerRecord] = {}

    async def take(batch: Sequence[ConsumerRecord]) -> None:
        for raw in batch:
            last[raw.key] = raw
            if raw.key not in newest or _version(raw) >= _version(newest[raw.key]):
                newest[raw.key] = raw

    await replay(kafka, topic, (await partitions_of(kafka, [topic])).get(topic, 0), take)
    return last, newest


def _version(raw: ConsumerRecord) -> int:
    # What cannot be read has no version, and gives way to whatever follows.
    try:
        return int(orjson.loads(raw.value or b"")["version"])
    except (ValueError, KeyError, TypeError):
        return -1


@asynccontextmanager
async def _producing(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=LARGEST_MESSAGE)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()
