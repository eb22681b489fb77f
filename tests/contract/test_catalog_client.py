"""The client of Backstage's catalog asks Sipario, and gets what it would get from Backstage."""

import base64
import json
from typing import Any

import yaml
from sipario_testkit.files import component
from sipario_testkit.harness import Harness
from sipario_testkit.node import CatalogClient
from sipario_testkit.waiting import until

ALPHA = "component:default/alpha"
COMPONENTS = {"kind": "component"}
BY_NAME = {"field": "metadata.name", "order": "asc"}


def names(entities: list[Any]) -> list[str]:
    return [each["metadata"]["name"] for each in entities]


async def test_one_entity_is_got_by_ref_and_by_name(client: CatalogClient) -> None:
    by_ref, by_name, nobody, none = await client.values(
        ["getEntityByRef", "Component:default/Alpha"],
        ["getEntityByName", {"kind": "component", "name": "alpha"}],
        ["getEntityByRef", "component:default/nobody"],
        ["getEntityByName", {"kind": "component", "namespace": "none", "name": "alpha"}],
    )
    assert by_ref == by_name
    assert (nobody, none) == (None, None)
    assert by_ref["metadata"]["name"] == "Alpha"
    assert by_ref["metadata"]["namespace"] == "default"
    assert {"uid", "etag", "annotations"} <= set(by_ref["metadata"])
    assert by_ref["relations"] == [{"type": "ownedBy", "targetRef": "group:default/team"}]


async def test_entities_are_listed_filtered_ordered_and_cut(client: CatalogClient) -> None:
    whole, filtered, either, having, some, part = await client.values(
        ["getEntities", {}],
        ["getEntities", {"filter": {"kind": "component", "spec.type": ["service", "library"]}}],
        ["getEntities", {"filter": [{"spec.type": "website"}, {"metadata.name": "gamma"}]}],
        ["getEntities", {"filter": {"metadata.annotations.sipario.example/a.b": "<exists>"}}],
        ["getEntities", {"filter": COMPONENTS, "order": BY_NAME, "offset": 1, "limit": 2}],
        [
            "getEntities",
            {
                "filter": {"metadata.name": "alpha"},
                "fields": ["kind", "metadata.annotations.sipario.example/a.b"],
            },
        ],
    )
    assert {"Alpha", "beta", "gamma", "delta", "epsilon", "team"} <= set(names(whole["items"]))
    assert sorted(names(filtered["items"])) == ["Alpha", "beta", "epsilon", "gamma"]
    assert sorted(names(either["items"])) == ["delta", "gamma"]
    assert names(having["items"]) == ["Alpha"]
    assert names(some["items"]) == ["beta", "delta"]
    assert part["items"] == [{"kind": "Component", "metadata": {"annotations": {"sipario.example/a.b": "x"}}}]


async def test_refs_are_answered_in_their_order(client: CatalogClient) -> None:
    refs = [ALPHA, "component:default/nobody", "component:alpha", "group:default/team", ALPHA]
    plain, fields, filtered, asked = await client.values(
        ["getEntitiesByRefs", {"entityRefs": refs}],
        ["getEntitiesByRefs", {"entityRefs": refs, "fields": ["metadata.name"]}],
        ["getEntitiesByRefs", {"entityRefs": refs, "filter": {"kind": "group"}}],
        [
            "getEntitiesByRefs",
            {"entityRefs": refs, "query": {"kind": "group"}, "filter": {"spec.type": "team"}},
        ],
    )
    assert [each and each["metadata"]["name"] for each in plain["items"]] == [
        "Alpha",
        None,
        None,
        "team",
        "Alpha",
    ]
    assert fields["items"][0] == {"metadata": {"name": "Alpha"}}
    assert [each and each["kind"] for each in filtered["items"]] == [None, None, None, "Group", None]
    assert asked == filtered


