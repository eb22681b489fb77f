"""A clone that stays where it is, so that a push costs what a person's push costs."""

import asyncio
import io
import time
from collections.abc import Mapping
from pathlib import Path

import httpx2
from dulwich import porcelain

from sipario_testkit.harness import AUTHOR, SILENCE, Forge


class Clone:
    """A repository on the portal's Git host and its clone in a folder."""

    def __init__(self, name: str, forge: Forge, folder: Path) -> None:
        self.name = name
        self._forge = forge
        self._folder = folder / name
        self._folder.mkdir()
        self._repository = porcelain.init(str(self._folder))

    async def make(self) -> None:
        """Make the repository on the host."""
        async with httpx2.AsyncClient(headers={"authorization": f"token {self._forge.token}"}) as client:
            answer = await client.post(f"{self._forge.url}/user/repos", json={"name": self.name})
            answer.raise_for_status()

    async def push(self, files: Mapping[str, str], message: str = "Change") -> float:
        """Commit files and push; returns the time (`perf_counter`) at which the push began."""
        for path, text in files.items():
            (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self._folder / path).write_text(text)
        porcelain.add(self._repository)
        porcelain.commit(
            self._repository, message=message.encode(), author=AUTHOR.encode(), committer=AUTHOR.encode()
        )
        begun = time.perf_counter()
        await asyncio.to_thread(self._push)
        return begun

    def _push(self) -> None:
        remote = self._forge.remote(self.name)
        porcelain.push(
            self._repository, remote, b"HEAD:refs/heads/main", outstream=io.BytesIO(), errstream=SILENCE
        )
