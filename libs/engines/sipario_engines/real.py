"""The real Apache Kafka, Neo4j and OpenSearch, from wherever this machine can have them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from sipario_engines import containers, maven, real_broker, real_graph, real_index
from sipario_engines.addresses import Addresses
from sipario_engines.elsewhere import Elsewhere
from sipario_engines.engine import Engine
from sipario_engines.engines import NAMES, Engines
from sipario_engines.errors import EngineUnavailable
from sipario_engines.java import OLDEST, find_jdk
from sipario_engines.probes import kafka_answers, neo4j_answers, opensearch_answers


@dataclass(frozen=True)
class Login:
    """How to enter a graph."""

    user: str
    database: str
    password: str = field(repr=False)


Found = TypeVar("Found")


@asynccontextmanager
async def real(data: Path, only: Collection[str] = NAMES) -> AsyncIterator[Engines]:
    """Start or reach the real engines (or some of them), and stop those that were started.

    Each is looked for by URL in the environment (SIPARIO_TEST_KAFKA, SIPARIO_TEST_NEO4J with _USER,
    _PASSWORD and _DATABASE, SIPARIO_TEST_OPENSEARCH), then as a container, then by Java and Maven. Raises
    EngineUnavailable, whose message is the reason to skip with, or EngineDidNotStart. The first time may
    take minutes of downloading.
    """
    engines = (await asyncio.to_thread(find, data)).only(only)
    await engines.start()
    try:
        yield engines
    finally:
        await engines.stop()


def find(data: Path) -> Engines:
    """Find all three without starting them; blocks while Maven downloads; raises EngineUnavailable."""
    data = data.resolve()
    broker, (graph, login), index = _broker(data), _graph(data), _index(data)
    addresses = Addresses(
        kafka=broker.address,
        neo4j_url=graph.address,
        neo4j_user=login.user,
        neo4j_password=login.password,
        neo4j_database=login.database,
        opensearch_url=index.address,
        neo4j_reader_user=login.user,
        neo4j_reader_password=login.password,
    )
    return Engines(addresses, (broker, graph, index))


def _broker(data: Path) -> Engine:
    if address := os.environ.get("SIPARIO_TEST_KAFKA"):
        host, _, port = address.partition(",")[0].rpartition(":")
        return Elsewhere("broker", address, lambda: kafka_answers(host, int(port)))
    return _contained_or_java(
        containers.contained_kafka,
        lambda: real_broker.ApacheKafka(*_java(real_broker.COORDINATES), **_folders(data, "broker")),
        "SIPARIO_TEST_KAFKA",
    )


def _graph(data: Path) -> tuple[Engine, Login]:
    if url := os.environ.get("SIPARIO_TEST_NEO4J"):
        return _graph_elsewhere(url)
    return _contained_or_java(_contained_graph, lambda: _own_graph(data), "SIPARIO_TEST_NEO4J")


def _graph_elsewhere(url: str) -> tuple[Engine, Login]:
    given = os.environ.get
    login = Login(
        user=given("SIPARIO_TEST_NEO4J_USER", real_graph.USER),
        database=given("SIPARIO_TEST_NEO4J_DATABASE", real_graph.DATABASE),
        password=given("SIPARIO_TEST_NEO4J_PASSWORD", ""),
    )
    return Elsewhere("graph", url, lambda: _enters(url, login)), login


async def _enters(url: str, login: Login) -> bool:
    return await neo4j_answers(url, login.user, login.password, database=login.database)


def _contained_graph() -> tuple[Engine, Login]:
    engine, password = containers.contained_neo4j()
    return engine, Login(user=real_graph.USER, database=real_graph.DATABASE, password=password)


def _own_graph(data: Path) -> tuple[Engine, Login]:
    engine = real_graph.Neo4jCommunity(*_java(real_graph.COORDINATES), **_folders(data, "graph"))
    return engine, Login(user=real_graph.USER, database=real_graph.DATABASE, password=engine.password)


def _index(data: Path) -> Engine:
    if url := os.environ.get("SIPARIO_TEST_OPENSEARCH"):
        parts = urlsplit(url)
        return Elsewhere("index", url, lambda: opensearch_answers(parts.hostname or "", parts.port or 9200))
    return _contained_or_java(
        containers.contained_opensearch,
        lambda: real_index.OpenSearchNode(*_java(real_index.COORDINATES), **_folders(data, "index")),
        "SIPARIO_TEST_OPENSEARCH",
    )


def _contained_or_java(contained: Callable[[], Found], own: Callable[[], Found], variable: str) -> Found:
    try:
        containers.check_docker()
    except EngineUnavailable as no_docker:
        try:
            return own()
        except EngineUnavailable as no_java:
            raise EngineUnavailable(f"{variable} is not set; {no_docker}; {no_java}") from no_java
    return contained()


def _java(coordinates: str) -> tuple[Path, Path]:
    jdk = find_jdk()
    if jdk is None:
        raise EngineUnavailable(f"there is no JDK of Java {OLDEST} or newer")
    return jdk, maven.jars(coordinates)


def _folders(data: Path, name: str) -> dict[str, Path]:
    for folder in (data / name, data / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    return {"folder": data / name, "logs": data / "logs"}