async def test_pages_lead_forth_and_back(client: CatalogClient) -> None:
    asked = {"filter": COMPONENTS, "orderFields": BY_NAME, "limit": 2, "fields": ["metadata.name"]}
    [first] = await client.values(["queryEntities", asked])
    assert (names(first["items"]), first["totalItems"]) == (["Alpha", "beta"], 5)
    assert set(first["pageInfo"]) == {"nextCursor"}
    [second] = await client.values(["queryEntities", {"cursor": first["pageInfo"]["nextCursor"], "limit": 2}])
    assert (names(second["items"]), second["totalItems"]) == (["delta", "epsilon"], 5)
    last, back = await client.values(
        ["queryEntities", {"cursor": second["pageInfo"]["nextCursor"], "limit": 2}],
        ["queryEntities", {"cursor": second["pageInfo"]["prevCursor"], "limit": 2}],
    )
    assert names(last["items"]) == ["gamma"]
    assert set(last["pageInfo"]) == {"prevCursor"}
    assert names(back["items"]) == ["Alpha", "beta"]


async def test_texts_counts_and_offsets(client: CatalogClient) -> None:
    text = {"term": "fir", "fields": ["metadata.title", "metadata.name"]}
    found, counted, uncounted, offset = await client.values(
        ["queryEntities", {"fullTextFilter": text}],
        ["queryEntities", {"filter": COMPONENTS, "limit": 0}],
        ["queryEntities", {"filter": COMPONENTS, "limit": 1, "totalItems": "exclude"}],
        [
            "queryEntities",
            {"filter": COMPONENTS, "orderFields": [{"field": "metadata.name", "order": "desc"}], "offset": 3},
        ],
    )
    assert names(found["items"]) == ["Alpha"]
    assert (counted["items"], counted["totalItems"]) == ([], 5)
    assert (len(uncounted["items"]), uncounted["totalItems"]) == (1, 0)
    assert names(offset["items"]) == ["beta", "Alpha"]


async def test_predicates_are_asked_page_by_page(client: CatalogClient) -> None:
    query = {
        "$all": [
            {"kind": "component", "spec.type": {"$in": ["service", "website"]}},
            {"$not": {"metadata.name": {"$hasPrefix": "EPS"}}},
            {"relations": {"$contains": {"type": "ownedBy", "targetRef": {"$in": ["group:default/team"]}}}},
        ]
    }
    asked = {"query": query, "filter": {"kind": "component"}, "orderFields": BY_NAME, "limit": 2}
    [first] = await client.values(["queryEntities", asked])
    assert (names(first["items"]), first["totalItems"]) == (["Alpha", "beta"], 3)
    cursor = first["pageInfo"]["nextCursor"]
    assert "query" in json.loads(base64.b64decode(cursor, altchars=b"-_"))
    [second] = await client.values(["queryEntities", {"cursor": cursor, "limit": 2}])
    assert names(second["items"]) == ["delta"]
    tagged, untagged = await client.values(
        ["queryEntities", {"query": {"metadata.tags": {"$contains": "java"}}}],
        ["queryEntities", {"query": {"kind": "component", "metadata.tags": {"$exists": False}}}],
    )
    assert sorted(names(tagged["items"])) == ["Alpha", "beta"]
    assert sorted(names(untagged["items"])) == ["delta", "epsilon", "gamma"]


async def test_entities_are_streamed_in_pages(client: CatalogClient) -> None:
    [pages] = await client.values(["streamEntities", {"filter": COMPONENTS, "pageSize": 2}])
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(name for page in pages for name in names(page)) == [
        "Alpha",
        "beta",
        "delta",
        "epsilon",
        "gamma",
    ]


async def test_facets_are_counted(client: CatalogClient) -> None:
    plain, asked = await client.values(
        ["getEntityFacets", {"facets": ["spec.type", "metadata.tags"], "filter": COMPONENTS}],
        [
            "getEntityFacets",
            {"facets": ["spec.type"], "query": {"metadata.tags": "web"}, "filter": COMPONENTS},
        ],
    )
    assert plain["facets"]["metadata.tags"] == [{"value": "java", "count": 2}, {"value": "web", "count": 1}]
    assert {each["value"]: each["count"] for each in plain["facets"]["spec.type"]} == {
        "library": 1,
        "service": 3,
        "website": 1,
    }
    assert asked == {"facets": {"spec.type": [{"value": "service", "count": 1}]}}


