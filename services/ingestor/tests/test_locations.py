"""Locations and what is asked before one is registered: shapes, status codes and messages as clients expect them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sipario_ingestor.pipeline import Pipeline
from sipario_ingestor.placeholders import built_in
from sipario_plugin import Emit, Entity, Processor, Sight

GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)
ENTITY = {
    "apiVersion": "backstage.io/v1alpha1",
    "kind": "Component",
    "metadata": {"name": "a"},
    "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
}
WHERE = "url:https://github.com/o/r/blob/main/catalog-info.yaml"


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    app = desk.app()
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ingestor/api/catalog") as opened:
        yield opened


async def _register(client: httpx2.AsyncClient, target: str) -> dict[str, Any]:
    answer = await client.post("/locations", json={"type": "url", "target": target})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["location"]
    return found


async def test_a_location_can_lead_elsewhere(client: httpx2.AsyncClient, desk: Any, host: Any) -> None:
    host.push("one", {"catalog-info.yaml": GOOD % "a"})
    host.push("two", {"catalog-info.yaml": GOOD % "b"})
    location = await _register(client, f"{host.url}/one")
    await desk.settle()
    wanted = {"type": "url", "target": f"{host.url}/two"}
    answer = await client.put(f"/locations/{location['id']}", json=wanted)
    assert answer.status_code == 200
    assert answer.json()["id"] == location["id"]
    assert answer.json()["target"] == f"{host.url}/two"
    await desk.settle()
    assert await desk.refs() == ["component:default/b"]
    assert (await client.put(f"/locations/{location['id']}", json=wanted)).status_code == 200
    await desk.settle()
    assert await desk.refs() == ["component:default/b"]


async def test_what_can_not_be_replaced_says_why(client: httpx2.AsyncClient, host: Any) -> None:
    one = await _register(client, f"{host.url}/one")
    await _register(client, f"{host.url}/two")
    for id_, target, status, name in (
        ("none", f"{host.url}/three", 404, "NotFoundError"),
        (one["id"], f"{host.url}/two", 409, "ConflictError"),
        (one["id"], "https://unknown.example/o/r", 400, "InputError"),
    ):
        answer = await client.put(f"/locations/{id_}", json={"type": "url", "target": target})
        assert (answer.status_code, answer.json()["error"]["name"]) == (status, name)
        assert answer.json()["request"] == {"method": "PUT", "url": f"/api/catalog/locations/{id_}"}
        assert answer.json()["response"] == {"statusCode": status}


async def test_a_dry_run_of_what_is_registered_shows_it_whole(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    host.push("one", {"catalog-info.yaml": GOOD % "a"})
    wanted = {"type": "url", "target": f"{host.url}/one"}
    for exists in (False, True):
        answer = await client.post("/locations?dryRun=true", json=wanted)
        assert (answer.status_code, answer.json()["exists"]) == (201, exists)
        assert [each["metadata"]["name"] for each in answer.json()["entities"]] == ["a"]
        if not exists:
            await _register(client, f"{host.url}/one")
            await desk.settle()
    host.push("one", {"catalog-info.yaml": "kind: [\n"})
    answer = await client.post("/locations?dryRun=true", json=wanted)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("catalog-info.yaml:")


async def test_locations_are_found_page_by_page(client: httpx2.AsyncClient, host: Any) -> None:
    for name in "abcde":
        await _register(client, f"{host.url}/{name}")
    asked: dict[str, Any] = {"limit": 2, "query": {"target": {"$hasPrefix": host.url.upper()}}}
    seen = []
    while True:
        answer = (await client.post("/locations/by-query", json=asked)).json()
        assert answer["totalItems"] == 5
        seen += [each["target"][-1] for each in answer["items"]]
        if "nextCursor" not in answer["pageInfo"]:
            break
        asked = {"limit": 2, "cursor": answer["pageInfo"]["nextCursor"]}
    assert seen == list("abcde")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "ab"),
        ({"type": "URL"}, "ab"),
        ({"type": "file"}, ""),
        ({"type": "url", "nothing": {"$exists": False}}, "ab"),
        ({"$not": {"type": {"$in": ["file", "url"]}}}, ""),
        ({"$any": [{"type": "file"}, {"type": {"$exists": True}}]}, "ab"),
        ({"$all": [{"type": "url"}, {"type": {"$contains": "u"}}]}, ""),
    ],
)
async def test_predicates_hold_for_locations(
    client: httpx2.AsyncClient, host: Any, query: dict[str, Any], found: str
) -> None:
    for name in "ab":
        await _register(client, f"{host.url}/{name}")
    answer = await client.post("/locations/by-query", json={"query": query})
    assert "".join(each["target"][-1] for each in answer.json()["items"]) == found


@pytest.mark.parametrize(
    "asked",
    [
        {"query": {"$or": []}},
        {"query": {"$any": {}}},
        {"query": {"$not": {}, "type": "url"}},
        {"query": {"type": {"$in": "url"}}},
        {"query": {"type": None}},
        {"query": {"type": {"$in": ["a"], "$exists": True}}},
        {"query": []},
        {"cursor": "no cursor"},
        {"cursor": "e30="},
        {"cursor": "eyJiZWdpbiI6LTEsInF1ZXJ5Ijp7fX0="},
        {"limit": 0},
        {"limit": 1_000_000},
    ],
)
async def test_nonsense_in_a_query_is_refused(client: httpx2.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await client.post("/locations/by-query", json=asked)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


async def test_a_query_nested_without_end_is_refused(client: httpx2.AsyncClient) -> None:
    query: dict[str, Any] = {}
    for _ in range(60):
        query = {"$not": query}
    assert (await client.post("/locations/by-query", json={"query": query})).status_code == 400


async def test_a_good_entity_is_valid(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/validate-entity", json={"entity": ENTITY, "location": WHERE})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("entity", "location", "name", "said"),
    [
        ({**ENTITY, "kind": "Spaceship"}, WHERE, "InputError", "No processor recognized"),
        ({**ENTITY, "spec": {}}, WHERE, "InputError", "must have required property"),
        ({**ENTITY, "metadata": {"name": "-"}}, WHERE, "InputError", '"metadata.name" is not valid'),
        ({}, WHERE, "InputError", "must have required property"),
        (None, WHERE, "TypeError", "must be an object"),
        ([], WHERE, "TypeError", "must be an object"),
        (
            ENTITY,
            "file:/etc/passwd",
            "TypeError",
            "only 'url:<target>' is supported, e.g. url:https://host/path",
        ),
        (ENTITY, "https://github.com/o/r", "TypeError", "prefix it with 'url:'"),
        (ENTITY, "nothing", "TypeError", "Unable to parse location ref"),
        (
            {**ENTITY, "metadata": {"name": "a", "description": {"$text": "http://169.254.169.254/latest"}}},
            WHERE,
            "InputError",
            "http://169.254.169.254/latest could not be read, so metadata.description",
        ),
        (
            {**ENTITY, "metadata": {"name": "a", "description": {"$text": "file:///etc/passwd"}}},
            WHERE,
            "InputError",
            "is not allowed",
        ),
    ],
)
async def test_what_is_wrong_with_an_entity_is_listed(
    client: httpx2.AsyncClient, entity: Any, location: str, name: str, said: str
) -> None:
    answer = await client.post("/validate-entity", json={"entity": entity, "location": location})
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert any(each["name"] == name and said in each["message"] for each in errors), errors


async def test_text_beside_the_location_is_read(client: httpx2.AsyncClient, host: Any) -> None:
    host.push("one", {"docs/about.md": "# About"})
    entity = {**ENTITY, "metadata": {"name": "a", "description": {"$text": "./docs/about.md"}}}
    location = f"url:{host.url}/one/blob/main/catalog-info.yaml"
    answer = await client.post("/validate-entity", json={"entity": entity, "location": location})
    assert answer.status_code == 200, answer.text


async def test_processors_judge_too_and_change_what_is_judged(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    def owned(entity: Entity, _sight: Sight, _emit: Emit) -> Entity:
        return {**entity, "spec": {"owner": "team-a", **entity["spec"]}}

    def pointed(entity: Entity, sight: Sight, emit: Emit) -> Entity:
        if sight.read("./forbidden.txt") == b"yes":
            emit.problem("it is forbidden here")
        return entity

    extensions = built_in()
    extensions.processors.add("strict", Processor(pre_process=owned, post_process=pointed))
    pipeline = Pipeline(extensions)
    desk.reader.pipeline = pipeline
    ownerless = {**ENTITY, "spec": {"type": "service", "lifecycle": "production"}}
    for text, status in (("yes", 400), ("no", 200)):
        host.push("one", {"forbidden.txt": text})
        asked = {"entity": ownerless, "location": f"url:{host.url}/one/blob/main/catalog-info.yaml"}
        answer = await client.post("/validate-entity", json=asked)
        assert answer.status_code == status, answer.text
        assert ("strict: it is forbidden here" in answer.text) == (status == 400)
    pipeline.close()


async def _analyzed(client: httpx2.AsyncClient, target: str, **more: Any) -> Any:
    asked = {"location": {"type": "url", "target": target}, **more}
    answer = await client.post("/analyze-location", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_repository_without_entity_files_gets_one_to_begin_with(
    client: httpx2.AsyncClient, host: Any
) -> None:
    host.push("my shop!", {"README.md": "# Shop"})
    found = await _analyzed(client, f"{host.url}/my shop!")
    assert found["existingEntityFiles"] == []
    (generated,) = found["generateEntities"]
    assert generated["entity"] == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": "my-shop"},
        "spec": {"type": "other", "lifecycle": "unknown"},
    }
    states = {each["field"]: each["state"] for each in generated["fields"]}
    assert states == {"metadata.name": "analysisSuggestedValue", "spec.owner": "needsUserInput"}


async def test_entity_files_of_a_repository_are_shown_with_what_they_hold(
    client: httpx2.AsyncClient, desk: Any, host: Any
) -> None:
    files = {"catalog-info.yaml": GOOD % "a", "part/catalog-info.yaml": GOOD % "b", "entity.yml": GOOD % "c"}
    host.push("shop", files)
    found = await _analyzed(client, f"{host.url}/shop")
    assert found["generateEntities"] == []
    shown = {
        each["location"]["target"].rpartition("/blob/main/")[2]: each for each in found["existingEntityFiles"]
    }
    assert {path: each["entity"]["metadata"]["name"] for path, each in shown.items()} == {
        "catalog-info.yaml": "a",
        "part/catalog-info.yaml": "b",
    }
    assert not any(each["isRegistered"] for each in shown.values())
    await desk.register(f"{host.url}/shop")
    again = (await _analyzed(client, f"{host.url}/shop"))["existingEntityFiles"]
    assert [each["isRegistered"] for each in again] == [True, False]
    other = await _analyzed(client, f"{host.url}/shop", catalogFilename="entity.yml")
    assert [each["entity"]["metadata"]["name"] for each in other["existingEntityFiles"]] == ["c"]
    single = await _analyzed(client, f"{host.url}/shop/blob/main/part/catalog-info.yaml")
    assert [each["entity"]["metadata"]["name"] for each in single["existingEntityFiles"]] == ["b"]


@pytest.mark.parametrize(
    ("location", "more", "said"),
    [
        ({"type": "file", "target": "/etc"}, {}, "only those of type url"),
        ({"type": "url", "target": "https://unknown.example/o/r"}, {}, "No integration names the host"),
        ({"type": "url", "target": "{host}/none"}, {}, "can't be read"),
        ({"type": "url", "target": "{host}/shop"}, {"catalogFilename": "../x"}, "is no name of a file"),
        ({"type": "url", "target": "{host}/shop"}, {}, "catalog-info.yaml:"),
        ({"type": "url"}, {}, "target"),
    ],
)
async def test_what_can_not_be_analyzed_is_refused(
    client: httpx2.AsyncClient, host: Any, location: dict[str, str], more: dict[str, str], said: str
) -> None:
    host.push("shop", {"catalog-info.yaml": "kind: [\n"})
    filled = {key: text.replace("{host}", host.url) for key, text in location.items()}
    answer = await client.post("/analyze-location", json={"location": filled, **more})
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
    assert said in answer.json()["error"]["message"]
