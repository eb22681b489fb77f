"""Messages that a service could not handle: put aside in a topic of its own, and listed.

A parked message is the message as it came, with the reason and where it stood in its headers. Whoever puts messages
back (`redrive`) leaves a mark in each partition: what stands before it is no longer parked. So no broker needs to
delete anything.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka.structs import ConsumerRecord

from sipario_kit.record import GENERATION, Record
from sipario_kit.replay import replay
from sipario_kit.topics import partitions_of, topic_of

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
    there = await partitions_of(kafka, [topic_of(service) for service in services])
    for service in services:
        if topic_of(service) in there:
            found += await _parked(kafka, service, there[topic_of(service)])
    return sorted(found, key=lambda each: each.at)


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
