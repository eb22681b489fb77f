"""What a portal costs while nobody asks anything: to start, to idle, to hold. The large company is in it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sipario_testkit.bench.figures import Figures
from sipario_testkit.bench.ingesting import ingest
from sipario_testkit.bench.processes import disk, spent
from sipario_testkit.bench.running import RunningPortal
from sipario_testkit.harness import Harness

IDLE_SECONDS = 70
CALM_SECONDS = 10
STARTS = 3


@pytest.mark.timeout(600)
def test_an_empty_portal_starts(tmp_path: Path, figures: Figures) -> None:
    portal = RunningPortal(tmp_path)
    figures.add("start to ready, new and empty", portal.start(), "s", backstage=3.5, target=10.0)
    memory = {name: round(cost.pss) for name, cost in portal.costs().items()}
    portal.stop()
    figures.add("memory, empty (PSS)", sum(memory.values()), "MB", backstage=345, detail=memory)


@pytest.mark.timeout(1800)
async def test_a_full_portal_idles_and_starts_again(large: Any, figures: Figures) -> None:
    portal, entities = large.portal, len(large.organisation.entities)
    harness = Harness.of(portal.state)
    await ingest(harness, large.organisation, "company")
    await asyncio.sleep(CALM_SECONDS)  # what was begun may end; no condition tells of nothing
    before = portal.costs()
    await asyncio.sleep(IDLE_SECONDS)
    cpu = {name: 100 * seconds / IDLE_SECONDS for name, seconds in spent(before, portal.costs()).items()}
    figures.add(f"idle, {entities:,}", sum(cpu.values()), "% of core", backstage=17, target=1, detail=cpu)
    rss = {name: round(cost.rss) for name, cost in portal.costs().items()}
    pss = {name: round(cost.pss) for name, cost in portal.costs().items()}
    figures.add(f"memory, {entities:,} (RSS)", sum(rss.values()), "MB", backstage=662, target=662, detail=rss)
    figures.add(f"memory, {entities:,} (PSS)", sum(pss.values()), "MB", backstage=662, target=662, detail=pss)
    folders = {each.name: disk(each) for each in portal.folder.iterdir() if each.is_dir()}
    folders["databases"] = sum(each.stat().st_blocks * 512 for each in portal.folder.glob("*.db*"))
    kept = sum(folders.values()) - folders.get("forge", 0) - folders.get("logs", 0)
    figures.add("disk an entity", kept / entities / 1000, "kB", backstage=31, target=10, detail=folders)
    await harness.close()
    seconds = []
    for _ in range(STARTS):
        portal.stop()
        seconds.append(portal.start())
    median = sorted(seconds)[STARTS // 2]
    figures.add(
        f"start to ready, {entities:,}", median, "s", backstage=3.1, target=10, detail={"all": seconds}
    )
