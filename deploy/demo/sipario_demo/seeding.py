"""Puts the demo organisation on a Git host: its repositories are made over REST, and pushed over smart HTTP."""

import asyncio
from dataclasses import dataclass

import httpx2
from dulwich.client import HttpGitClient
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from urllib3 import PoolManager

from sipario_demo.commits import committed
from sipario_demo.history import Repository
from sipario_demo.organisation import repositories

_AT_ONCE = 4
_PATIENCE_SECONDS = 30.0
_MAIN = Ref(b"refs/heads/main")


class SeedError(Exception):
    """The host did not take a repository; the message names it and repeats the host's words."""


@dataclass(frozen=True)
class _Host:
    """The Git host, and who pushes to it."""

    url: str
    user: str
    token: str
    rest: httpx2.AsyncClient

    async def take(self, repository: Repository) -> None:
        """Make a repository unless it is there, and push it unless it has been pushed: raises SeedError."""
        await self._make(repository)
        await asyncio.to_thread(self._push, repository)

    async def _make(self, repository: Repository) -> None:
        found = await self.rest.get(f"/repos/{self.user}/{repository.name}")
        if found.status_code == 200:
            return
        wanted = {"name": repository.name, "description": repository.description}
        made = await self.rest.post("/user/repos", json=wanted)
        if made.status_code != 201:
            raise SeedError(f"{repository.name} could not be made: {made.status_code} {made.text}")

    def _push(self, repository: Repository) -> None:
        head, store = committed(repository.versions)

        def wanted(there: dict[Ref, ObjectID]) -> dict[Ref, ObjectID]:
            # a branch that is there may hold somebody's work by now
            return {} if _MAIN in there else {_MAIN: head}

        # a pool of its own: proxies of the environment are not meant for this host
        with PoolManager() as pool:
            client = HttpGitClient(
                self.url,
                pool_manager=pool,
                username=self.user,
                password=self.token,
                timeout=_PATIENCE_SECONDS,
            )
            result = client.send_pack(f"/{self.user}/{repository.name}.git", wanted, store.generate_pack_data)
        refused = {ref: reason for ref, reason in (result.ref_status or {}).items() if reason}
        if refused:
            raise SeedError(f"{repository.name} could not be pushed: {refused}")


async def seed(forge_url: str, user: str, token: str) -> None:
    """Put every repository of the demo on the forge; what is there already stays as it is. Raises SeedError."""
    turns = asyncio.Semaphore(_AT_ONCE)
    headers = {"Authorization": f"token {token}"}
    async with httpx2.AsyncClient(
        base_url=forge_url, headers=headers, timeout=_PATIENCE_SECONDS, trust_env=False
    ) as rest:
        host = _Host(forge_url, user, token, rest)

        async def in_turn(repository: Repository) -> None:
            async with turns:
                await host.take(repository)

        await asyncio.gather(*(in_turn(repository) for repository in repositories()))
