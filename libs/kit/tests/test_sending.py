"""What a broker will never take does not keep it from what follows."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError
from aiokafka.structs import RecordMetadata, TopicPartition
from sipario_kit.sending import Message, partition_of, send


@dataclass
class Stingy:
    """A producer whose broker takes less at once than it does: batches of two messages."""

    most: int
    kept: list[bytes] = field(default_factory=list)
    away: bool = False
    _batch: list[tuple[bytes, "asyncio.Future[RecordMetadata]"]] = field(default_factory=list)

    async def send(
        self, topic: str, value: bytes, *, key: bytes, headers: list[tuple[str, bytes]]
    ) -> "asyncio.Future[RecordMetadata]":
        del key, headers
        answer: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        self._batch.append((value, answer))
        asyncio.get_running_loop().call_soon(self._flush, topic)
        return answer

    def _flush(self, topic: str) -> None:
        batch, self._batch = self._batch[:2], self._batch[2:]
        error: Exception | None = KafkaConnectionError() if self.away else None
        if sum(len(value) for value, _ in batch) > self.most:
            error = error or MessageSizeTooLargeError()
        for value, answer in batch:
            if error:
                answer.set_exception(error)
            else:
                self.kept.append(value)
                place = TopicPartition(topic, 0)
                answer.set_result(RecordMetadata(topic, 0, place, len(self.kept) - 1, None, None, 0))


def message(value: bytes) -> Message:
    return "topic", "key", value, {}


async def test_what_the_broker_finds_too_large_is_passed_over_and_its_neighbours_are_not() -> None:
    stingy = Stingy(most=5)
    said = await send(stingy, [message(value) for value in (b"one", b"much too large", b"two")], "life")
    assert (stingy.kept[-2:], [each.offset for each in said]) == ([b"one", b"two"], [1, 2])


async def test_messages_that_are_too_large_only_together_are_all_said() -> None:
    stingy = Stingy(most=5)
    await send(stingy, [message(value) for value in (b"one", b"two", b"three")], "life")
    assert stingy.kept[-3:] == [b"one", b"two", b"three"]


async def test_a_broker_that_is_away_is_an_error() -> None:
    with pytest.raises(KafkaConnectionError):
        await send(Stingy(most=5, away=True), [message(b"one"), message(b"much too large")], "life")


@pytest.mark.parametrize(("partitions", "chosen"), [([0], 0), (range(7), 3)])
def test_a_key_goes_where_all_clients_of_kafka_put_it(partitions: Sequence[int], chosen: int) -> None:
    assert partition_of(b"21", partitions, ()) == chosen
