"""Apache Kafka itself, one node, from its Maven artifacts."""

import asyncio
import base64
import uuid
from pathlib import Path

from sipario_engines.commands import run_bounded
from sipario_engines.engine import OwnServer
from sipario_engines.java import SHORT_LIVED
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import kafka_answers
from sipario_engines.process import ServerProcess

COORDINATES = "org.apache.kafka:kafka_2.13:4.4.0"
_SETTINGS = """process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@{host}:{controller}
log.dirs={folder}/log
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
"""


class ApacheKafka(OwnServer):
    """A KRaft broker that is its own controller."""

    name = "broker"
    advice = "Give a running Kafka by SIPARIO_TEST_KAFKA."
    patience = 180.0

    def __init__(self, java: Path, jars: Path, *, folder: Path, logs: Path) -> None:
        self._port = free_port()
        self._folder = folder
        self._java = [str(java / "bin" / "java"), *SHORT_LIVED, "-cp", f"{jars}/*"]
        self._settings = folder / "server.properties"
        command = [*self._java, "kafka.Kafka", str(self._settings)]
        process = ServerProcess(command, log=logs / "broker.log", folder=folder, env={})
        super().__init__(process, f"{HOST}:{self._port}")

    async def prepare(self) -> None:
        """Write the settings and format the log folder, before the first life."""
        if self._settings.exists():
            return
        text = _SETTINGS.format(host=HOST, port=self._port, controller=free_port(), folder=self._folder)
        self._settings.write_text(text, encoding="utf-8")
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._settings)]
        await asyncio.to_thread(
            run_bounded, [*self._java, *tool], what="Kafka could not format its folder", seconds=180.0
        )

    async def answers(self) -> bool:
        """Whether it tells its API versions."""
        return await kafka_answers(HOST, self._port)
