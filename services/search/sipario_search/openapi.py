"""Prints the OpenAPI document: `python -m sipario_search.openapi`."""

import json
import sys

from sipario_kit.service import Health

from sipario_search.app import api
from sipario_search.rebuild import Rebuild, Take
from sipario_search.serving import Serving
from sipario_search.settings import Settings
from sipario_search.store_opensearch import OpenSearchIndex


async def _no_topic(_topic: str, _take: Take) -> None:
    """Nothing is replayed for a document."""


def document() -> str:
    """The document as JSON."""
    index = OpenSearchIndex(Settings())
    found = api(Serving(index, (), lambda: Health(ready=False)), Rebuild(index, (), _no_topic)).openapi()
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
