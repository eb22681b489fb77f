"""A portal in processes of its own, as a person would start it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from sipario_engines.ports import free_port

from sipario_testkit.bench.processes import Cost, costs

READY_SECONDS = 300
STOP_SECONDS = 30


class RunningPortal:
    """`sipario up` on a data folder, empty at first; start it again and it finds what it had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state: dict[str, Any] = {}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def start(self) -> float:
        """Start it; returns the seconds until it said that it is ready. Raises RuntimeError when it does not."""
        command = [sys.executable, "-m", "sipario", "up", "--empty", "--data", str(self.folder)]
        before = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--port", str(free_port())], stdout=subprocess.PIPE, text=True, env=os.environ
        )
        said = []
        for line in self._process.stdout or ():
            said.append(line)
            if "is ready at" in line:
                seconds = time.perf_counter() - before
                self.state = json.loads((self.folder / "run.json").read_text())
                return seconds
        raise RuntimeError("".join(said) or "The portal ended without a word.")

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.communicate(timeout=STOP_SECONDS)
            self._process = None

    def costs(self) -> dict[str, Cost]:
        """Tell what each of its processes has cost until now."""
        members = [*self.state["engines"].values(), *self.state["processes"].values()]
        names = {each["pid"]: each["name"] for each in members}
        return costs(self.state["pid"], {**names, self.state["pid"]: "launcher"})
