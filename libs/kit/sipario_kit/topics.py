"""The topics of a broker, and how long each keeps what it was told."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from sipario_events import DOCS, ENTITIES, TOPICS

from sipario_kit.lookout import GENERATIONS
from sipario_kit.settings import CommonSettings

log = structlog.get_logger(__name__)

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


class TopicUnfit(Exception):
    """A topic is there already and cannot be used as it is; the message says what to mend."""


async def ensure_topics(common: CommonSettings, name: str) -> None:
    """Create what is missing for a service. What is there stays as it is; raises `TopicUnfit` when that will not do."""
    wanted = (GENERATIONS, *TOPICS, topic_of(name))
    admin = AIOKafkaAdminClient(bootstrap_servers=common.kafka)
    try:
        await admin.start()
        there = set(await admin.list_topics())
        if missing := [topic for topic in wanted if topic not in there]:
            await admin.create_topics([new_topic(topic, common) for topic in missing])
        if found := [topic for topic in wanted if topic in there]:
            _refuse_partitions(await admin.describe_topics(found), common)
            resources = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in found]
            for answer in await admin.describe_configs(resources):
                for each in answer.resources:
                    _refuse_configuration(each[3], {entry[0]: entry[1] for entry in each[4]})
    finally:
        await admin.close()


def _refuse_partitions(described: Sequence[Mapping[str, Any]], common: CommonSettings) -> None:
    # Partitions are assigned by hand: what stands in others would never be read.
    for each in described:
        topic, number = each["topic"], len(each["partitions"])
        wanted = new_topic(topic, common).num_partitions
        if number != wanted and topic != GENERATIONS:
            raise TopicUnfit(
                f"The topic {topic} has {number} partitions, and {wanted} are read. "
                "Set SIPARIO_PARTITIONS to the number of all topics, or delete the topic."
            )


def _refuse_configuration(topic: str, told: Mapping[str, str | None]) -> None:
    # A broker need not tell what it was not told.
    policy = told.get("cleanup.policy") or ""
    if topic in COMPACTED | KEPT and policy and (topic in COMPACTED) != (policy == "compact"):
        wanted = "compact" if topic in COMPACTED else "delete"
        raise TopicUnfit(
            f"The topic {topic} has cleanup.policy={policy}. Set it to {wanted}, else what it says is lost."
        )
    largest = int(told.get("max.message.bytes") or LARGEST_MESSAGE)
    if largest < LARGEST_MESSAGE:
        log.warning("a topic takes only smaller messages", topic=topic, most=largest, better=LARGEST_MESSAGE)


async def partitions_of(kafka: str, topics: Sequence[str]) -> dict[str, int]:
    """Tell how many partitions topics have; those that are not there are left out."""
    # Only what is there is asked for: a broker may make a topic of a question.
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
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
