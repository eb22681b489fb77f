"""What the portal tells of former times: versions, blame, changes between two moments, the state at one."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sipario_ingestor.api_history import history_api
from sipario_ingestor.history import History
from sipario_kit.errors import install_error_handlers
from sipario_testkit.waiting import until

NAMED = "/api/history/entities/component/default/a"


def described(owner: str, description: str = "") -> dict[str, str]:
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\n"
        f"metadata: {{name: a, description: '{description}'}}\n"
        f"spec: {{type: service, lifecycle: production, owner: {owner}}}\n"
    )
    return {"catalog-info.yaml": text}


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    install_error_handlers(app)
    app.include_router(history_api(History(desk.ledger)))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestor") as opened:
        yield opened


@pytest.fixture
async def moments(desk: Any, host: Any) -> list[str]:
    """One entity: created by team-a, given to team-b, described, removed; a moment after each."""
    seen: list[str] = []

    async def push(files: dict[str, str]) -> None:
        host.push("shop", files)
        if not seen:
            await desk.register(f"{host.url}/shop")
        await desk.look()
        now = datetime.now(UTC)
        await until(lambda: datetime.now(UTC) > now)  # the next version shall have a later moment
        seen.append(now.isoformat())

    await push(described("team-a"))
    await push(described("team-b"))
    await push(described("team-b", "sells tickets"))
    await push({"README.md": "nothing here"})
    return seen


async def test_versions_tell_what_they_changed_and_who_did_it(
    client: httpx2.AsyncClient, moments: list[str]
) -> None:
    found = (await client.get(NAMED)).json()
    assert [each["happened"] for each in found["items"]] == ["removed", "changed", "changed", "created"]
    (given,) = found["items"][2]["changes"]
    assert given == {"path": "/spec/owner", "before": "team-a", "after": "team-b"}
    assert found["items"][2]["cause"]["author"] == "Ada"
    assert len(moments) == 4


async def test_older_versions_are_asked_for_by_number(client: httpx2.AsyncClient, moments: list[str]) -> None:
    first = (await client.get(NAMED, params={"limit": 3})).json()
    assert [each["version"] for each in first["items"]] == [4, 3, 2]
    rest = (await client.get(NAMED, params={"limit": 3, "before": first["nextBefore"]})).json()
    assert [each["version"] for each in rest["items"]] == [1]
    assert rest["nextBefore"] is None
    nothing = await client.get(NAMED, params={"before": 1})
    assert (nothing.status_code, nothing.json()["items"]) == (200, [])
    for number in (-1, 1 << 70):
        assert (await client.get(NAMED, params={"before": number})).status_code == 400
        assert (await client.get(f"{NAMED}/versions/{number}")).status_code == 400
    assert moments


async def test_a_version_is_shown_as_it_was(client: httpx2.AsyncClient, moments: list[str]) -> None:
    assert (await client.get(f"{NAMED}/versions/1")).json()["entity"]["spec"]["owner"] == "team-a"
    assert (await client.get(f"{NAMED}/versions/4")).json()["entity"] is None
    assert (await client.get(f"{NAMED}/versions/5")).status_code == 404
    assert moments


async def test_each_field_is_blamed_on_the_version_that_brought_it(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    for files in (described("team-a"), described("team-b"), described("team-b", "sells tickets")):
        host.push("shop", files)
        await desk.register(f"{host.url}/shop") if not await desk.refs() else await desk.look()
    found = (await client.get(f"{NAMED}/blame")).json()
    brought = {each["path"]: each["version"] for each in found["fields"]}
    assert (brought["/spec/type"], brought["/spec/owner"], brought["/metadata/description"]) == (1, 2, 3)


async def test_what_is_gone_has_no_blame_and_what_never_was_no_history(
    client: httpx2.AsyncClient, moments: list[str]
) -> None:
    assert (await client.get(f"{NAMED}/blame")).status_code == 404
    assert (await client.get("/api/history/entities/component/default/none")).status_code == 404
    assert moments


async def test_two_moments_are_compared(client: httpx2.AsyncClient, moments: list[str]) -> None:
    async def between(since: str, until: str) -> list[tuple[str, list[str]]]:
        answer = await client.get("/api/history/changes", params={"since": since, "until": until})
        return [
            (each["happened"], [change["path"] for change in each["changes"]])
            for each in answer.json()["items"]
        ]

    before = (datetime.fromisoformat(moments[0]) - timedelta(days=1)).isoformat()
    assert await between(before, moments[2]) == [("created", [])]
    assert await between(moments[0], moments[2]) == [("changed", ["/metadata/description", "/spec/owner"])]
    assert await between(moments[2], moments[3]) == [("removed", [])]
    assert await between(before, moments[3]) == []


async def test_the_state_of_a_moment_is_streamed(client: httpx2.AsyncClient, moments: list[str]) -> None:
    async def owners(moment: str) -> list[str]:
        answer = await client.get("/api/history/state", params={"asOf": moment})
        return [json.loads(line)["entity"]["spec"]["owner"] for line in answer.text.splitlines()]

    assert [await owners(moment) for moment in moments] == [["team-a"], ["team-b"], ["team-b"], []]


@pytest.mark.usefixtures("moments")
async def test_a_moment_before_the_first_entry_is_refused(client: httpx2.AsyncClient) -> None:
    begun = (await client.get(NAMED)).json()["items"][-1]["at"]
    assert (await client.get("/api/history/state", params={"asOf": begun})).status_code == 200
    answer = await client.get("/api/history/state", params={"asOf": "2020-01-01"})
    error = answer.json()["error"]
    assert (answer.status_code, error["name"]) == (400, "InputError")
    begin = datetime.fromisoformat(begun).isoformat()
    assert error["message"] == f"History begins at {begin}; nothing is known before"


async def test_an_empty_ledger_has_an_empty_state_at_every_moment(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/history/state", params={"asOf": "2020-01-01"})
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "", "99999999999999999999"])
async def test_what_is_no_moment_is_refused(client: httpx2.AsyncClient, moment: str) -> None:
    answer = await client.get("/api/history/state", params={"asOf": moment})
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
