"""Who wrote something can wait until it is read and published."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from sipario_events import SCM, RepositoryChanged
from sipario_ingestor.receipt import Receipt
from sipario_kit.background import beside
from sipario_kit.errors import InvalidInput
from sipario_kit.projection import Checkpoint
from sipario_kit.waiting import WAIT_FOR, WRITTEN
from sipario_scm import sign

GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)
LEADING = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {target: %s}\n"


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=desk.app("secret"))
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestor") as opened:
        yield opened


@asynccontextmanager
async def working(desk: Any) -> AsyncIterator[None]:
    """Read and publish, as a running ingestor does."""
    async with desk.workers.running(), beside(desk.relay.run()):
        yield


async def waited(client: httpx2.AsyncClient, answer: httpx2.Response, seconds: float = 30) -> int:
    token = answer.headers[WAIT_FOR]
    return (await client.get(WRITTEN, params={"token": token, "seconds": seconds})).status_code


async def registered(client: httpx2.AsyncClient, target: str) -> httpx2.Response:
    return await client.post("/api/catalog/locations", json={"type": "url", "target": target})


async def test_after_the_wait_a_new_location_is_read(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    async with working(desk):
        assert await waited(client, await registered(client, f"{host.url}/shop")) == 204
        assert await desk.refs() == ["component:default/a"]
        assert desk.relay.pending() == 0


async def test_what_a_location_leads_to_in_other_repositories_is_waited_for(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("other", {"catalog-info.yaml": GOOD % "b"})
    host.push("shop", {"catalog-info.yaml": LEADING % f"{host.url}/other"})
    async with working(desk):
        assert await waited(client, await registered(client, f"{host.url}/shop")) == 204
        assert "component:default/b" in await desk.refs()


async def test_after_the_wait_a_refreshed_entity_is_new_and_an_unregistered_one_gone(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    async with working(desk):
        location = await registered(client, f"{host.url}/shop")
        await waited(client, location)
        host.push("shop", {"catalog-info.yaml": GOOD % "a" + "---\n" + GOOD % "b"})
        refreshed = await client.post("/api/catalog/refresh", json={"entityRef": "component:default/a"})
        assert await waited(client, refreshed) == 204
        assert await desk.refs() == ["component:default/a", "component:default/b"]
        removed = await client.delete(f"/api/catalog/locations/{location.json()['location']['id']}")
        assert await waited(client, removed) == 204
        assert await desk.refs() == []


async def test_a_location_that_moved_is_waited_for_at_both_ends(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    for name in ("first", "second"):
        host.push(name, {"catalog-info.yaml": GOOD % name})
    async with working(desk):
        location = await registered(client, f"{host.url}/first")
        await waited(client, location)
        there = {"type": "url", "target": f"{host.url}/second"}
        path = f"/api/catalog/locations/{location.json()['location']['id']}"
        assert await waited(client, await client.put(path, json=there)) == 204
        assert await desk.refs() == ["component:default/second"]


async def test_a_repository_that_cannot_be_read_is_not_waited_for(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    async with working(desk):
        assert await waited(client, await registered(client, f"{host.url}/nothing")) == 204
        assert (await desk.source("nothing")).state == "failed"


async def test_a_webhook_is_waited_for_until_its_repository_is_read(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    commit = host.push("shop", {"catalog-info.yaml": GOOD % "b"})
    body = b'{"repository":"%s/shop","ref":"refs/heads/main","after":"%s"}' % (
        host.url.encode(),
        commit.encode(),
    )
    headers = {"x-sipario-signature": sign(body, "secret"), "x-sipario-delivery": commit}
    knocked = await client.post("/api/events/http/git", content=body, headers=headers)
    told = [RepositoryChanged.read(each.body) for each in await desk.ledger.heads(topic=SCM)]
    await desk.inbox.apply(told, Checkpoint("the only one"))
    async with working(desk):
        assert await waited(client, knocked) == 204
        assert await desk.refs() == ["component:default/b"]


async def test_a_webhook_about_more_repositories_than_a_header_can_hold_is_accepted_all_the_same(
    client: httpx2.AsyncClient,
) -> None:
    added = [{"full_name": f"palco/repository-{number}"} for number in range(500)]
    account = {"html_url": "https://github.com/palco"}
    body = json.dumps({"installation": {"account": account}, "repositories_added": added}).encode()
    headers = {
        "x-github-event": "installation_repositories",
        "x-github-delivery": "1",
        "x-hub-signature-256": f"sha256={sign(body, 'secret')}",
    }
    knocked = await client.post("/api/events/http/github", content=body, headers=headers)
    assert (knocked.status_code, knocked.json()) == (202, {"accepted": 500})
    assert WAIT_FOR not in knocked.headers


async def test_what_takes_too_long_is_told(client: httpx2.AsyncClient, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    location = await registered(client, f"{host.url}/shop")  # and nobody works
    assert await waited(client, location, seconds=0.01) == 503


@pytest.mark.parametrize("token", ["", "x", "bnVsbA", "eyJzZXEiOiJ4In0", "W10", "\u00e9", "A" * 9000])
async def test_garbage_is_no_token(client: httpx2.AsyncClient, token: str) -> None:
    answer = await asyncio.wait_for(client.get(WRITTEN, params={"token": token, "seconds": 5}), 5)
    assert answer.status_code == 400


def test_a_receipt_survives_its_way_through_a_header() -> None:
    receipt = Receipt(7, {"url:https://git.example/a?b=ä": 2}, ("https://git.example/a",))
    assert Receipt.read(receipt.text()) == receipt
    with pytest.raises(InvalidInput):
        Receipt.read(receipt.text()[:-3])
