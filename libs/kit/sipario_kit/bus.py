"""A service's connection to Kafka: all that it hears by FastStream, and all that it says by aiokafka."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy, ContextRepo
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka import TopicPartition as Assigned
from sipario_events import Event
from sipario_ledger import Entry, GenerationChanged, PublisherUnavailable

from sipario_kit.attention import IDLE_MS, Attention
from sipario_kit.background import beside
from sipario_kit.counting import ParkedCount
from sipario_kit.errors import Unavailable
from sipario_kit.feed import Feed
from sipario_kit.generations import Generations
from sipario_kit.hearing import go, hear, record_of
from sipario_kit.lookout import Life
from sipario_kit.parked import parking
from sipario_kit.precedence import Turn
from sipario_kit.record import Record
from sipario_kit.replay import replay
from sipario_kit.sending import TOO_LARGE, Message, partition_of, send
from sipario_kit.service import Health
from sipario_kit.settings import CommonSettings
from sipario_kit.subscription import Subscription
from sipario_kit.topics import LARGEST_MESSAGE, ensure_topics, topic_of

# Of messages to one partition: each batch costs all who handle it as much as many messages.
LARGEST_BATCH = 512 << 10
WATCH_SECONDS = 3.0
CATCHING_UP_SECONDS = 0.25
FRESH = 0.9  # of that: a look of another service of this process, not older, will do
PAUSE_SECONDS = 0.2
START_SECONDS = 60.0

log = structlog.get_logger(__name__)


class Bus:
    """Publishes events and the ledger's entries, and feeds projectors; survives a broker that dies and forgets.

    Partitions are assigned by hand, and positions kept by the projections, so the broker commits nothing for us.
    """

    def __init__(self, name: str, common: CommonSettings) -> None:
        self.name = name
        self._common = common
        self._broker = KafkaBroker(
            common.kafka, client_id=name, ack_policy=AckPolicy.MANUAL, context=ContextRepo(), logger=None
        )
        self._producer: AIOKafkaProducer
        self._generations: Generations
        self._heard: list[tuple[Feed, Any, Attention]] = []
        self._turns: list[Turn] = []
        self._parked = ParkedCount(common.kafka, name)
        self._reached: dict[str, int] = {}
        self._reached_in = ""

    def subscribe(self, subscription: Subscription) -> None:
        """Hear a topic; call before `running`."""
        partitions = [Assigned(subscription.topic, n) for n in range(self._common.partitions)]
        subscriber = self._broker.subscriber(
            partitions=partitions,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=self._common.fetch_max_wait_ms,
            consumer_timeout_ms=IDLE_MS,
            decoder=_undecoded,
            title=f"{self.name} hears {subscription.topic}",
        )
        feed = Feed(subscription, self, self._park)
        attention = Attention(subscription.topic, self._common.notice_board)
        turn = Turn(self._common.precedence)
        if subscription.patient:
            self._turns.append(turn)

        async def handle(message: KafkaMessage) -> None:
            consumer: Any = subscriber.consumer
            if subscription.patient:
                await turn.come(self.life.generation)
            await hear(feed, message.raw_message, consumer, attention)

        subscriber(handle)
        self._heard.append((feed, subscriber, attention))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be connected. A broker that is not up yet is waited for, a minute at most."""
        async with asyncio.timeout(START_SECONDS):
            connection = await self._connect()
        async with connection, beside(self._parked.run()), beside(self._watch()):
            try:
                with self._common.precedence.first(self._first_caught_up):
                    yield
            finally:
                for turn in self._turns:
                    turn.end()

    def _first_caught_up(self) -> bool:
        return all(feed.complete() for feed, _, _ in self._heard if not feed.subscription.patient)

    @property
    def life(self) -> Life:
        """The present life of the broker, as it was when last looked."""
        return self._generations.life

    async def refresh(self) -> Life:
        """Look now whether the broker began a new life."""
        return await self._generations.refresh()

    async def ends(self, topic: str) -> Mapping[str, int]:
        """Tell where those partitions of a topic end now of which something can be read; of topics that are heard."""
        consumer = next(each.consumer for feed, each, _ in self._heard if feed.subscription.topic == topic)
        begins = await consumer.beginning_offsets(consumer.assignment())
        read = {f"{place.topic}/{place.partition}": begin for place, begin in begins.items()}
        return {place: end for place, end in (await _ends(consumer)).items() if end > read[place]}

    async def say(self, events: Sequence[Event]) -> None:
        """Say events that no ledger keeps, in order for each key; returns when the broker has them."""
        messages: list[Message] = [(each.topic, each.key(), each.body(), {}) for each in events]
        while True:
            try:
                return await self._insist(messages, lambda: self._generations.life.generation)
            except GenerationChanged:
                continue

    async def replay(self, topic: str, take: Callable[[Sequence[Record]], Awaitable[None]]) -> None:
        """Read a topic from its beginning to the end that stood when this began, beside the subscriptions.

        Raises `Unavailable` when that is not all: the broker began a new life, and not everybody has told again.
        """
        before = (await self._generations.refresh()).generation
        self._refuse_if_untold(topic)
        partitions = self._common.partitions
        await replay(
            self._common.kafka, topic, partitions, lambda raws: take([record_of(raw) for raw in raws])
        )
        if (await self._generations.refresh()).generation != before:
            raise Unavailable("The broker forgot everything while it was read; try again.")

    async def caught_up(self) -> None:
        """Return once every projection has applied what its topic held when this was asked.

        Whoever asks says how long to wait: in a new life of the broker it may take long. Raises `Unavailable`.
        """
        for feed, subscriber, attention in self._heard:
            if subscriber.consumer is None:
                raise Unavailable(f"{self.name} is starting.")
            try:
                # Places of a former life, which nobody here may have noticed to be over, would seem to be far ahead.
                life = await self._generations.refresh()
                ends = await self.ends(feed.subscription.topic)
            except (KafkaError, OSError) as error:
                raise Unavailable(f"The broker does not answer: {error!r}") from error
            attention.wake()
            await feed.projector.reached(life.generation, ends)
            # The embedded broker names the last batch's first record: who has read that knows where the batch ends.
            await feed.projector.reached(life.generation, _fetched(subscriber.consumer, ends))

    # What a ledger's relay needs of its publisher.

    async def generation(self) -> str:
        """Tell the present life of the broker, as it was when last looked; waits until one is known."""
        while not self._generations.life.generation:
            await self._generations.refresh()
            await asyncio.sleep(0)
        return self._generations.life.generation

    async def publish(self, entries: Sequence[Entry], generation: str) -> None:
        """Say entries of the ledger in one life of the broker; raises `GenerationChanged` when that life is over."""

        def still() -> str:
            if self._generations.life.generation != generation:
                raise GenerationChanged(generation)
            return generation

        await self._insist([_message(each) for each in entries], still)

    async def heads_published(self, relay: str, generation: str) -> None:
        """Say that the relay has told every head it knows in this life."""
        try:
            ends = self._reached if self._reached_in == generation else {}
            await self._generations.mark(relay, generation, ends)
        except (KafkaError, OSError) as error:
            raise PublisherUnavailable(f"The broker does not answer: {error!r}") from error

    def health(self) -> Health:
        """Tell whether every projection has caught up with what all its tellers had to tell, and what is left."""
        lag = {feed.projector.name: self._lag(feed, subscriber) for feed, subscriber, _ in self._heard}
        behind = self.behind()
        reason = f"catching up: {', '.join(behind)}" if behind else ""
        return Health(not behind, reason, lag, self._parked.number)

    def behind(self) -> list[str]:
        """Name the projections that have yet to catch up."""
        return [feed.projector.name for feed, _, _ in self._heard if not feed.complete()]

    async def _connect(self) -> AsyncExitStack:
        while True:
            try:
                async with AsyncExitStack() as stack:  # what a try began that failed is let go
                    await self._open(stack)
                    return stack.pop_all()
            except (KafkaError, OSError) as error:
                log.info("waiting for the broker", kafka=self._common.kafka, error=repr(error))
                await asyncio.sleep(PAUSE_SECONDS)

    async def _open(self, stack: AsyncExitStack) -> None:
        await ensure_topics(self._common, self.name)
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._common.kafka,
            acks="all",
            max_request_size=LARGEST_MESSAGE,
            max_batch_size=LARGEST_BATCH,
            linger_ms=1,
            partitioner=partition_of,
        )
        stack.push_async_callback(self._producer.stop)
        await self._producer.start()
        lookout = self._common.lookout
        await stack.enter_async_context(lookout.present(self._common.kafka))
        self._generations = Generations(
            lookout, self._producer, prepare=lambda: ensure_topics(self._common, self.name)
        )
        await self.generation()
        stack.push_async_callback(self._broker.stop)
        await self._broker.start()
        await self._pass_over()

    async def _pass_over(self) -> None:
        for feed, subscriber, attention in self._heard:
            if feed.subscription.latest:
                known = await _ends(subscriber.consumer)
                go(subscriber.consumer, await feed.pass_over(known), attention)

    async def _watch(self) -> None:
        known = self._generations.life.generation
        while True:
            pause = WATCH_SECONDS if self.health().ready else CATCHING_UP_SECONDS
            await asyncio.sleep(pause)
            life = await self._generations.refresh(within=pause * FRESH)
            if life.generation != known:  # others look too: whoever saw it first, this is done once
                known = life.generation
                log.warning("the broker began a new life", generation=life.generation)
                self._common.notice_board.tell(life.generation, {})
                self._parked.doubt()
            for feed, subscriber, attention in self._heard:
                go(subscriber.consumer, feed.look(), attention)
                if self._common.rests:
                    attention.look(subscriber.consumer)

    async def _insist(self, messages: Sequence[Message], generation: Callable[[], str]) -> None:
        while True:
            try:
                return await self._send(messages, generation())
            except (KafkaError, OSError) as error:
                log.warning("the broker does not take messages", error=repr(error))
                await asyncio.sleep(PAUSE_SECONDS)
                await self._generations.refresh()

    async def _send(self, messages: Sequence[Message], generation: str) -> None:
        ends = {}
        for metadata in await send(self._producer, messages, generation):
            place = f"{metadata.topic}/{metadata.partition}"
            await self._reach(place, metadata.offset, generation)
            ends[place] = metadata.offset + 1
        self._common.notice_board.tell(generation, ends)

    async def _reach(self, place: str, offset: int, generation: str) -> None:
        # An offset that went back tells of a broker that forgot, before the watch does.
        if generation != self._reached_in:
            self._reached_in, self._reached = generation, {}
        if offset < self._reached.get(place, 0):
            self._reached.clear()
            await self._generations.refresh()
            raise GenerationChanged(generation)
        self._reached[place] = offset + 1

    async def _park(self, record: Record, error: Exception, attempts: int) -> None:
        headers = parking(record, error, attempts)
        try:
            await self._producer.send_and_wait(
                topic_of(self.name), record.value, key=record.key, headers=headers
            )
        except TOO_LARGE:  # the topic for it was made by somebody else, for less
            log.exception("a message is too large to be parked", place=record.place, offset=record.offset)
        else:
            self._parked.one_more()

    def _refuse_if_untold(self, topic: str) -> None:
        heard = [feed.subscription for feed, _, _ in self._heard if feed.subscription.topic == topic]
        tellers = {teller for subscription in heard for teller in subscription.tellers}
        if untold := sorted(tellers - self._generations.life.told.keys()):
            raise Unavailable(f"Not everything was told again yet by {', '.join(untold)}; try again.")

    def _lag(self, feed: Feed, subscriber: Any) -> int:
        lag = 0
        for number in range(self._common.partitions):
            place = TopicPartition(feed.subscription.topic, number)
            name = f"{place.topic}/{number}"
            end = subscriber.consumer.highwater(place) if subscriber.consumer else 0
            end = max(end or 0, self._common.notice_board.end(name))
            lag += max(0, end - feed.projector.positions.get(name, 0))
        return lag


async def _ends(consumer: Any) -> dict[str, int]:
    """Ask the broker where the partitions that are read end now: `topic/partition` to the offset behind."""
    ends = await consumer.end_offsets(consumer.assignment())
    return {f"{place.topic}/{place.partition}": end for place, end in ends.items()}


def _fetched(consumer: Any, places: Iterable[str]) -> dict[str, int]:
    """Tell where partitions ended when they were last read from."""
    named = {f"{place.topic}/{place.partition}": place for place in consumer.assignment()}
    return {name: consumer.highwater(named[name]) or 0 for name in places}


def _message(entry: Entry) -> Message:
    return entry.topic, entry.key, entry.body, {"event-id": entry.event_id, "seq": str(entry.seq)}


async def _undecoded(message: Any) -> bytes:
    # Projectors decode, so that one bad message can be told from its neighbours.
    return message.body  # type: ignore[no-any-return]
