"""What is gone can be brought back as it was last, until something declares it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sipario_events import ENTITIES
from sipario_kit.principal import Principal, vouch
from sipario_kit.waiting import WAIT_FOR
from sipario_model.annotations import ORPHAN
from sipario_model.uid import uid_of
from starlette.types import Receive, Scope, Send

GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s, description: '%s'}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)
DEFINITION = (
    "apiVersion: sipario.dev/v1alpha1\nkind: KindDefinition\nmetadata: {name: area}\n"
    "spec: {owner: platform, names: {kind: Area}, schema: {type: object}}\n"
)
A = "component:default/a"
BY_NAME = "/entities/by-name/Component/default/A/restore"


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    app = desk.app()

    async def vouched(scope: Scope, receive: Receive, send: Send) -> None:
        await app(vouch(scope, Principal("user:default/ada")), receive, send)

    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=vouched), base_url="http://ingestor/api/catalog"
    ) as opened:
        yield opened


async def lost(desk: Any, host: Any) -> None:
    """Declare a component, change it, and take it away."""
    for text in (GOOD % ("a", "first"), GOOD % ("a", "last"), GOOD % ("b", "other")):
        host.push("shop", {"catalog-info.yaml": text})
        await (desk.look() if await desk.registry.locations() else desk.register(f"{host.url}/shop"))
    assert await desk.refs() == ["component:default/b"]


async def test_it_comes_back_as_it_was_last_on_the_word_of_who_asked(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    await lost(desk, host)
    answer = await client.post(BY_NAME)
    assert answer.status_code == 200, answer.text
    assert WAIT_FOR in answer.headers
    assert answer.json()["metadata"]["description"] == "last"
    event = (await desk.entities())[A]
    assert event.entity["metadata"]["annotations"][ORPHAN] == "true"
    history = await desk.ledger.history(ENTITIES, A)
    assert [(each.version, each.gone) for each in history[:2]] == [(4, False), (3, True)]
    assert history[0].cause.actor == "user:default/ada"


async def test_it_stays_while_nothing_declares_it(client: httpx2.AsyncClient, desk: Any, host: Any) -> None:
    await lost(desk, host)
    await client.post(BY_NAME)
    await desk.orphans.sweep()
    await desk.registry.refresh("component:default/b")
    await desk.look()
    assert await desk.refs() == [A, "component:default/b"]
    await desk.registry.refresh(A)  # which nobody can read again
    await desk.settle()
    assert A in await desk.refs()


async def test_whoever_declares_it_has_it(client: httpx2.AsyncClient, desk: Any, host: Any) -> None:
    await lost(desk, host)
    await client.post(BY_NAME)
    host.push("second", {"catalog-info.yaml": GOOD % ("a", "anew")})
    await desk.register(f"{host.url}/second")
    event = (await desk.entities())[A]
    assert (event.origin, event.entity["metadata"]["description"]) == (f"url:{host.url}/second", "anew")
    assert ORPHAN not in event.entity["metadata"]["annotations"]
    assert await desk.problems("second") == []
    assert await desk.orphans.all() == []


async def test_it_can_be_deleted_again_and_restored_by_its_uid(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    await lost(desk, host)
    for _ in range(2):
        assert (await client.post(f"/entities/by-uid/{uid_of(A)}/restore")).status_code == 200
        assert A in await desk.refs()
        assert (await client.delete(f"/entities/by-uid/{uid_of(A)}")).status_code == 204
        assert A not in await desk.refs()
    assert await desk.orphans.all() == []


async def test_a_definition_that_is_restored_defines_its_kind_again(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("kinds", {"catalog-info.yaml": DEFINITION})
    await desk.register(f"{host.url}/kinds")
    host.push("kinds", {"catalog-info.yaml": GOOD % ("a", "instead")})
    await desk.look()
    assert "Area" not in desk.kinds.vocabulary.kinds
    await client.post("/entities/by-name/kinddefinition/default/area/restore")
    assert "Area" in desk.kinds.vocabulary.kinds


async def test_what_is_there_or_never_was_is_not_restored(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    await lost(desk, host)
    there = await client.post("/entities/by-name/component/default/b/restore")
    assert (there.status_code, there.json()["error"]["name"]) == (409, "ConflictError")
    for path in ("/entities/by-name/component/default/c/restore", "/entities/by-uid/nonsense/restore"):
        assert (await client.post(path)).status_code == 404
