"""The topics of a broker, and how long each keeps what it was told."""

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sipario_events import DOCS, ENTITIES, TOPICS

from sipario_kit.generations import GENERATIONS
from sipario_kit.settings import CommonSettings

PARKED = ".dlq"
LARGEST_MESSAGE = 8 << 20
"""With its headers, in bytes: what our topics are made for, and what a client sends."""
COMPACTED = frozenset({ENTITIES})
"""The key of each message is the identity of what it is about: of each, only the newest must stay."""
KEPT = frozenset({DOCS, GENERATIONS})
"""Read from the beginning by who is rebuilt, and not compacted: several docs share a key, and the first record of the
generations counts. They keep everything; the others as long as the broker does by default."""


def topic_of(service: str) -> str:
    """Name the topic where a service parks."""
    return f"{service}{PARKED}"


async def ensure_topics(common: CommonSettings, name: str) -> None:
    """Create what is missing for a service; what is there already stays as it is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=common.kafka)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [topic for topic in (GENERATIONS, *TOPICS, topic_of(name)) if topic not in there]
        if missing:
            await admin.create_topics([new_topic(topic, common) for topic in missing])
    finally:
        await admin.close()


async def partitions_of(kafka: str, topics: Sequence[str]) -> dict[str, int]:
    """Tell how many partitions topics have; those that are not there are left out."""
    # Only what is there is asked for: a broker may make a topic of a question.
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        asked = [topic for topic in topics if topic in there]
        told = await admin.describe_topics(asked) if asked else []
    finally:
        await admin.close()
    return {each["topic"]: len(each["partitions"]) for each in told}


def new_topic(topic: str, common: CommonSettings) -> NewTopic:
    """Tell how a topic is created."""
    partitions = 1 if topic == GENERATIONS else common.partitions
    configs = {"max.message.bytes": str(LARGEST_MESSAGE)}
    if topic in COMPACTED:
        configs["cleanup.policy"] = "compact"
    if topic in KEPT or topic.endswith(PARKED):
        configs |= {"retention.ms": "-1", "retention.bytes": "-1"}
    return NewTopic(topic, partitions, common.replication, topic_configs=configs)
