"""A portal as a test sees it: push files, wait until it has settled, ask.

Everything goes through the front door: Git pushes to the dev forge, HTTP to the gateway.
"""

import asyncio
import io
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import httpx2
from dulwich import porcelain
from dulwich.errors import NotGitRepository

from sipario_testkit.waiting import until

SETTLE_SECONDS = 120.0
SILENCE = porcelain.NoneStream()
AUTHOR = "Test <test@palco.example>"

Content = str | bytes | Path | None
"""Of a file: its text or bytes; a path makes a symbolic link to it, None removes the file."""


@dataclass(frozen=True)
class Forge:
    """The Git host that a portal listens to."""

    url: str
    user: str
    token: str

    def repository(self, name: str) -> str:
        """The web address of a repository of the user."""
        return f"{self.url}/{self.user}/{name}"

    def remote(self, name: str) -> str:
        """The address to clone from and push to, with the login in it."""
        scheme, _, host = self.url.partition("://")
        return f"{scheme}://{self.user}:{self.token}@{host}/{self.user}/{name}.git"


class Harness:
    """Speaks to one running portal; made from what `sipario status --json` tells."""

    def __init__(self, gateway: str, token: str, forge: Forge) -> None:
        self.gateway = gateway
        self.token = token
        self.forge = forge
        self.client = httpx2.AsyncClient(
            base_url=gateway, headers={"authorization": f"Bearer {token}"}, timeout=30.0
        )

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Self:
        """Make it from the state that a portal tells."""
        return cls(state["gateway"], state["token"], Forge(**state["forge"]))

    async def put_repo(
        self,
        name: str,
        files: Mapping[str, Content],
        *,
        message: str = "Change",
        author: str = AUTHOR,
        branch: str = "main",
    ) -> str:
        """Commit files and push; makes the repository when there is none. Returns the commit."""
        await self._make(name)
        return await asyncio.to_thread(self._push, name, dict(files), message, author, branch)

    async def publish(self, name: str, files: Mapping[str, Content], *, author: str = AUTHOR) -> str:
        """Push, and return the commit once all that follows from it has happened."""
        commit = await self.put_repo(name, files, author=author)
        await self.read(name, commit)
        await self.settle()
        return commit

    async def read(self, name: str, commit: str) -> None:
        """Return once the portal has read a repository at a commit, whatever came of it."""

        async def done() -> bool:
            source = await self.source(name)
            return bool(source) and source["commit"] == commit and source["state"] != "pending"

        await until(done, within=SETTLE_SECONDS, every=0.05)

    async def source(self, name: str) -> dict[str, Any]:
        """What the portal says of a repository as a source; empty when it does not know it."""
        found = (await self.get("/api/catalog/sources")).json()
        wanted = f"url:{self.forge.repository(name)}"
        return next((dict(each) for each in found if each["id"] == wanted), {})

    async def answers(self) -> bool:
        """Tell whether anybody is at the front door."""
        with suppress(httpx2.TransportError):
            return (await self.get("/health/live")).status_code == 200
        return False

    async def settle(self, *, within: float = SETTLE_SECONDS) -> None:
        """Return when nothing is on its way any more: every service ready, every lag at nothing, twice in a row."""
        quiet = 0

        async def settled() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if await self._quiet() else 0
            return quiet >= 2

        await until(settled, within=within, every=0.1)

    async def get(self, path: str) -> httpx2.Response:
        """Ask the gateway as the operator."""
        return await self.client.get(path)

    async def entity(self, ref: str) -> dict[str, Any] | None:
        """Read an entity by its full ref; None when there is none."""
        kind, _, rest = ref.partition(":")
        answer = await self.get(f"/api/catalog/entities/by-name/{kind}/{rest}")
        return dict(answer.json()) if answer.status_code == 200 else None

    async def dependents(self, ref: str) -> set[str]:
        """Name what breaks when an entity does; nothing for one that nobody speaks of."""
        kind, _, rest = ref.partition(":")
        answer = await self.get(f"/api/graph/impact/{kind}/{rest}")
        if answer.status_code == 404:
            return set()
        return {node["ref"] for node in answer.raise_for_status().json()["nodes"] if node["distance"]}

    async def hits(self, term: str, *types: str) -> set[str]:
        """Name the entities that search finds for a term: themselves, or by their docs (`techdocs`)."""
        question = urlencode([("term", term), ("pageLimit", "100"), *(("types[]", each) for each in types)])
        answer = (await self.get(f"/api/search/query?{question}")).raise_for_status()
        return {hit["document"]["entityRef"] for hit in answer.json()["results"]}

    async def page(self, ref: str, path: str = "") -> str:
        """Read a page of an entity's docs as HTML; empty when there is none."""
        kind, namespace, name = ref.replace("/", ":").split(":")
        answer = await self.get(f"/api/techdocs/pages/{namespace}/{kind}/{name}/{path}")
        return "" if answer.status_code == 404 else str(answer.raise_for_status().json()["html"])

    async def close(self) -> None:
        """Let go of the connections."""
        await self.client.aclose()

    async def _quiet(self) -> bool:
        try:
            services = (await self.get("/api/status")).json()
        except (httpx2.TransportError, ValueError):
            return False
        return all(each["ready"] and not any(each["lag"].values()) for each in services.values())

    async def _make(self, name: str) -> None:
        async with httpx2.AsyncClient(headers={"authorization": f"token {self.forge.token}"}) as client:
            made = await client.post(f"{self.forge.url}/user/repos", json={"name": name})
            assert made.status_code in (201, 422), made.text

    def _push(self, name: str, files: Mapping[str, Content], message: str, author: str, branch: str) -> str:
        remote = self.forge.remote(name)
        with tempfile.TemporaryDirectory() as folder:
            try:
                repository = porcelain.clone(remote, folder, errstream=SILENCE)
            except (NotGitRepository, KeyError):
                repository = porcelain.init(folder)
            _write(Path(folder), files)
            porcelain.add(repository)
            for path, content in files.items():
                if content is None:
                    porcelain.remove(repository, [str(Path(folder) / path)])
            commit = porcelain.commit(
                repository, message=message.encode(), author=author.encode(), committer=author.encode()
            )
            porcelain.push(
                repository,
                remote,
                f"HEAD:refs/heads/{branch}".encode(),
                outstream=io.BytesIO(),
                errstream=SILENCE,
            )
            repository.close()
            return commit.decode()


def _write(folder: Path, files: Mapping[str, Content]) -> None:
    for path, content in files.items():
        if content is None:
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            (folder / path).symlink_to(content)
        else:
            (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
