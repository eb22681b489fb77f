"""Where entities come from: Locations, globs, two who claim the same, and webhooks that never came."""

import os
import signal
from pathlib import Path

from sipario.testing import RunningPortal
from sipario_model import EntityRef, inverse, relations_of
from sipario_model import read as read_documents
from sipario_testkit.files import component, location
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until


async def test_a_location_leads_to_relative_targets_and_globs(harness: Harness) -> None:
    files = {
        "catalog-info.yaml": location("globs", ["./one.yaml", "./teams/**/*.yaml", "./deep/next.yaml"]),
        "one.yaml": component("glob-one"),
        "teams/red.yaml": component("glob-red"),
        "teams/blue/navy.yaml": component("glob-navy"),
        "deep/next.yaml": location("globs-next", ["../aside.yaml"]),
        "aside.yaml": component("glob-aside"),
        "unnamed.yaml": component("glob-unnamed"),
    }
    await harness.publish("glob-box", files)
    for name in ("glob-one", "glob-red", "glob-navy", "glob-aside"):
        assert await harness.entity(f"component:default/{name}"), name
    assert await harness.entity("component:default/glob-unnamed") is None
    await harness.publish("glob-box", {"teams/red.yaml": None, "teams/green.yaml": component("glob-green")})
    assert await harness.entity("component:default/glob-red") is None
    assert await harness.entity("component:default/glob-green")


async def test_the_public_samples_come_in_with_all_their_entities_and_relations(
    harness: Harness, samples: Path
) -> None:
    folder = samples / "catalog"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))
    }
    await harness.publish("samples", files)
    declared, relations = set(), set()
    for path, data in files.items():
        for document in read_documents(data, path).documents:
            declared.add(str(EntityRef.of(document.value)))
            relations |= set(relations_of(document.value))
    assert len(declared) > 40
    # Text that a file takes from the internet may not be had here; that is a warning.
    problems = (await harness.source("samples"))["problems"]
    assert [problem for problem in problems if problem["level"] == "error"] == []
    for ref in declared:
        served = await harness.entity(ref)
        assert served is not None, ref
        found = {(each["type"], each["targetRef"]) for each in served.get("relations", ())}
        outward = {(each.type, each.target) for each in relations if each.source == ref}
        inward = {(inverse(each.type), each.source) for each in relations if each.target == ref}
        assert found == outward | inward, ref


async def test_the_second_to_claim_a_ref_is_refused_and_takes_over_when_the_first_lets_go(
    harness: Harness,
) -> None:
    await harness.publish("claim-first", {"catalog-info.yaml": component("claimed", description="The first")})
    await harness.publish(
        "claim-second", {"catalog-info.yaml": component("claimed", description="The second")}
    )
    held = await harness.entity("component:default/claimed")
    assert held is not None
    assert held["metadata"]["description"] == "The first"
    refused = await harness.source("claim-second")
    assert any("claim-first" in problem["message"] for problem in refused["problems"]), refused
    await harness.publish("claim-first", {"catalog-info.yaml": None, "README.md": "It moved.\n"})

    async def taken_over() -> bool:
        entity = await harness.entity("component:default/claimed")
        return entity is not None and entity["metadata"]["description"] == "The second"

    await until(taken_over)
    await until(lambda: has_no_problem(harness, "claim-second"))


async def has_no_problem(harness: Harness, name: str) -> bool:
    return not (await harness.source(name))["problems"]


async def test_a_webhook_that_nobody_heard_is_made_up_for(portal: RunningPortal, harness: Harness) -> None:
    """The push comes while no service lives; also one that comes while they start is not lost."""
    await harness.publish("lost-box", {"catalog-info.yaml": component("lost", description="Before")})
    restarts = portal.restarts("services")
    os.kill(portal.pid("services"), signal.SIGKILL)
    commit = await harness.put_repo(
        "lost-box", {"catalog-info.yaml": component("lost", description="Meanwhile")}
    )
    await until(lambda: portal.restarts("services") > restarts)
    await until(harness.answers, within=60)
    await harness.read("lost-box", commit)
    await harness.settle()
    entity = await harness.entity("component:default/lost")
    assert entity is not None
    assert entity["metadata"]["description"] == "Meanwhile"
