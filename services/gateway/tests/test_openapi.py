"""The OpenAPI document is the one that is committed: the UI's types are made from it."""

import hashlib
from pathlib import Path

from sipario_gateway.openapi import document

SNAPSHOT = Path(__file__).parents[1] / "openapi.json"
COMMAND = "python -m sipario_gateway.openapi > services/gateway/openapi.json"


def test_the_document_is_the_committed_one() -> None:
    assert SNAPSHOT.read_text() == document(), f"run {COMMAND}, and look at the difference"


def test_the_types_of_the_ui_are_made_from_the_committed_documents() -> None:
    gateway = Path(__file__).parents[1]
    for committed in sorted(gateway.parent.glob("*/openapi.json")):
        types = gateway / "ui" / "src" / "api" / f"{committed.parent.name}.d.ts"
        made_from = types.read_text().partition("\n")[0].rpartition(" ")[2]
        digest = hashlib.sha256(committed.read_bytes()).hexdigest()
        assert made_from == digest, f"run npm run types in {gateway / 'ui'}"
