"""Puts messages into the broker, and tells those that it will never take from those that may be tried again."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

import structlog
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.structs import RecordMetadata

from sipario_kit.record import GENERATION

Message = tuple[str, str, bytes, Mapping[str, str]]
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)

log = structlog.get_logger(__name__)


def partition_of(key: bytes, partitions: Sequence[int], available: Sequence[int]) -> int:
    """Choose a partition as Kafka's clients do; the only one without hashing the key, which is slow in Python."""
    if len(partitions) == 1:
        return partitions[0]
    return cast("int", DefaultPartitioner()(key, partitions, available))


class Producer(Protocol):
    """What is needed of a Kafka producer."""

    async def send(self, topic: str, value: bytes, *, key: bytes, headers: list[tuple[str, bytes]]) -> Any:
        """Queue a message; the future that is returned tells what the broker said."""
        ...


async def send(producer: Producer, messages: Sequence[Message], generation: str) -> list[RecordMetadata]:
    """Say messages in order and tell where they are; one that is too large is told to the log and passed over.

    Whatever else goes wrong is raised, and some messages may have been said.
    """
    futures = []
    for message in messages:
        try:
            futures.append(await _queue(producer, message, generation))
        except TOO_LARGE:  # so says our own client
            _passed_over(message)
    told = await asyncio.gather(*futures, return_exceptions=True)
    for each in told:
        if isinstance(each, BaseException) and not isinstance(each, TOO_LARGE):
            raise each
    said = [each for each in told if not isinstance(each, BaseException)]
    # So says the broker, of a whole batch: each message is asked for by itself, for its neighbours may fit.
    return said if len(said) == len(told) else await _one_by_one(producer, messages, generation)


async def _one_by_one(
    producer: Producer, messages: Sequence[Message], generation: str
) -> list[RecordMetadata]:
    # All of them again, in order: else the older of a key might come to stand behind the newer.
    said = []
    for message in messages:
        try:
            said.append(await (await _queue(producer, message, generation)))
        except TOO_LARGE:
            _passed_over(message)
    return said


async def _queue(producer: Producer, message: Message, generation: str) -> Any:
    topic, key, value, extra = message
    headers = [(name, text.encode()) for name, text in {GENERATION: generation, **extra}.items()]
    return await producer.send(topic, value, key=key.encode(), headers=headers)


def _passed_over(message: Message) -> None:
    # Nobody will ever take it, and what follows must not wait for it.
    topic, key, value, _ = message
    log.error("a message is too large and is not said", topic=topic, key=key, size=len(value))
