"""Which life of the broker this is.

An embedded broker forgets everything when it dies. Positions and publications must never be carried from one life
into the next, so each life has an id, and it is kept where it dies with the rest: in a topic of the broker itself.
The first record of that topic is the id, whoever wrote it; later records mark which relays have told all they know.
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from sipario_kit.attention import IDLE_MS

GENERATIONS = "sipario.generations.v1"
PLACE = TopicPartition(GENERATIONS, 0)
ANSWER_SECONDS = 5.0
FETCH_MS = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Life:
    """One life of the broker. `told` maps a relay to where its heads end: `topic/partition` to the offset behind."""

    generation: str = ""
    told: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Generations:
    """Reads, and where nobody has yet, writes the id of the broker's present life.

    `prepare` makes the topics that a new life needs; it runs before the life gets its id.
    """

    def __init__(
        self, kafka: str, producer: AIOKafkaProducer, *, prepare: Callable[[], Awaitable[None]]
    ) -> None:
        self.life = Life()
        self._prepare = prepare
        self._producer = producer
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_MS,
            consumer_timeout_ms=IDLE_MS,
        )
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Connect; the topic must exist."""
        await self._consumer.start()
        self._consumer.assign([PLACE])
        self._consumer.pause(PLACE)

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._consumer.stop()

    async def refresh(self) -> Life:
        """Look again, now. A broker that does not answer in time leaves what was known.

        In a life without an id, one is proposed; whichever proposal comes first is the id for all.
        """
        async with self._lock:
            try:
                # Not wait_for: under Python 3.11 it may swallow the cancellation of whoever asks.
                async with asyncio.timeout(ANSWER_SECONDS):
                    self.life = await self._read_or_begin()
            except (TimeoutError, KafkaError, OSError) as error:
                log.debug("the broker does not tell its generation", error=repr(error))
            return self.life

    async def mark(self, relay: str, generation: str, ends: Mapping[str, int]) -> None:
        """Say that a relay has told all heads it knows, and where they end."""
        message = {"relay": relay, "generation": generation, "ends": dict(ends)}
        await self._producer.send_and_wait(GENERATIONS, json.dumps(message).encode(), partition=0)

    async def _read_or_begin(self) -> Life:
        life = await self._read()
        if not life.generation:
            await self._prepare()
            proposal = json.dumps({"generation": uuid.uuid4().hex})
            await self._producer.send_and_wait(GENERATIONS, proposal.encode(), partition=0)
            life = await self._read()
        return life

    async def _read(self) -> Life:
        end = (await self._consumer.end_offsets([PLACE]))[PLACE]
        if not end:
            return Life()
        messages: list[dict[str, object]] = []
        self._consumer.seek(PLACE, 0)
        self._consumer.resume(PLACE)  # paused between looks, else the client asks the broker all the time
        try:
            while await self._consumer.position(PLACE) < end:
                batches = await self._consumer.getmany(timeout_ms=200)
                messages += [json.loads(record.value) for batch in batches.values() for record in batch]
        finally:
            self._consumer.pause(PLACE)
        return fold(messages)


def fold(messages: list[dict[str, object]]) -> Life:
    """Make out of the topic's records what they say: the first names the generation, marks of another do not count."""
    if not messages:
        return Life()
    generation = str(messages[0].get("generation", ""))
    told: dict[str, Mapping[str, int]] = {}
    for message in messages[1:]:
        ends = message.get("ends")
        if message.get("generation") == generation and isinstance(ends, dict):
            told[str(message.get("relay", ""))] = ends
    return Life(generation, told)
