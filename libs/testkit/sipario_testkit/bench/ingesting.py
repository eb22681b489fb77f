"""Taking a company in: one push, and then all of it in the API, the graph and the index."""

import time
from dataclasses import dataclass, field
from typing import Any

from sipario_testkit.harness import Harness
from sipario_testkit.organisation import Organisation
from sipario_testkit.waiting import until

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
    await until(lambda: _is_visible(harness, company), within=PATIENCE_SECONDS, every=LOOK_SECONDS)
    found.visible = passed()

    async def settled() -> bool:
        found.lags |= dict.fromkeys(lag := await _lag(harness), passed())
        return not lag

    await until(settled, within=PATIENCE_SECONDS, every=LOOK_SECONDS)
    found.settled = passed()
    return found


async def relations(harness: Harness) -> int:
    """Count the relations that the API shows, in both directions."""
    items = (await harness.get("/api/catalog/entities?fields=relations")).json()
    return sum(len(item.get("relations", ())) for item in items)


async def _is_visible(harness: Harness, company: Organisation) -> bool:
    answer = await harness.get("/api/catalog/entities/by-query?limit=0")
    return answer.status_code == 200 and answer.json()["totalItems"] >= len(company.entities)


async def _lag(harness: Harness) -> list[str]:
    services: dict[str, Any] = (await harness.get("/api/status")).json()
    return [name for each in services.values() for name, lag in each["lag"].items() if lag]
