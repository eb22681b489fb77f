"""What `sipario` says of a portal that runs: for programs, for people, and for a second `up`."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sipario.testing import RunningPortal
from sipario_testkit.files import component, site
from sipario_testkit.harness import Harness


def sipario(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sipario", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_status_tells_programs_where_everything_is(portal: RunningPortal) -> None:
    answer = sipario("status", "--data", portal.data, "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    state = portal.state()
    assert (told["gateway"], told["token"], told["forge"]) == (
        state["gateway"],
        state["token"],
        state["forge"],
    )
    assert set(told["services"]) == {"catalog-graph", "search", "techdocs", "ingestor"}
    assert all(told["services"].values())
    assert {"graph", "search-entities", "search-docs", "relay"} <= set(told["lag"])
    assert all(isinstance(behind, int) for behind in told["lag"].values())
    assert set(told["engines"]) in (set(), {"broker", "graph", "index"})


def test_status_tells_people_no_secret(portal: RunningPortal) -> None:
    answer = sipario("status", "--data", portal.data)
    assert answer.returncode == 0
    assert portal.state()["gateway"] in answer.stdout
    assert portal.state()["token"] not in answer.stdout


def test_a_second_up_on_the_same_data_says_so(portal: RunningPortal) -> None:
    answer = sipario("up", "--data", portal.data, "--empty")
    assert answer.returncode == 1
    assert "already up" in answer.stderr
    assert portal.state()["gateway"] in answer.stderr
    assert "Traceback" not in answer.stderr


def test_status_of_what_does_not_run_says_how_to_start_it(tmp_path: Path) -> None:
    answer = sipario("status", "--data", tmp_path, "--json")
    assert answer.returncode == 1
    assert "sipario up" in answer.stderr


@pytest.mark.parametrize("what", ["graph", "search", "docs"])
async def test_a_rebuild_gives_the_same_answers_while_it_serves(
    portal: RunningPortal, harness: Harness, what: str
) -> None:
    """Asked all the time while it is rebuilt, it answers as before, and afterwards too."""
    for number in range(3):
        name = f"anew-{number}"
        files = {
            "catalog-info.yaml": component(name, description=f"xylotomous{number}", needs="component:anew-0")
        }
        await harness.publish(name, {**files, **site(f"quodlibetarian{number}")})
    before = await everything(harness)
    command = [sys.executable, "-m", "sipario", "rebuild", what, "--data", str(portal.data)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    during = []
    while process.returncode is None:
        during.append(await everything(harness))
    output, _ = await process.communicate()
    assert process.returncode == 0, output
    await harness.settle()
    assert during
    assert all(each == before for each in during)
    assert await everything(harness) == before


async def everything(harness: Harness) -> dict[str, object]:
    """Dump what a portal answers: status must be 200 each time."""
    dump: dict[str, object] = {}
    for path in (
        "/api/catalog/entities/by-query?limit=500&orderField=metadata.uid,asc",
        "/api/catalog/entity-facets?facet=kind&facet=spec.owner",
        *(f"/api/graph/impact/component/default/anew-{number}" for number in range(3)),
        "/api/graph/neighbors/component/default/anew-0?depth=3",
        *(f"/api/techdocs/pages/default/component/anew-{number}/" for number in range(3)),
    ):
        answer = await harness.get(path)
        assert answer.status_code == 200, (path, answer.text)
        dump[path] = ordered(answer.json())
    for number in range(3):
        for word in ("xylotomous", "quodlibetarian"):
            dump[f"{word}{number}"] = await harness.hits(f"{word}{number}")
    return dump


def ordered(value: object) -> object:
    """Sort lists, whose order means nothing in these answers."""
    if isinstance(value, dict):
        return {key: ordered(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((ordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
