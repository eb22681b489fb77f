"""Who is let in, what webhooks are believed, and what a browser is told."""

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import AsyncIterator

import httpx2
import pytest
from sipario.testing import RunningPortal
from sipario_testkit.files import component, site
from sipario_testkit.harness import Harness

WEBHOOK = "/api/events/http/github"
PATHS = (
    "/api/catalog/entities",
    "/api/catalog/entities/by-query",
    "/api/catalog/entity-facets?facet=kind",
    "/api/catalog/locations",
    "/api/catalog/sources",
    "/api/graph/impact/component/default/x",
    "/api/graph/neighbors/component/default/x",
    "/api/search/query?term=x",
    "/api/techdocs/pages/default/component/x/",
    "/api/techdocs/static/docs/default/component/x/index.html",
    "/api/techdocs/metadata/techdocs/default/component/x",
    "/api/events/stream",
    "/api/status",
    "/api/nothing-of-ours",
)


@pytest.fixture
async def stranger(harness: Harness) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=harness.gateway) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_is_served_without_signing_in(stranger: httpx2.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 401
    wrong = await stranger.get(path, headers={"authorization": "Bearer wrong"})
    assert wrong.status_code == 401
    assert wrong.json()["error"]["name"] == "AuthenticationError"


@pytest.mark.parametrize("path", ["/api/graph/rebuild", "/api/search/rebuild", "/api/techdocs/rebuild"])
async def test_a_guest_may_read_and_not_rebuild(
    stranger: httpx2.AsyncClient, harness: Harness, path: str
) -> None:
    origin = {"origin": harness.gateway}
    assert (await stranger.post("/api/auth/guest", headers=origin)).status_code == 200
    assert (await stranger.get("/api/catalog/entities")).status_code == 200
    assert (await stranger.post(path, headers=origin)).status_code == 403


async def test_another_site_can_neither_read_nor_change_with_a_session(
    stranger: httpx2.AsyncClient, harness: Harness
) -> None:
    await stranger.post("/api/auth/guest", headers={"origin": harness.gateway})
    foreign = {"origin": "https://evil.example"}
    body = {"entityRef": "component:default/x"}
    assert (await stranger.post("/api/catalog/refresh", json=body, headers=foreign)).status_code == 403
    assert (await stranger.post("/api/catalog/refresh", json=body)).status_code == 403
    asked = await stranger.options(
        "/api/catalog/entities", headers={**foreign, "access-control-request-method": "GET"}
    )
    read = await stranger.get("/api/catalog/entities", headers=foreign)
    for answer in (asked, read):
        assert "access-control-allow-origin" not in answer.headers


def pushed(harness: Harness, name: str) -> bytes:
    url = harness.forge.repository(name)
    repository = {"html_url": url, "full_name": f"{harness.forge.user}/{name}", "default_branch": "main"}
    return json.dumps(
        {"ref": "refs/heads/main", "before": "0" * 40, "after": "1" * 40, "repository": repository}
    ).encode()


def signed(body: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "x-hub-signature-256": f"sha256={digest}",
        "x-github-event": "push",
        "x-github-delivery": str(uuid.uuid4()),
        "content-type": "application/json",
    }


async def test_a_forged_webhook_is_refused_and_has_no_effect(
    stranger: httpx2.AsyncClient, harness: Harness
) -> None:
    body = pushed(harness, "forged-box")
    good = signed(body, "not the secret")
    unsigned = {name: value for name, value in good.items() if name != "x-hub-signature-256"}
    for headers in (good, unsigned):
        assert (await stranger.post(WEBHOOK, content=body, headers=headers)).status_code == 403
    assert await harness.source("forged-box") == {}


async def test_a_webhook_that_was_altered_on_the_way_is_refused(
    portal: RunningPortal, stranger: httpx2.AsyncClient, harness: Harness
) -> None:
    body = pushed(harness, "altered-box")
    headers = signed(body, portal.portal.ground.secrets["webhook"])
    assert (await stranger.post(WEBHOOK, content=body + b" ", headers=headers)).status_code == 403


async def test_a_replayed_webhook_is_answered_and_has_no_effect(
    portal: RunningPortal, stranger: httpx2.AsyncClient, harness: Harness
) -> None:
    body = pushed(harness, "replayed-box")
    headers = signed(body, portal.portal.ground.secrets["webhook"])
    first = await stranger.post(WEBHOOK, content=body, headers=headers)
    again = await stranger.post(WEBHOOK, content=body, headers=headers)
    assert (first.status_code, first.json()["accepted"]) == (202, 1)
    assert (again.status_code, again.json()["accepted"]) == (202, 0)


async def test_nonsense_that_is_signed_is_answered_as_such(
    portal: RunningPortal, stranger: httpx2.AsyncClient
) -> None:
    secret = portal.portal.ground.secrets["webhook"]
    for body in (b"", b"nonsense", b"[]", b'{"repository": 7}'):
        answer = await stranger.post(WEBHOOK, content=body, headers=signed(body, secret))
        assert answer.status_code == 400, (body, answer.text)
    assert (await stranger.post("/api/events/http/nobody", content=b"{}")).status_code == 404


async def test_a_browser_is_told_of_graph_and_docs_and_of_nothing_that_stays(harness: Harness) -> None:
    files = {"catalog-info.yaml": component("told", description="First"), **site("First")}
    await harness.publish("told-box", files)
    heard: list[tuple[str, str, int]] = []
    listening = asyncio.Event()

    async def listen() -> None:
        async with harness.client.stream("GET", "/api/events/stream", timeout=None) as stream:
            assert stream.status_code == 200
            listening.set()
            event = ""
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                event = value if name == "event" else event
                if name == "data":
                    data = json.loads(value)
                    heard.append((event, data["ref"], data.get("version", 0)))

    task = asyncio.create_task(listen())
    try:
        await listening.wait()
        await harness.publish("told-box", {"README.md": "Neither entity nor docs.\n"})
        assert [each for each in heard if each[0] != "source"] == []
        again = {"catalog-info.yaml": component("told", description="Second"), **site("Second")}
        await harness.publish("told-box", again)
        mine = {(event, version) for event, ref, version in heard if ref == "component:default/told"}
        assert {("graph", 2), ("docs", 2)} <= mine
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
