"""One document tells what all services hear and say, and it is made from the tables that they run on."""

import json
import os
from pathlib import Path

import pytest
from sipario.order import ORDER
from sipario_events import TOPICS
from sipario_kit.asyncapi import Voice, document

DESCRIPTION = "All that Sipario's services say to each other over Kafka."


@pytest.fixture(scope="module")
def made(voices: list[Voice]) -> str:
    text = document(voices, title="Sipario", version="1", description=DESCRIPTION)
    return json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"


def test_the_document_is_the_one_that_was_agreed(root: Path, made: str) -> None:
    kept = root / "docs" / "asyncapi.json"
    if os.environ.get("SIPARIO_WRITE_SNAPSHOTS"):
        kept.write_text(made)
    assert kept.read_text() == made, (
        "run SIPARIO_WRITE_SNAPSHOTS=1 ./sipario test tests/docs, and look at the diff"
    )


def test_no_service_is_left_out(voices: list[Voice]) -> None:
    assert {voice.name for voice in voices} == set(ORDER)


def test_every_topic_is_said_by_somebody_and_heard_by_somebody(voices: list[Voice]) -> None:
    assert {topic for voice in voices for topic, _ in voice.says} == set(TOPICS)
    assert {each.topic for voice in voices for each in voice.hears} == set(TOPICS)


def test_every_message_has_a_schema(made: str) -> None:
    found = json.loads(made)
    assert found["asyncapi"].startswith("3.")
    assert {channel["address"] for channel in found["channels"].values()} == set(TOPICS)
    for name, message in found["components"]["messages"].items():
        schema = message["payload"]["$ref"].removeprefix("#/components/schemas/").replace("%20", " ")
        body = found["components"]["schemas"][schema]
        assert body.get("properties") or body.get("oneOf"), name
