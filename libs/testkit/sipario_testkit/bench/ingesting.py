"""Taking a company in: one push, and then all of it in the API, the graph and the index."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from sipario_testkit.harness import Harness
from sipario_testkit.organisation import Organisation

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 900


@dataclass
class Ingest:
    """Seconds from the beginning of the push until the push ended, all was in the API, and everything had settled."""

    pushed: float = 0.0
    visible: float = 0.0
    settled: float = 0.0
    lags: dict[str, float] = field(default_factory=dict)


async def ingest(harness: Harness, company: Organisation, repository: str) -> Ingest:
    """Push a company into one repository and wait. Raises TimeoutError."""
    files, found = company.files(), Ingest()
    before = time.perf_counter()

    def passed() -> float:
        return time.perf_counter() - before

    await harness.put_repo(repository, files)
    found.pushed = passed()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _total(harness) < len(company.entities):
            await asyncio.sleep(LOOK_SECONDS)
        found.visible = passed()
        while lag := await _lag(harness):
            found.lags |= dict.fromkeys(lag, passed())
            await asyncio.sleep(LOOK_SECONDS)
    found.settled = passed()
    return found


async def relations(harness: Harness) -> int:
    """Count the relations that the API shows, in both directions."""
    items = (await harness.get("/api/catalog/entities?fields=relations")).json()
    return sum(len(item.get("relations", ())) for item in items)


async def _total(harness: Harness) -> int:
    answer = await harness.get("/api/catalog/entities/by-query?limit=0")
    return int(answer.json()["totalItems"]) if answer.status_code == 200 else 0


async def _lag(harness: Harness) -> list[str]:
    services: dict[str, Any] = (await harness.get("/api/status")).json()
    return [name for each in services.values() for name, lag in each["lag"].items() if lag]
