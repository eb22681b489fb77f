"""What is read from the beginning must still be there."""

from sipario_events import DOCS, ENTITIES, SCM, TOPICS
from sipario_kit.generations import GENERATIONS
from sipario_kit.settings import CommonSettings
from sipario_kit.topics import new_topic


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
