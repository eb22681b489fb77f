"""Prints the OpenAPI document: `python -m sipario_catalog_graph.openapi`."""

import json
import sys

from sipario_catalog_graph.app import api
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.rebuild import Rebuild, Take
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph


async def _no_topic(_topic: str, _take: Take) -> None:
    """Nothing is replayed for a document."""


def document() -> str:
    """The document as JSON."""
    settings = Settings()
    found = api(Catalog(), Rebuild(Neo4jGraph(settings), _no_topic), settings).openapi()
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
