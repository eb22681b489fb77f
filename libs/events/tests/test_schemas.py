"""A change of what is said shows up in review: the schemas are kept, and old samples must still parse."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from sipario_events import (
    DOCS,
    ENTITIES,
    GRAPH,
    SCM,
    DocsEvent,
    EntityChanged,
    GraphChanged,
    RepositoryChanged,
)

HOME = Path(__file__).parents[1]
SPOKEN: dict[str, Any] = {
    SCM: RepositoryChanged,
    ENTITIES: EntityChanged,
    GRAPH: GraphChanged,
    DOCS: DocsEvent,
}


@pytest.mark.parametrize("topic", SPOKEN)
def test_the_schema_is_the_one_that_was_agreed(topic: str) -> None:
    kept = HOME / "schemas" / f"{topic}.json"
    schema = json.dumps(TypeAdapter(SPOKEN[topic]).json_schema(), indent=2) + "\n"
    if os.environ.get("SIPARIO_WRITE_SNAPSHOTS"):
        kept.write_text(schema)
    assert kept.read_text() == schema, (
        "run SIPARIO_WRITE_SNAPSHOTS=1 ./sipario test libs/events, and look at the diff"
    )


@pytest.mark.parametrize("sample", sorted((HOME / "samples").glob("*.json")), ids=lambda path: path.stem)
def test_what_was_said_once_is_still_understood(sample: Path) -> None:
    topic = sample.stem.rpartition("-")[0]
    event = TypeAdapter(SPOKEN[topic]).validate_json(sample.read_bytes())
    assert event.key()
