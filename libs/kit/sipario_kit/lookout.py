"""Reads the topic that tells which life of the broker this is, over one connection for all services of a process."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition

from sipario_kit.attention import IDLE_MS

GENERATIONS = "sipario.generations.v1"
PLACE = TopicPartition(GENERATIONS, 0)
FETCH_MS = 20


@dataclass(frozen=True)
class Life:
    """One life of the broker. `told` maps a relay to where its heads end: `topic/partition` to the offset behind."""

    generation: str = ""
    told: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Lookout:
    """What was seen last, `life`, and when that look began, `looked` (of `time.monotonic`).

    Whoever reads holds `lock`: the services of a process take turns, and what one saw need not be read by the next.
    """

    def __init__(self) -> None:
        self.life = Life()
        self.looked = float("-inf")
        self.lock = asyncio.Lock()
        self._present = 0
        self._consumer: AIOKafkaConsumer

    @asynccontextmanager
    async def present(self, kafka: str) -> AsyncIterator[None]:
        """Be connected: the first to come connects, the last to go lets go. The topic must exist."""
        async with self.lock:
            if not self._present:
                await self._connect(kafka)
            self._present += 1
        try:
            yield
        finally:
            async with self.lock:
                self._present -= 1
                if not self._present:
                    await self._consumer.stop()

    async def read(self) -> Life:
        """Look now; raises what the client does."""
        looked = time.monotonic()
        self.life = fold(await self._messages())
        self.looked = looked
        return self.life

    async def _connect(self, kafka: str) -> None:
        self.life, self.looked = Life(), float("-inf")
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_MS,
            consumer_timeout_ms=IDLE_MS,
        )
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        self._consumer.assign([PLACE])
        self._consumer.pause(PLACE)

    async def _messages(self) -> list[dict[str, object]]:
        end = (await self._consumer.end_offsets([PLACE]))[PLACE]
        messages: list[dict[str, object]] = []
        if not end:
            return messages
        self._consumer.seek(PLACE, 0)
        self._consumer.resume(PLACE)  # paused between looks, else the client asks the broker all the time
        try:
            while await self._consumer.position(PLACE) < end:
                batches = await self._consumer.getmany(timeout_ms=200)
                messages += [json.loads(record.value) for batch in batches.values() for record in batch]
        finally:
            self._consumer.pause(PLACE)
        return messages


def fold(messages: list[dict[str, object]]) -> Life:
    """Fold the topic's records: the first proposal is the generation, marks of another do not count.

    A mark that was meant for a life that just ended may come before any proposal: it must not revive that life's name.
    """
    proposals = (str(message["generation"]) for message in messages if "relay" not in message)
    generation = next(proposals, "")
    told: dict[str, Mapping[str, int]] = {}
    for message in messages:
        ends = message.get("ends")
        if message.get("generation") == generation and isinstance(ends, dict):
            told[str(message.get("relay", ""))] = ends
    return Life(generation, told)