async def test_ancestry_begins_with_the_entity(client: CatalogClient) -> None:
    found, nobody = await client.ask(
        ["getEntityAncestors", {"entityRef": ALPHA}],
        ["getEntityAncestors", {"entityRef": "component:default/no"}],
    )
    assert found["value"]["rootEntityRef"] == ALPHA
    assert found["value"]["items"][0]["entity"]["metadata"]["name"] == "Alpha"
    assert isinstance(found["value"]["items"][0]["parentEntityRefs"], list)
    assert nobody["error"]["status"] == 404


async def test_what_is_wrong_is_told_as_the_client_understands_it(client: CatalogClient) -> None:
    outcomes = await client.ask(
        ["queryEntities", {"limit": -1}],
        ["queryEntities", {"cursor": "garbage"}],
        ["queryEntities", {"query": {"$nor": []}}],
        ["getEntities", {"fields": ["spec.x[0]"]}],
        ["getEntities", {"after": "garbage"}],
        ["getEntityFacets", {"facets": []}],
    )
    for each in outcomes:
        assert (each["error"]["name"], each["error"]["status"]) == ("ResponseError", 400), each
    stranger = CatalogClient(client.folder, client.base, "nobody")
    [refused] = await stranger.ask(["getEntities", {}])
    assert refused["error"]["status"] == 401


async def test_an_entity_is_refreshed(client: CatalogClient) -> None:
    refreshed, nobody = await client.ask(
        ["refreshEntity", ALPHA], ["refreshEntity", "component:default/nobody"]
    )
    assert refreshed == {"value": None}
    assert nobody["error"]["status"] == 404


async def test_locations_are_tried_registered_and_let_go(client: CatalogClient, address: str) -> None:
    [tried] = await client.values(["addLocation", {"target": address, "dryRun": True}])
    assert {"Alpha", "team"} <= set(names(tried["entities"]))
    [added] = await client.values(["addLocation", {"target": address}])
    location = added["location"]
    assert (location["type"], location["target"]) == ("url", address)
    [twice] = await client.ask(["addLocation", {"target": address}])
    assert twice["error"]["status"] == 409
    [again] = await client.values(["addLocation", {"target": address, "onConflict": "refresh"}])
    assert again["location"] == location
    listed, by_id, by_ref = await client.values(
        ["getLocations", {}], ["getLocationById", location["id"]], ["getLocationByRef", f"url:{address}"]
    )
    assert location in listed["items"]
    assert by_id == by_ref == location
    gone, nothing, stranger = await client.ask(
        ["removeLocationById", location["id"]],
        ["getLocationById", location["id"]],
        ["getLocationByEntity", "component:default/nobody"],
    )
    assert gone == nothing == stranger == {"value": None}


async def test_locations_are_queried_page_by_page_and_led_elsewhere(
    client: CatalogClient, address: str
) -> None:
    place = address.removesuffix("catalog-info.yaml") + "places-"
    targets = [f"{place}{number}.yaml" for number in range(3)]
    added = await client.values(*(["addLocation", {"target": each}] for each in targets))
    ids = {each["location"]["id"] for each in added}
    mine = {"query": {"type": "url", "target": {"$hasPrefix": place}}, "limit": 2}
    first, pages, nothing = await client.values(
        ["queryLocations", mine],
        ["streamLocations", mine],
        ["queryLocations", {"query": {"target": "url:nowhere"}}],
    )
    assert (len(first["items"]), first["totalItems"]) == (2, 3)
    [second] = await client.values(["queryLocations", {"cursor": first["pageInfo"]["nextCursor"]}])
    assert (len(second["items"]), second["pageInfo"]) == (1, {})
    assert {each["id"] for each in [*first["items"], *second["items"]]} == ids
    assert {each["id"] for page in pages for each in page} == ids
    assert (nothing["items"], nothing["totalItems"]) == ([], 0)
    moved, clash, nobody = await client.ask(
        ["updateLocation", first["items"][0]["id"], {"target": f"{place}9.yaml"}],
        ["updateLocation", second["items"][0]["id"], {"target": f"{place}9.yaml"}],
        ["updateLocation", "nobody", {"target": address}],
    )
    assert moved["value"]["target"] == f"{place}9.yaml"
    assert (clash["error"]["status"], nobody["error"]["status"]) == (409, 404)
    await client.values(*(["removeLocationById", each] for each in ids))


