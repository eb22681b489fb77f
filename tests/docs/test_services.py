"""The four lines of each service's README say what it really hears and says."""

import re
from pathlib import Path

import pytest
from sipario_kit.asyncapi import Voice

VERBS = ("hears", "says", "owns", "answers")
TOPIC = re.compile(r"`([a-z]+\.[a-z.]+\.v\d+)`")


@pytest.fixture(scope="module", params=["ingestor", "catalog-graph", "search", "techdocs", "gateway"])
def voice(request: pytest.FixtureRequest, voices: list[Voice]) -> Voice:
    return next(each for each in voices if each.name == request.param)


@pytest.fixture(scope="module")
def lines(root: Path, voice: Voice) -> dict[str, str]:
    text = (root / "services" / voice.name / "README.md").read_text()
    return dict(re.findall(r"^- \*\*(\w+)\*\* (.+)$", text, re.MULTILINE))


def test_the_four_lines_are_there(lines: dict[str, str]) -> None:
    assert tuple(lines) == VERBS


def test_what_it_hears_is_what_it_subscribes_to(lines: dict[str, str], voice: Voice) -> None:
    assert set(TOPIC.findall(lines["hears"])) == {each.topic for each in voice.hears}


def test_what_it_says_is_what_its_table_says(lines: dict[str, str], voice: Voice) -> None:
    assert set(TOPIC.findall(lines["says"])) == {topic for topic, _ in voice.says}


def test_the_rooms_of_the_architecture_name_the_same_topics(root: Path, voice: Voice) -> None:
    text = (root / "docs" / "architecture.md").read_text()
    row = re.search(rf"^\| {voice.name} \|([^|]*)\|([^|]*)\|", text, re.MULTILINE)
    assert row
    assert set(TOPIC.findall(row[1])) == {each.topic for each in voice.hears}
    assert set(TOPIC.findall(row[2])) == {topic for topic, _ in voice.says}
