"""The HTTP face is the one that is written down."""

from pathlib import Path

from sipario_search.openapi import document

SNAPSHOT = Path(__file__).parents[1] / "openapi.json"
COMMAND = "python -m sipario_search.openapi > services/search/openapi.json"


def test_the_openapi_document_is_the_committed_one() -> None:
    assert SNAPSHOT.read_text() == document(), f"run: {COMMAND}"
