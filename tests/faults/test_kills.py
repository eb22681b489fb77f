"""Whatever dies at whatever moment, and however often: in the end everything is as the repositories say.

`SIPARIO_KILLS=1000` kills for longer, `SIPARIO_SEED` chooses when and whom.
"""

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections import defaultdict
from contextlib import closing, suppress
from pathlib import Path

import httpx2
import pytest
from neo4j import AsyncGraphDatabase
from neo4j.exceptions import DriverError, Neo4jError
from sipario.order import ORDER
from sipario.testing import RunningPortal
from sipario_model import inverse
from sipario_testkit.harness import Harness
from sipario_testkit.landscape import Landscape, Relations
from sipario_testkit.waiting import until

KILLS = int(os.environ.get("SIPARIO_KILLS", "60"))
SEED = int(os.environ.get("SIPARIO_SEED", "1"))
VICTIMS = ("services", "broker", "graph", "index")
SINGLE = tuple(ORDER)
CALM_SECONDS = 120.0
AT_A_TIME = 20

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 + 6 * KILLS)]


async def test_nothing_is_lost_and_nothing_doubled_when_processes_are_killed(
    portal: RunningPortal, harness: Harness
) -> None:
    landscape = Landscape(SEED)
    heads = {name: await harness.put_repo(name, files) for name, files in landscape.begin()}
    await harness.settle()
    pushing = asyncio.create_task(push(harness, landscape, heads))
    begun = time.monotonic()
    kills = await kill(portal, random.Random(SEED))
    pushing.cancel()
    with suppress(asyncio.CancelledError):
        await pushing
    print(f"\n{sum(kills.values())} kills {dict(kills)} in {time.monotonic() - begun:.0f} s")
    calm = time.monotonic()
    await caught_up(harness, heads)
    print(f"calm {time.monotonic() - calm:.1f} s after the last kill")
    assert await entities(harness) == landscape.declared()
    assert await graph(portal) == {ref: relations for ref, (_, relations) in landscape.declared().items()}
    await assert_index(harness, landscape)
    await assert_docs(harness, landscape)
    await assert_nothing_parked(harness)
    assert_versions(portal.data / "ingestor.db")
    assert_versions(portal.data / "techdocs.db")


@pytest.mark.parametrize(
    ("portal", "victims"),
    [(False, VICTIMS), (True, SINGLE)],
    indirect=["portal"],
    ids=["together", "split"],
)
async def test_a_push_is_seen_soon_after_a_kill(
    portal: RunningPortal, harness: Harness, victims: tuple[str, ...]
) -> None:
    landscape = Landscape(SEED)
    heads = {name: await harness.put_repo(name, files) for name, files in landscape.begin()}
    await harness.settle()
    seconds = []
    for victim in victims:
        begun = time.monotonic()
        os.kill(portal.pid(victim), signal.SIGKILL)
        name, files = landscape.step()
        heads[name] = await harness.put_repo(name, files)
        await caught_up(harness, heads)
        await until(lambda: all_seen(portal, harness, landscape), within=CALM_SECONDS, every=0.1)
        seconds.append(time.monotonic() - begun)
        print(f"\n{victim} killed: a push is seen everywhere {seconds[-1]:.1f} s later")
    assert max(seconds) < CALM_SECONDS / 2  # on a machine that does other things too


async def push(harness: Harness, landscape: Landscape, heads: dict[str, str]) -> None:
    while True:
        name, files = landscape.step()
        # To the end, even when it is cancelled meanwhile: what is compared later must have been pushed.
        pushed = asyncio.ensure_future(harness.put_repo(name, files))
        try:
            heads[name] = await asyncio.shield(pushed)
        except asyncio.CancelledError:
            heads[name] = await pushed
            raise


async def kill(portal: RunningPortal, chance: random.Random) -> dict[str, int]:
    """Kill somebody who lives, again and again."""
    kills: dict[str, int] = defaultdict(int)
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.3, 1.5))  # the pace of the faults, not a wait for anything
        await until(lambda: bool(living(portal)), within=CALM_SECONDS)
        victim = chance.choice(living(portal))
        os.kill(portal.pid(victim), signal.SIGKILL)
        kills[victim] += 1
    return kills


def living(portal: RunningPortal) -> list[str]:
    """Name those who live now, be it that they are only starting."""
    state = portal.state()
    together = {**state["engines"], **state["processes"]}
    return [name for name in VICTIMS if together[name]["alive"]]


