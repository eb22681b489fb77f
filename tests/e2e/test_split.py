"""One process for each service: the same portal, and a child that is killed comes back."""

import os
import signal
from pathlib import Path

import pytest
from sipario.testing import running_portal
from sipario_testkit.files import component, site
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until

SERVICES = ("catalog-graph", "search", "techdocs", "ingestor", "gateway")


@pytest.mark.slow
async def test_services_in_processes_of_their_own_do_the_same_and_come_back(tmp_path: Path) -> None:
    with running_portal(tmp_path / "split", {}, split=True) as portal:
        harness = Harness.of(portal.state())
        assert set(SERVICES) <= set(portal.state()["processes"])
        files = {"catalog-info.yaml": component("apart", description="Selcouth", needs="component:other")}
        await harness.publish("apart", {**files, **site("Eucatastrophe")})
        await assert_seen(harness, "selcouth", "eucatastrophe")
        for victim in SERVICES:
            restarts = portal.restarts(victim)
            os.kill(portal.pid(victim), signal.SIGKILL)
            await until(lambda name=victim, before=restarts: portal.restarts(name) > before)  # type: ignore[misc]
        await until(harness.answers, within=60)
        await harness.settle()
        files = {
            "catalog-info.yaml": component("apart", description="Nudiustertian", needs="component:other")
        }
        await harness.publish("apart", {**files, **site("Ultracrepidarian")})
        await assert_seen(harness, "nudiustertian", "ultracrepidarian")
        await harness.close()


async def assert_seen(harness: Harness, described: str, documented: str) -> None:
    ref = "component:default/apart"
    assert await harness.entity(ref)
    assert await harness.dependents("component:default/other") == {ref}
    assert await harness.hits(described, "software-catalog") == {ref}
    assert await harness.hits(documented, "techdocs") == {ref}
    assert documented in (await harness.page(ref)).lower()
