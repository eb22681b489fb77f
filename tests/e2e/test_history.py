"""What was is remembered: versions with their authors, and the whole catalog as of a moment."""

import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from sipario.testing import RunningPortal
from sipario_model import documents
from sipario_testkit.files import component
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until

NAMED = "/component/default/former"


@pytest.fixture
async def between(harness: Harness) -> str:
    """An entity with two versions, and a moment between them."""
    first = component("former", needs="component:past-till", description="Erstwhile")
    await harness.publish("former", {"catalog-info.yaml": first}, author="Ada <ada@palco.example>")
    moment = datetime.now(UTC)
    await until(lambda: datetime.now(UTC) > moment)
    second = component("former", needs="component:past-safe", description="Hodiernal")
    await harness.publish("former", {"catalog-info.yaml": second}, author="Grace <grace@palco.example>")
    return moment.isoformat()


async def test_versions_tell_who_changed_what(harness: Harness, between: str) -> None:
    found = (await harness.get(f"/api/history/entities{NAMED}")).json()["items"]
    assert [each["cause"]["author"] for each in found[:2]] == ["Grace", "Ada"]
    changed = {each["path"]: each["after"] for each in found[0]["changes"]}
    assert changed["/metadata/description"] == "Hodiernal"
    moved = await harness.get(f"/api/history/changes?since={quote(between)}")
    assert "component:default/former" in {each["entityRef"] for each in moved.json()["items"]}


async def test_the_catalog_and_its_impact_are_asked_as_of_a_moment(harness: Harness, between: str) -> None:
    as_of = f"asOf={quote(between)}"
    then = (await harness.get(f"/api/catalog/entities/by-name{NAMED}?{as_of}")).json()
    now = (await harness.get(f"/api/catalog/entities/by-name{NAMED}")).json()
    assert (then["metadata"]["description"], now["metadata"]["description"]) == ("Erstwhile", "Hodiernal")
    impact = await harness.get(f"/api/graph/impact/component/default/past-till?{as_of}")
    assert "component:default/former" in {each["ref"] for each in impact.json()["nodes"]}
    assert (await harness.get("/api/catalog/entities?asOf=yesterday")).status_code == 400
    early = await harness.get("/api/catalog/entities?asOf=2020-01-01")
    assert (early.status_code, early.json()["error"]["name"]) == (400, "InputError")
    assert "History begins at" in early.json()["error"]["message"]


async def test_the_command_line_asks_the_same(portal: RunningPortal, harness: Harness, between: str) -> None:
    def sipario(*arguments: str) -> str:
        command = [sys.executable, "-m", "sipario", "catalog", *arguments, "--data", str(portal.data)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    (then,) = documents(sipario("get", "former", "--as-of", between), "former.yaml")
    assert then.value["metadata"]["description"] == "Erstwhile"
    assert "component:default/former" in sipario("query", "--text", "hodiernal")
    assert "Component" in sipario("facets", "kind")
    assert "Grace" in sipario("history", "former")
    assert await harness.answers()
