"""The official images of the real engines, started by testcontainers where Docker answers."""

import asyncio
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from sipario_engines.engine import Engine
from sipario_engines.errors import EngineDidNotStart, EngineUnavailable
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import kafka_answers, neo4j_answers, opensearch_answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KAFKA = "apache/kafka:4.4.0"
NEO4J = "neo4j:2026.08.1-community"
OPENSEARCH = "opensearchproject/opensearch:3.8.0"
_SOCKET = Path("/var/run/docker.sock")


def check_docker() -> None:
    """Raise EngineUnavailable unless testcontainers is installed and a Docker engine answers."""
    if "DOCKER_HOST" not in os.environ and not _SOCKET.exists():
        # Asked first: the client leaves sockets open when it finds nobody.
        raise EngineUnavailable("no Docker engine answers")
    try:
        import docker  # type: ignore[import-untyped]  # noqa: PLC0415 - only with Docker
        from docker.errors import DockerException  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
        from testcontainers.core import container  # noqa: F401, PLC0415 - the same
    except ImportError as error:
        raise EngineUnavailable("testcontainers is not installed") from error
    try:
        client = docker.from_env(timeout=3)
    except DockerException as error:
        raise EngineUnavailable("no Docker engine answers") from error
    client.close()


class Contained(Engine):
    """A server in a container that answers on a loopback port; testcontainers removes it if we die."""

    patience = 180.0
    advice = "See `docker logs`, or give a running server by URL."

    def __init__(self, name: str, address: str, image: str, *, port: tuple[int, int]) -> None:
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415 - checked by check_docker

        self.name = name
        self.container: DockerContainer = DockerContainer(image)
        inside, outside = port
        self.container.ports[f"{inside}/tcp"] = (HOST, outside)  # type: ignore[assignment]  # docker takes it
        self.probe: Callable[[], Awaitable[bool]]
        super().__init__(address)

    async def start(self) -> None:
        """Start the container; raises EngineDidNotStart when it does not answer."""
        await asyncio.to_thread(self.container.start)
        try:
            await self.ready()
        except EngineDidNotStart:
            await self.stop()
            raise

    async def answers(self) -> bool:
        """Whether it speaks its protocol now."""
        return await self.probe()

    def alive(self) -> bool:
        """Whether the container is there."""
        return True

    async def ended(self) -> None:
        """Never return: containers are for tests, which do not watch them."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Remove the container and its data."""
        await asyncio.to_thread(self.container.stop)

    def last_words(self) -> list[str]:
        """Return the end of the container's log."""
        return self.container.get_logs()[0].decode(errors="replace").splitlines()[-15:]


def contained_kafka() -> Contained:
    """Return Apache Kafka's own image."""
    port = free_port()
    made = Contained("broker", f"{HOST}:{port}", KAFKA, port=(9092, port))
    made.container.with_envs(
        KAFKA_NODE_ID="1",
        KAFKA_PROCESS_ROLES="broker,controller",
        KAFKA_LISTENERS="PLAINTEXT://:9092,CONTROLLER://:9093",
        KAFKA_ADVERTISED_LISTENERS=f"PLAINTEXT://{HOST}:{port}",
        KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
    )
    made.probe = lambda: kafka_answers(HOST, port)
    return made


def contained_neo4j() -> tuple[Contained, str]:
    """Return Neo4j's own image and the password of its user."""
    port, password = free_port(), secrets.token_urlsafe(24)
    url = f"bolt://{HOST}:{port}"
    made = Contained("graph", url, NEO4J, port=(7687, port))
    made.container.with_envs(NEO4J_AUTH=f"neo4j/{password}", NEO4J_db_transaction_timeout="5s")
    made.probe = lambda: neo4j_answers(url, "neo4j", password, database="neo4j")
    return made, password


def contained_opensearch() -> Contained:
    """Return OpenSearch's own image, without its security plugin."""
    port = free_port()
    made = Contained("index", f"http://{HOST}:{port}", OPENSEARCH, port=(9200, port))
    envs = {"discovery.type": "single-node", "OPENSEARCH_JAVA_OPTS": "-Xms512m -Xmx512m"}
    made.container.with_envs(DISABLE_SECURITY_PLUGIN="true", DISABLE_INSTALL_DEMO_CONFIG="true", **envs)
    made.probe = lambda: opensearch_answers(HOST, port)
    return made
