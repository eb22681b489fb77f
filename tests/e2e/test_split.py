"""One process for each service: the same portal, and a child that is killed comes back."""

import os
import signal
from pathlib import Path

import pytest
from sipario.testing import running_portal
from sipario_kit.waiting import WAIT_FOR
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
        await assert_reads_wait(harness)
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


async def assert_reads_wait(harness: Harness) -> None:
    """Remove an entity, whose source declares it still: who waits reads it again, nobody ever a gap."""
    path = "/api/catalog/entities/by-name/component/default/apart"
    for _ in range(5):
        uid = (await harness.get(path)).raise_for_status().json()["metadata"]["uid"]
        removed = await harness.client.delete(f"/api/catalog/entities/by-uid/{uid}")
        again = await harness.client.get(path, headers={WAIT_FOR: removed.headers[WAIT_FOR]})
        assert again.status_code == 200


async def assert_seen(harness: Harness, described: str, documented: str) -> None:
    ref = "component:default/apart"
    assert await harness.entity(ref)
    assert await harness.dependents("component:default/other") == {ref}
    assert await harness.hits(described, "software-catalog") == {ref}
    assert await harness.hits(documented, "techdocs") == {ref}
    assert documented in (await harness.page(ref)).lower()
