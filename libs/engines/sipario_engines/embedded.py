"""The three servers from PyPI wheels: nothing to install, nothing to set up."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from sipario_engines.addresses import Addresses
from sipario_engines.broker import Broker
from sipario_engines.engines import NAMES, Engines
from sipario_engines.graph import DATABASE, Graph
from sipario_engines.index import Index


@asynccontextmanager
async def embedded(data: Path, only: Collection[str] = NAMES) -> AsyncIterator[Engines]:
    """Start broker, graph and index (or some of them) with their data under a folder, and stop them at the end.

    Only the graph keeps data; logs are in `data/logs`. Raises EngineDidNotStart.
    """
    engines = assemble(data).only(only)
    await engines.start()
    try:
        yield engines
    finally:
        await engines.stop()


def assemble(data: Path) -> Engines:
    """Make the three engines without starting them."""
    data = data.resolve()
    logs = data / "logs"
    for folder in (logs, data / "graph"):
        folder.mkdir(parents=True, exist_ok=True)
    broker, graph, index = Broker(data, logs), Graph(data / "graph", logs), Index(data, logs)
    reader, reader_password = graph.reader
    addresses = Addresses(
        kafka=broker.address,
        neo4j_url=graph.address,
        neo4j_user=graph.user,
        neo4j_password=graph.password,
        neo4j_database=DATABASE,
        opensearch_url=index.address,
        neo4j_reader_user=reader,
        neo4j_reader_password=reader_password,
    )
    return Engines(addresses, (broker, graph, index))
