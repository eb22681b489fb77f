"""A catalog that is measured: what it is told, and what it is asked, whoever made it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import httpx2

from sipario_testkit.bench.backstage import RunningBackstage
from sipario_testkit.bench.processes import Cost
from sipario_testkit.bench.repository import Clone
from sipario_testkit.bench.running import RunningPortal
from sipario_testkit.harness import Forge
from sipario_testkit.waiting import until

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 1800.0
INDEXING = "/api/search/.backstage/scheduler/v1/tasks/search_index_software_catalog/trigger"


class Subject(Protocol):
    """A running catalog, and the way in which its files change."""

    base: str
    token: str

    async def publish(self, files: Mapping[str, str]) -> float:
        """Change files; returns the moment (`perf_counter`) from which it could know."""
        ...

    async def index(self) -> None:
        """Let search see what the catalog has, where that does not come by itself soon."""
        ...

    def costs(self) -> dict[str, Cost]:
        """What its processes have cost until now."""
        ...


class SiparioSubject:
    """A portal whose dev forge is pushed to."""

    def __init__(self, portal: RunningPortal, folder: Path) -> None:
        self.base = str(portal.state["gateway"])
        self.token = str(portal.state["token"])
        self._portal = portal
        self._clone = Clone("company", Forge(**portal.state["forge"]), folder)
        self._made = False

    async def publish(self, files: Mapping[str, str]) -> float:
        """Push."""
        if not self._made:
            await self._clone.make()
            self._made = True
        return await self._clone.push(files)

    async def index(self) -> None:
        """Nothing: it comes by itself."""

    def costs(self) -> dict[str, Cost]:
        """What its processes have cost until now."""
        return self._portal.costs()


class BackstageSubject:
    """A backend that reads files of a folder, by its own timetable. It begins to when they are there first."""

    def __init__(self, backend: RunningBackstage, folder: Path) -> None:
        self.base, self.token = backend.base, backend.token
        self._backend = backend
        self._folder = folder
        self._started = False

    async def publish(self, files: Mapping[str, str]) -> float:
        """Write, each file at once."""
        await asyncio.to_thread(self._write, files)
        if not self._started:
            await asyncio.to_thread(self._backend.start)
            self._started = True
        return time.perf_counter()

    async def index(self) -> None:
        """Begin a pass of its indexing now, which is due every ten minutes."""
        headers = {"authorization": f"Bearer {self.token}"}
        async with httpx2.AsyncClient(headers=headers) as client:
            (await client.post(f"{self.base}{INDEXING}", json={})).raise_for_status()

    def costs(self) -> dict[str, Cost]:
        """What its processes have cost until now."""
        return self._backend.costs()

    def _write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(".fresh")
            fresh.write_text(text)
            fresh.replace(target)


class Questions:
    """What a benchmark wants to know of a subject."""

    def __init__(self, subject: Subject) -> None:
        headers = {"authorization": f"Bearer {subject.token}"}
        self._client = httpx2.AsyncClient(base_url=subject.base, headers=headers, timeout=120.0)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def total(self) -> int:
        """Count the entities."""
        answer = await self._client.get("/api/catalog/entities/by-query?limit=0")
        return int(answer.json()["totalItems"]) if answer.status_code == 200 else 0

    async def relations(self) -> int:
        """Count the relations, both directions of each."""
        answer = await self._client.get("/api/catalog/entities?fields=relations")
        return sum(len(each.get("relations") or ()) for each in answer.json())

    async def description(self, ref: str) -> str | None:
        """What an entity says of itself; None when it is not there."""
        kind, _, rest = ref.partition(":")
        answer = await self._client.get(f"/api/catalog/entities/by-name/{kind}/{rest}")
        return str(answer.json()["metadata"].get("description", "")) if answer.status_code == 200 else None

    async def indexed(self) -> int:
        """Count the entities that search knows."""
        answer = await self._client.get(
            "/api/search/query", params={"term": "", "types[0]": "software-catalog"}
        )
        return int(answer.json().get("numberOfResults") or 0) if answer.status_code == 200 else 0

    async def impact(self, root: str) -> set[str]:
        """Find all that depends on an entity with as many requests as there are levels, as a catalog is asked."""
        seen, layer = {root}, [root]
        while layer:
            wish = {"entityRefs": layer, "fields": ["kind", "metadata.name", "relations"]}
            found: list[Any] = (await self._client.post("/api/catalog/entities/by-refs", json=wish)).json()[
                "items"
            ]
            onward = (
                each["targetRef"]
                for item in found
                if item
                for each in item.get("relations") or ()
                if each["type"] == "dependencyOf"
            )
            layer = [ref for ref in dict.fromkeys(onward) if ref not in seen]
            seen.update(layer)
        return seen - {root}


async def passed(begun: float, condition: Callable[[], Awaitable[bool]]) -> float:
    """Wait for a condition; returns the seconds since `begun`. Raises TimeoutError."""
    await until(condition, within=PATIENCE_SECONDS, every=LOOK_SECONDS)
    return time.perf_counter() - begun
