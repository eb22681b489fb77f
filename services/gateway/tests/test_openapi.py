"""The OpenAPI document is the one that is committed: the UI's types are made from it."""

from pathlib import Path

from sipario_gateway.openapi import document

SNAPSHOT = Path(__file__).parents[1] / "openapi.json"
COMMAND = "python -m sipario_gateway.openapi > services/gateway/openapi.json"


def test_the_document_is_the_committed_one() -> None:
    assert SNAPSHOT.read_text() == document(), f"run {COMMAND}, and look at the difference"