async def caught_up(harness: Harness, heads: dict[str, str]) -> None:
    """Return once every repository was read at its head and nothing is on its way."""

    async def read() -> bool:
        # A gateway that lives says 503 for a service that does not.
        with suppress(httpx2.TransportError, httpx2.HTTPStatusError, ValueError):
            told = (await harness.get("/api/catalog/sources")).raise_for_status().json()
            sources = {each["repository"]: each for each in told}
            found = {name: sources.get(harness.forge.repository(name), {}) for name in heads}
            return all(
                each.get("commit") == heads[name] and each["state"] != "pending"
                for name, each in found.items()
            )
        return False

    await until(read, within=CALM_SECONDS, every=0.1)
    await harness.settle(within=CALM_SECONDS)


async def all_seen(portal: RunningPortal, harness: Harness, landscape: Landscape) -> bool:
    """Ask the catalog, the index, the docs and the graph itself; whoever is away has not seen it."""
    with suppress(httpx2.TransportError, httpx2.HTTPStatusError, DriverError, Neo4jError):
        for word in landscape.current():
            if not await harness.hits(word):
                return False
        for ref, pages in landscape.pages().items():
            for path, word in pages.items():
                if word not in await harness.page(ref, path):
                    return False
        declared = landscape.declared()
        related = {ref: relations for ref, (_, relations) in declared.items()}
        return await entities(harness) == declared and await graph(portal) == related
    return False


async def entities(harness: Harness) -> dict[str, tuple[str, Relations]]:
    served = (await harness.get("/api/catalog/entities")).raise_for_status().json()
    return {
        f"{each['kind']}:{each['metadata']['namespace']}/{each['metadata']['name']}".lower(): (
            each["metadata"]["description"],
            frozenset((one["type"], one["targetRef"]) for one in each.get("relations", ())),
        )
        for each in served
    }


async def graph(portal: RunningPortal) -> dict[str, Relations]:
    """Ask the graph itself: what lives there, related how; an edge that is there twice is an error."""
    addresses = portal.state()["addresses"]
    login = (addresses["neo4j_user"], addresses["neo4j_password"])
    async with AsyncGraphDatabase.driver(addresses["neo4j_url"], auth=login) as driver:
        nodes, _, _ = await driver.execute_query(
            "MATCH (e:Entity) RETURN e.ref AS ref, coalesce(e.missing, e.gone, false) AS absent",
            database_=addresses["neo4j_database"],
        )
        edges, _, _ = await driver.execute_query(
            "MATCH (s:Entity)-[r]->(t:Entity) WHERE type(r) <> 'NEEDS' "
            "RETURN s.ref AS source, type(r) AS type, t.ref AS target",
            database_=addresses["neo4j_database"],
        )
    refs = [node["ref"] for node in nodes]
    assert len(refs) == len(set(refs))
    rows = [(edge["source"], edge["type"], edge["target"]) for edge in edges]
    assert len(rows) == len(set(rows)), "an edge is there twice"
    found: dict[str, set[tuple[str, str]]] = {node["ref"]: set() for node in nodes if not node["absent"]}
    for source, label, target in rows:
        kind = spelled(label)
        for ref, name, other in ((source, kind, target), (target, inverse(kind), source)):
            if ref in found:
                found[ref].add((name, other))
    return {ref: frozenset(relations) for ref, relations in found.items()}


def spelled(label: str) -> str:
    """DEPENDS_ON in the graph is dependsOn in entities."""
    first, *others = label.lower().split("_")
    return first + "".join(word.title() for word in others)


async def assert_index(harness: Harness, landscape: Landscape) -> None:
    words, turn = sorted(landscape.words), asyncio.Semaphore(AT_A_TIME)

    async def hit(word: str) -> bool:
        async with turn:
            return bool(await harness.hits(word))

    found = await asyncio.gather(*map(hit, words))
    assert {word for word, hit in zip(words, found, strict=True) if hit} == landscape.current()
    everything = (await harness.get("/api/search/query?types[]=software-catalog&pageLimit=1")).json()
    assert everything["numberOfResults"] == len(landscape.declared())


async def assert_docs(harness: Harness, landscape: Landscape) -> None:
    declared = landscape.pages()
    for repository in landscape.repositories:
        ref = f"component:default/{repository.documented}"
        for path in ("", "one/", "two/", "three/"):
            word = declared.get(ref, {}).get(path, "")
            html = await harness.page(ref, path)
            assert (word in html) if word else not html, (ref, path, word, html)


async def assert_nothing_parked(harness: Harness) -> None:
    services = (await harness.get("/api/status")).json()
    assert {name: each["parked"] for name, each in services.items() if each["parked"]} == {}


def assert_versions(file: Path) -> None:
    """Every version follows the one before it, and says something else than it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT topic, identity, version, digest FROM ledger_entry ORDER BY seq")
        told: dict[tuple[str, str], tuple[int, str]] = {}
        for topic, identity, version, digest in rows:
            before, said = told.get((topic, identity), (0, ""))
            assert version == before + 1, (topic, identity, before, version)
            assert digest != said, (topic, identity, version)
            told[topic, identity] = (version, digest)
