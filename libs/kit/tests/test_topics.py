"""What is read from the beginning must still be there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sipario_engines import Broker
from sipario_events import DOCS, ENTITIES, SCM, TOPICS
from sipario_kit.lookout import GENERATIONS
from sipario_kit.settings import CommonSettings
from sipario_kit.topics import TopicUnfit, ensure_topics, new_topic


def configs(topic: str) -> dict[str, str]:
    made: dict[str, str] = new_topic(topic, CommonSettings()).topic_configs
    return made


def test_entities_are_compacted_by_their_ref() -> None:
    assert configs(ENTITIES)["cleanup.policy"] == "compact"


def test_docs_and_the_broker_s_life_are_kept_for_ever() -> None:
    for topic in (DOCS, GENERATIONS):
        assert configs(topic)["retention.ms"] == "-1"
        assert "cleanup.policy" not in configs(topic)


def test_hints_pass_as_the_broker_wants() -> None:
    assert SCM in TOPICS
    assert "retention.ms" not in configs(SCM)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    broker = Broker(tmp_path, tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


async def created(broker: Broker, topic: NewTopic) -> CommonSettings:
    """Make a topic as somebody else would."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    await admin.create_topics([topic])
    await admin.close()
    return CommonSettings(kafka=broker.address)


async def test_a_topic_of_other_partitions_than_are_read_is_refused(broker: Broker) -> None:
    common = await created(broker, NewTopic(SCM, 12, 1))
    with pytest.raises(TopicUnfit, match="has 12 partitions, and 6 are read"):
        await ensure_topics(common, "somebody")


@pytest.mark.parametrize(
    ("topic", "policy"), [(ENTITIES, "delete"), (ENTITIES, "compact,delete"), (DOCS, "compact")]
)
async def test_a_topic_that_would_lose_what_is_read_again_is_refused(
    broker: Broker, topic: str, policy: str
) -> None:
    common = await created(broker, NewTopic(topic, 6, 1, topic_configs={"cleanup.policy": policy}))
    with pytest.raises(TopicUnfit, match=f"cleanup.policy={policy}"):
        await ensure_topics(common, "somebody")


async def test_topics_that_take_less_are_told_of(broker: Broker, capsys: pytest.CaptureFixture[str]) -> None:
    limit = {"max.message.bytes": "1048588"}
    common = await created(broker, NewTopic(SCM, 6, 1, topic_configs=limit))
    await ensure_topics(common, "somebody")
    assert "a topic takes only smaller messages" in capsys.readouterr().out


async def test_our_own_topics_are_fit(broker: Broker) -> None:
    common = CommonSettings(kafka=broker.address)
    for name in ("one", "one", "two"):
        await ensure_topics(common, name)
