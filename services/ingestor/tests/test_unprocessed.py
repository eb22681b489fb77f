"""What fails or waits is listed with where it is, tried again, and forgotten where that makes sense."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

API = "/api/catalog/entities/unprocessed"
GOOD = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: %s}
spec: {type: service, lifecycle: production, owner: team-a}
"""
WITHOUT_OWNER = GOOD.replace(", owner: team-a", "")


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=desk.app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestor") as opened:
        yield opened


async def listed(client: httpx2.AsyncClient, which: str, owner: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"{API}/{which}", params={"owner": owner} if owner else {})
    assert answer.status_code == 200, answer.text
    assert answer.json()["type"] == which
    found: list[dict[str, Any]] = answer.json()["entities"]
    return found


async def register(client: httpx2.AsyncClient, target: str) -> None:
    answer = await client.post("/api/catalog/locations", json={"type": "url", "target": target})
    assert answer.status_code == 201


async def test_an_entity_that_never_was_good_is_told_with_file_and_line(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a" + "---\n" + WITHOUT_OWNER % "b"})
    await desk.register(f"{host.url}/shop")
    (failed,) = await listed(client, "failed")
    assert failed["entity_ref"] == "component:default/b"
    assert failed["unprocessed_entity"]["kind"] == "Component"
    assert failed["unprocessed_entity"]["metadata"]["name"] == "b"
    assert failed["location_key"] == f"url:{host.url}/shop"
    assert "processed_entity" not in failed
    (error,) = failed["errors"]
    assert (error["path"], error["line"], error["field"]) == ("catalog-info.yaml", 9, "spec.owner")
    assert "must have required property 'owner'" in error["message"]
    assert await listed(client, "pending") == []


async def test_one_that_was_good_before_is_told_with_its_last_good_version(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    host.push("shop", {"catalog-info.yaml": WITHOUT_OWNER % "a"})
    await desk.look()
    (failed,) = await listed(client, "failed")
    assert failed["processed_entity"]["spec"]["owner"] == "team-a"
    assert await listed(client, "failed", "team-a") == [failed]
    assert await listed(client, "failed", "team-b") == []


@pytest.mark.parametrize(
    ("kind", "metadata"),
    [("a/b", "{name: x}"), ("':'", "{name: x}"), ("Component", "{name: ':', namespace: '/'}")],
)
async def test_what_is_called_as_nothing_can_be_hides_no_other(
    client: httpx2.AsyncClient, desk: Any, host: Any, kind: str, metadata: str
) -> None:
    nameless = f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {metadata}\nspec: {{}}\n"
    host.push("shop", {"catalog-info.yaml": WITHOUT_OWNER % "b" + "---\n" + nameless})
    await desk.register(f"{host.url}/shop")
    good, bad = await listed(client, "failed")
    assert good["entity_ref"] == "component:default/b"
    assert bad["entity_ref"].startswith("location:default/generated-")
    assert bad["errors"]


async def test_a_file_that_is_no_yaml_is_told_as_the_location_that_stands_for_it(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": "kind: [x\n"})
    await desk.register(f"{host.url}/shop")
    (failed,) = await listed(client, "failed")
    assert failed["entity_ref"].startswith("location:default/generated-")
    assert failed["unprocessed_entity"]["spec"]["target"] == f"{host.url}/shop/blob/main/catalog-info.yaml"


async def test_a_source_that_was_not_read_yet_waits_and_one_that_cannot_be_read_fails(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    await register(client, f"{host.url}/nothing")
    (waiting,) = await listed(client, "pending")
    assert waiting["unprocessed_entity"]["spec"] == {"type": "url", "target": f"{host.url}/nothing"}
    assert waiting["errors"] == []
    await desk.settle()
    assert await listed(client, "pending") == []
    (failed,) = await listed(client, "failed")
    assert failed["entity_id"] == waiting["entity_id"]
    assert "nothing" in failed["errors"][0]["message"]


async def test_what_two_declare_fails_for_the_second(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    for name in ("first", "second"):
        host.push(name, {"catalog-info.yaml": GOOD % "a"})
        await desk.register(f"{host.url}/{name}")
    (failed,) = await listed(client, "failed")
    assert (failed["entity_ref"], failed["location_key"]) == ("component:default/a", f"url:{host.url}/second")


async def test_what_fails_can_be_tried_again(client: httpx2.AsyncClient, desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": WITHOUT_OWNER % "a"})
    await desk.register(f"{host.url}/shop")
    await register(client, f"{host.url}/later")
    await desk.settle()
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    host.push("later", {"catalog-info.yaml": GOOD % "b"})
    for failed in await listed(client, "failed"):
        wish = {"entityRef": failed["entity_ref"]}
        assert (await client.post("/api/catalog/refresh", json=wish)).status_code == 200
    await desk.settle()
    assert await listed(client, "failed") == []
    assert await desk.refs() == ["component:default/a", "component:default/b"]


async def test_a_registered_location_that_fails_can_be_forgotten(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    await desk.register(f"{host.url}/nothing")
    (failed,) = await listed(client, "failed")
    assert (await client.delete(f"{API}/delete/{failed['entity_id']}")).status_code == 204
    await desk.settle()
    assert await listed(client, "failed") == []
    assert (await client.get("/api/catalog/locations")).json() == []
    assert (await client.delete(f"{API}/delete/{failed['entity_id']}")).status_code == 404


async def test_the_last_good_version_can_be_let_go(client: httpx2.AsyncClient, desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    host.push("shop", {"catalog-info.yaml": WITHOUT_OWNER % "a"})
    await desk.look()
    (failed,) = await listed(client, "failed")
    assert (await client.delete(f"{API}/delete/{failed['entity_id']}")).status_code == 204
    await desk.settle()
    assert await desk.refs() == []
    assert [each["entity_ref"] for each in await listed(client, "failed")] == ["component:default/a"]


async def test_what_a_file_declares_has_to_be_mended_there(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": WITHOUT_OWNER % "a"})
    await desk.register(f"{host.url}/shop")
    (failed,) = await listed(client, "failed")
    answer = await client.delete(f"{API}/delete/{failed['entity_id']}")
    assert answer.status_code == 409
    assert f"{host.url}/shop/blob/main/catalog-info.yaml" in answer.json()["error"]["message"]


async def test_other_lists_there_are_none(client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"{API}/strange")).status_code == 400