async def test_an_entity_leads_to_the_location_that_it_came_from(
    client: CatalogClient, harness: Harness
) -> None:
    target = f"{harness.forge.repository('contract-aside')}/blob/main/deep/thing.yaml"
    commit = await harness.put_repo("contract-aside", {"deep/thing.yaml": component("aside")})
    await harness.read("contract-aside", commit)
    [added] = await client.values(["addLocation", {"target": target}])
    await harness.settle()
    [found] = await client.values(["getLocationByEntity", "component:default/aside"])
    assert found == added["location"]
    await client.values(["removeLocationById", found["id"]])


async def test_an_entity_is_judged_before_it_is_written(client: CatalogClient, address: str) -> None:
    good = yaml.safe_load(component("zeta"))
    bad = {**good, "metadata": {"name": "not good"}}
    accepted, refused, nowhere, nothing = await client.values(
        ["validateEntity", good, f"url:{address}"],
        ["validateEntity", bad, f"url:{address}"],
        ["validateEntity", good, "file:/etc/passwd"],
        ["validateEntity", None, f"url:{address}"],
    )
    assert accepted == {"valid": True}
    assert refused["valid"] is False
    assert [set(each) for each in refused["errors"]] == [{"name", "message"}]
    assert '"metadata.name" is not valid' in refused["errors"][0]["message"]
    assert [each["name"] for each in nowhere["errors"]] == ["TypeError"]
    assert nothing["valid"] is False


async def test_a_repository_is_analyzed(client: CatalogClient, harness: Harness, address: str) -> None:
    await harness.publish("contract-bare", {"README.md": "# Nothing declared\n"})
    place = {"type": "url", "target": harness.forge.repository("contract-bare")}
    there, bare = await client.values(
        ["analyzeLocation", {"location": {"type": "url", "target": address}}],
        ["analyzeLocation", {"location": place}],
    )
    assert there["generateEntities"] == []
    assert {each["entity"]["metadata"]["name"] for each in there["existingEntityFiles"]} >= {"Alpha", "team"}
    assert {each["isRegistered"] for each in there["existingEntityFiles"]} == {True}
    assert there["existingEntityFiles"][0]["location"] == {"type": "url", "target": address}
    assert bare["existingEntityFiles"] == []
    [begun] = bare["generateEntities"]
    assert begun["entity"]["metadata"]["name"] == "contract-bare"
    states = {each["field"]: each["state"] for each in begun["fields"]}
    assert states == {"metadata.name": "analysisSuggestedValue", "spec.owner": "needsUserInput"}
    [elsewhere] = await client.ask(
        ["analyzeLocation", {"location": {"type": "url", "target": "https://unknown.example/o/r"}}]
    )
    assert elsewhere["error"]["status"] == 400


async def test_an_entity_that_is_removed_comes_back_when_it_is_still_declared(
    client: CatalogClient, harness: Harness
) -> None:
    ref = "component:default/epsilon"
    [before] = await client.values(["getEntityByRef", ref])
    uid = before["metadata"]["uid"]
    removed, nobody = await client.ask(["removeEntityByUid", uid], ["removeEntityByUid", "nobody"])
    assert removed == nobody == {"value": None}

    async def again() -> bool:
        return await harness.entity(ref) is not None

    await until(again)
    assert (await harness.entity(ref) or {})["metadata"]["uid"] == uid
    told = (await harness.get("/api/history/entities/component/default/epsilon")).json()
    assert [each["happened"] for each in told["items"]] == ["created", "removed", "created"]
