"""When a consumer asks the broker for more: always, or only when there is something to be had.

A broker that cannot wait for news is asked many times a second by each consumer, for nothing. Where all who speak and
all who listen live in one process, that process knows when there is news: whoever publishes puts it on the notice
board, and a consumer that has read all there is rests until then. Now and then it looks, in case others spoke too.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

IDLE_MS = 3000  # how often the client's own loop turns while nothing happens; by itself, five times a second
LOOK_SECONDS = 30.0
GLANCE_SECONDS = 0.2


class NoticeBoard:
    """What this process has published: where each partition ends, in the broker's present life."""

    def __init__(self) -> None:
        self._generation = ""
        self._ends: dict[str, int] = {}
        self._wakers: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def listen(self, topic: str, wake: Callable[[], None]) -> None:
        """Be called when something was published to a topic."""
        self._wakers[topic].append(wake)

    def tell(self, generation: str, ends: Mapping[str, int]) -> None:
        """Say where partitions (`topic/number`) end now."""
        if generation != self._generation:
            self._generation, self._ends = generation, {}
        self._ends.update({place: max(end, self.end(place)) for place, end in ends.items()})
        for topic in {place.rpartition("/")[0] for place in ends}:
            for wake in self._wakers[topic]:
                wake()

    def end(self, place: str) -> int:
        """Tell where a partition ends, as far as is known here."""
        return self._ends.get(place, 0)


class Attention:
    """Lets a consumer of one topic rest while there is nothing to read; `read` is where reading has come to."""

    def __init__(self, topic: str, board: NoticeBoard) -> None:
        self.read: dict[str, int] = {}
        self._board = board
        self._consumer: AIOKafkaConsumer | None = None
        self._looked = 0.0
        board.listen(topic, self.wake)

    def wake(self) -> None:
        """Ask the broker."""
        if self._consumer:
            for place in self._consumer.paused():
                self._consumer.resume(place)

    def rest(self) -> None:
        """Ask no more, if everything has been read."""
        if self._consumer and all(self._is_read(place) for place in self._consumer.assignment()):
            self._consumer.pause(*self._consumer.assignment())

    def look(self, consumer: AIOKafkaConsumer | None) -> None:
        """Rest when there is nothing to read; from time to time, look whether somebody else said something.

        A consumer never rests before it was looked after once.
        """
        self._consumer = consumer
        self.rest()
        loop = asyncio.get_running_loop()
        if loop.time() > self._looked + LOOK_SECONDS:
            self._looked = loop.time()
            self.wake()
            loop.call_later(GLANCE_SECONDS, self.rest)

    def _is_read(self, place: TopicPartition) -> bool:
        end = self._consumer.highwater(place) if self._consumer else None
        name = f"{place.topic}/{place.partition}"
        return end is not None and self.read.get(name, 0) >= max(end, self._board.end(name))
