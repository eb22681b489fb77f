"""The embedded index: OpenSearch's REST API, in memory."""

from pathlib import Path

from osmem_server import resolve_binary  # type: ignore[import-untyped]  # it has no types

from sipario_engines.engine import OwnServer
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import opensearch_answers
from sipario_engines.process import ServerProcess


class Index(OwnServer):
    """An osmem server without its Japanese dictionary, which would triple its memory."""

    name = "index"
    advice = "Check that nothing forbids loopback ports, or give another OpenSearch by SEARCH_OPENSEARCH_URL."

    def __init__(self, folder: Path, logs: Path) -> None:
        self._port = free_port()
        command = [resolve_binary(), "-addr", f"{HOST}:{self._port}", "-no-ja", "-no-stdin-watch"]
        process = ServerProcess(command, log=logs / "index.log", folder=folder, env={})
        super().__init__(process, f"http://{HOST}:{self._port}")

    async def answers(self) -> bool:
        """Whether the cluster calls itself healthy."""
        return await opensearch_answers(HOST, self._port)
