"""Who wrote something reads it back at once, with the token that the answer to the write held."""

import httpx2
from sipario_kit.waiting import WAIT_FOR
from sipario_testkit.files import component, site
from sipario_testkit.harness import Harness

REF = "component:default/awaited"
ENTITY = "/api/catalog/entities/by-name/component/default/awaited"
FILE = "apart/entity.yaml"  # which nobody discovers beside the repository's own file


def token_of(answer: httpx2.Response) -> dict[str, str]:
    return {"waitFor": answer.raise_for_status().headers[WAIT_FOR]}


async def register(harness: Harness) -> httpx2.Response:
    docs = {f"apart/{path}": text for path, text in site("Sesquipedalian").items()}
    own = {
        "catalog-info.yaml": component("awaited-beside"),
        FILE: component("awaited", needs="component:waits"),
    }
    await harness.put_repo("awaited-box", {**own, **docs})
    location = {"type": "url", "target": f"{harness.forge.repository('awaited-box')}/blob/main/{FILE}"}
    return await harness.client.post("/api/catalog/locations", json=location)


async def test_catalog_graph_search_and_docs_show_at_once_what_was_registered(harness: Harness) -> None:
    registered = await register(harness)
    token = token_of(registered)
    assert (await harness.client.get(ENTITY, params=token)).status_code == 200
    impact = await harness.client.get("/api/graph/impact/component/default/waits", params=token)
    assert REF in {node["ref"] for node in impact.raise_for_status().json()["nodes"]}
    found = await harness.client.get("/api/search/query", params={"term": "awaited", **token})
    assert REF in {hit["document"]["entityRef"] for hit in found.raise_for_status().json()["results"]}
    page = await harness.client.get("/api/techdocs/pages/default/component/awaited/", params=token)
    assert "Sesquipedalian" in page.raise_for_status().json()["html"]

    await harness.put_repo("awaited-box", {FILE: component("awaited", description="Anew")})
    refreshed = await harness.client.post("/api/catalog/refresh", json={"entityRef": REF})
    anew = await harness.client.get(ENTITY, params=token_of(refreshed))
    assert anew.raise_for_status().json()["metadata"]["description"] == "Anew"

    location = registered.json()["location"]["id"]
    removed = token_of(await harness.client.delete(f"/api/catalog/locations/{location}"))
    assert (await harness.client.get(ENTITY, params=removed)).status_code == 404


async def test_what_is_no_token_is_refused(harness: Harness) -> None:
    answer = await harness.client.get(ENTITY, params={"waitFor": "nonsense"})
    assert answer.status_code == 400
    assert "no token" in answer.json()["error"]["message"]
