"""The portal's own processes, started, watched and stopped like the engines."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from sipario_engines.engine import OwnServer
from sipario_engines.probes import http_answers
from sipario_engines.process import ServerProcess


class Server(OwnServer):
    """A Python program of ours that answers HTTP at an address."""

    patience = 60.0

    def __init__(
        self, name: str, command: Sequence[str], *, url: str, path: str, log: Path, env: Mapping[str, str]
    ) -> None:
        self.name = name
        self.advice = f"Its log, {log}, says why."
        self._path = path
        process = ServerProcess([sys.executable, *command], log=log, folder=log.parent, env=env)
        super().__init__(process, url)

    async def answers(self) -> bool:
        """Whether it answers at all."""
        parts = urlsplit(self.address)
        return await http_answers(str(parts.hostname), int(parts.port or 80), self._path)
