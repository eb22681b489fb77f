import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sipario_events import SCM, RepositoryChanged
from sipario_ingestor.api import LARGEST_WEBHOOK
from sipario_scm import sign

SNAPSHOT = Path(__file__).parents[1] / "openapi.json"
SECRET = "right"
GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    app = desk.app("older", SECRET)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestor") as opened:
        yield opened


def push(url: str, commit: str = "a" * 40, delivery: str = "1", secret: str = SECRET) -> dict[str, Any]:
    body = json.dumps({"repository": url, "ref": "refs/heads/main", "after": commit}).encode()
    return {
        "content": body,
        "headers": {"x-sipario-signature": sign(body, secret), "x-sipario-delivery": delivery},
    }


def removal(url: str, delivery: str) -> dict[str, Any]:
    body = json.dumps({"repository": url, "change": "removed"}).encode()
    return {
        "content": body,
        "headers": {"x-sipario-signature": sign(body, SECRET), "x-sipario-delivery": delivery},
    }


async def test_a_genuine_webhook_is_written_down(client: httpx2.AsyncClient, desk: Any) -> None:
    answer = await client.post("/api/events/http/git", **push("https://git.example.org/shop"))
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    head = await desk.ledger.head(SCM, "https://git.example.org/shop#pushed#main")
    assert head.version == 1


async def test_a_delivery_that_comes_again_does_nothing(client: httpx2.AsyncClient, desk: Any) -> None:
    for commit in ("a" * 40, "b" * 40):
        answer = await client.post("/api/events/http/git", **push("https://git.example.org/shop", commit))
        assert answer.status_code == 202
    assert await desk.ledger.top() == 1


async def test_a_repository_that_comes_back_at_the_same_commit_is_news_and_so_is_its_next_end(
    client: httpx2.AsyncClient, desk: Any
) -> None:
    url = "https://git.example.org/shop"
    told = [push(url, delivery="1"), removal(url, "2"), push(url, delivery="3"), removal(url, "4")]
    for sent in (*told, push(url, delivery="5"), push(url, delivery="6")):
        assert (await client.post("/api/events/http/git", **sent)).status_code == 202
    said = [RepositoryChanged.read(entry.body).change for entry in await desk.ledger.since(0)]
    assert said == ["pushed", "removed", "pushed", "removed", "pushed"]


async def test_every_secret_counts_and_no_other(client: httpx2.AsyncClient, desk: Any) -> None:
    for number, (secret, status) in enumerate({"older": 202, SECRET: 202, "wrong": 403, "": 403}.items()):
        sent = push(f"https://git.example.org/{number}", delivery=str(number), secret=secret)
        assert (await client.post("/api/events/http/git", **sent)).status_code == status
    unsigned = await client.post("/api/events/http/github", json={})
    assert unsigned.status_code == 403
    assert await desk.ledger.top() == 2


async def test_nonsense_is_refused_in_words(client: httpx2.AsyncClient) -> None:
    headers = {"x-sipario-signature": sign(b"[]", SECRET)}
    answer = await client.post("/api/events/http/git", content=b"[]", headers=headers)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
    assert (await client.post("/api/events/http/svn", content=b"{}")).status_code == 404


async def test_a_webhook_that_is_too_large_is_not_read_to_its_end(client: httpx2.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 10 * LARGEST_WEBHOOK:
            read += 1 << 20
            yield b"x" * (1 << 20)

    answer = await client.post("/api/events/http/git", content=endless())
    assert answer.status_code == 413


async def test_a_location_is_registered_listed_and_forgotten(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD})
    wanted = {"type": "url", "target": f"{host.url}/shop"}
    tried = await client.post("/api/catalog/locations?dryRun=true", json=wanted)
    assert (tried.status_code, tried.json()["exists"]) == (201, False)
    assert [each["metadata"]["name"] for each in tried.json()["entities"]] == ["a"]
    made = await client.post("/api/catalog/locations", json=wanted)
    location = made.json()["location"]
    assert (made.status_code, made.json()["entities"], location["target"]) == (201, [], wanted["target"])
    assert location["entityRef"].startswith("location:default/generated-")
    assert (await client.post("/api/catalog/locations", json=wanted)).status_code == 409
    assert (await client.get("/api/catalog/locations")).json() == [{"data": location}]
    await desk.settle()
    by_entity = await client.get("/api/catalog/locations/by-entity/component/default/a")
    assert by_entity.json() == location
    assert (await client.get(f"/api/catalog/locations/{location['id']}")).json() == location
    assert (await client.delete(f"/api/catalog/locations/{location['id']}")).status_code == 204
    assert (await client.get(f"/api/catalog/locations/{location['id']}")).status_code == 404
    assert (await client.delete(f"/api/catalog/locations/{location['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("type_", "target", "said"),
    [
        ("file", "/etc/passwd", 'must be of an allowed type ["url"]'),
        ("url", "https://unknown.example/o/r", "is not allowed"),
        ("url", "javascript:alert(1)", "javascript: URL"),
        ("url", "http://169.254.169.254/latest", "is not allowed"),
    ],
)
async def test_locations_that_can_not_be_are_refused(
    client: httpx2.AsyncClient, type_: str, target: str, said: str
) -> None:
    answer = await client.post("/api/catalog/locations", json={"type": type_, "target": target})
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
    assert said in answer.json()["error"]["message"]


async def test_a_refresh_reads_the_source_again(client: httpx2.AsyncClient, desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD})
    await desk.register(f"{host.url}/shop")
    host.push("shop", {"catalog-info.yaml": GOOD.replace("production", "experimental")})
    assert (
        await client.post("/api/catalog/refresh", json={"entityRef": "component:default/a"})
    ).status_code == 200
    await desk.settle()
    event = (await desk.entities())["component:default/a"]
    assert event.entity["spec"]["lifecycle"] == "experimental"
    for ref, status in (("component:default/none", 404), ("nonsense", 400)):
        assert (await client.post("/api/catalog/refresh", json={"entityRef": ref})).status_code == status


async def test_sources_tell_their_state_and_problems(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    commit = host.push("shop", {"catalog-info.yaml": GOOD + "---\nkind: [x\n"})
    await desk.register(f"{host.url}/shop")
    (source,) = (await client.get("/api/catalog/sources")).json()
    assert (source["commit"], source["branch"], source["state"]) == (commit, "main", "failed")
    (problem,) = source["problems"]
    assert (problem["path"], problem["level"]) == ("catalog-info.yaml", "error")
    assert problem["line"] >= 6


def test_the_api_is_as_it_was_written_down(desk: Any) -> None:
    found = desk.app().openapi()
    if os.environ.get("SIPARIO_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(SNAPSHOT.read_text())
