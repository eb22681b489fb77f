"""How fast the large company is read, through the signed-in gateway, by a client in a process of its own."""

import asyncio
from dataclasses import asdict
from typing import Any

import pytest
from sipario_testkit.bench.figures import Figures
from sipario_testkit.bench.ingesting import ingest
from sipario_testkit.bench.load import Ask, Work, run
from sipario_testkit.bench.processes import spent
from sipario_testkit.bench.reads import scenarios
from sipario_testkit.harness import Harness
from sipario_testkit.organisation import Organisation

DEPENDENTS = 490
COUNTS = {1: 300, 16: 3000}
# Requests a second at concurrency 1 and 16, and how many times as many are to be reached at 16.
BACKSTAGE = {
    "by name": (1011, 2713, 2),
    "by refs, 50": (766, 1407, 2),
    "query, filter and count": (76, 104, 10),
    "full text": (103, 82, 10),
    "facets": (374, 781, 3),
    "facets, filtered": (76, 147, 10),
    "search": (193, 294, 3),
    "ancestry": (706, 1464, 2),
}


@pytest.mark.timeout(1800)
async def test_a_large_company_is_read(large: Any, figures: Figures) -> None:
    harness = Harness.of(large.portal.state)
    await ingest(harness, large.organisation, "company")
    for name, asks in scenarios(large.organisation).items():
        *rates, times = BACKSTAGE[name]
        for (connections, count), backstage in zip(COUNTS.items(), rates, strict=True):
            target = backstage * times if connections == 16 else None
            await _measure(
                figures,
                large.portal,
                name,
                Work(**_base(harness), asks=asks, count=count, connections=connections),
                (backstage, target),
            )
    await _impact(figures, harness, large.organisation)
    await harness.close()


async def _measure(
    figures: Figures, portal: Any, name: str, work: Work, against: tuple[float, float | None]
) -> None:
    before = portal.costs()
    timing = await asyncio.to_thread(run, work)
    cpu = spent(before, portal.costs())
    each = {who: round(1000 * seconds / work.count / 1.1, 3) for who, seconds in cpu.items() if seconds}
    figures.add(
        f"{name}, concurrency {work.connections}",
        timing.rate,
        "/s",
        backstage=against[0],
        target=against[1],
        rising=True,
        detail={**asdict(timing), "cpu_ms_each": each},
    )


async def _impact(figures: Figures, harness: Harness, company: Organisation) -> None:
    # The walk follows APIs too, so it is cut at the depth where it has met about as many as Backstage was asked for.
    path = f"/api/graph/impact/{company.impact()[0].replace(':', '/')}?depth="
    met = {depth: len((await harness.get(f"{path}{depth}")).json()["nodes"]) for depth in range(1, 12)}
    depth = min(met, key=lambda depth: abs(met[depth] - DEPENDENTS))
    work = Work(**_base(harness), asks=[Ask(f"{path}{depth}")], count=60, connections=1)
    timing = await asyncio.to_thread(run, work)
    name = f"impact, {met[depth]} entities, p50"
    detail = {**asdict(timing), "met": met}
    figures.add(name, timing.p50, "ms", backstage=23, target=10, detail=detail)


def _base(harness: Harness) -> dict[str, str]:
    return {"base": harness.gateway, "token": harness.token}
