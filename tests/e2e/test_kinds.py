"""A kind that a file defines: its entities come in with it, are related both ways, and judged by what it says now."""

from typing import Any

from sipario_testkit.harness import Harness

DEFINITION = """\
apiVersion: sipario.dev/v1alpha1
kind: KindDefinition
metadata: {name: environment, title: Surroundings, description: Where software runs}
spec:
  owner: group:platform
  names: {kind: Environment, plural: Environments}
  apiVersions: [acme.example/v1]
  icon: cloud
  schema: {type: object, required: [%s], properties: {region: {enum: [eu, us]}}}
  relations:
    - {field: runsOn, type: runsOn, inverse: hosts, defaultKind: resource, allowedKinds: [resource], impact: true}
"""
INSTANCES = """\
---
apiVersion: acme.example/v1
kind: Environment
metadata: {name: staging-of-kinds}
spec: {region: eu, runsOn: rack-of-kinds}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: rack-of-kinds}
spec: {type: rack, owner: platform}
"""
STAGING, RACK = "environment:default/staging-of-kinds", "resource:default/rack-of-kinds"


async def described(harness: Harness) -> dict[str, Any] | None:
    items = (await harness.get("/api/catalog/kinds")).json()["items"]
    return next((each for each in items if each["kind"] == "Environment"), None)


async def relations(harness: Harness, ref: str) -> set[tuple[str, str]]:
    entity = await harness.entity(ref)
    return {(each["type"], each["targetRef"]) for each in (entity or {}).get("relations", ())}


async def test_a_kind_comes_changes_and_goes_by_pushes(harness: Harness) -> None:
    await harness.publish("kinds", {"catalog-info.yaml": DEFINITION % "region" + INSTANCES})
    assert ("runsOn", RACK) in await relations(harness, STAGING)
    assert ("hosts", STAGING) in await relations(harness, RACK)
    kind = await described(harness)
    assert kind
    assert (kind["title"], kind["icon"], kind["count"]) == ("Surroundings", "cloud", 1)
    facets = (await harness.get("/api/catalog/entity-facets?facet=kind&facet=spec.region")).json()["facets"]
    assert {"value": "Environment", "count": 1} in facets["kind"]
    assert {"value": "eu", "count": 1} in facets["spec.region"]
    filtered = await harness.get(f"/api/catalog/entities/by-query?filter=relations.runsOn={RACK}")
    assert [each["metadata"]["name"] for each in filtered.json()["items"]] == ["staging-of-kinds"]
    assert STAGING in await harness.dependents(RACK)
    assert STAGING in await harness.hits("staging-of-kinds")

    await harness.publish("kinds", {"catalog-info.yaml": DEFINITION % "tier" + INSTANCES})
    entity = await harness.entity(STAGING)
    assert entity
    assert "'tier'" in entity["status"]["items"][0]["message"]

    await harness.publish("kinds", {"catalog-info.yaml": INSTANCES.replace("eu", "us")})
    entity, kind = await harness.entity(STAGING), await described(harness)
    assert entity
    assert kind
    assert entity["spec"]["region"] == "eu"
    assert "foreign kind" in entity["status"]["items"][0]["message"]
    assert (kind["count"], kind["definition"]) == (1, None)

    await harness.publish("kinds", {"catalog-info.yaml": INSTANCES[INSTANCES.rindex("---") :]})
    assert await described(harness) is None
    assert await relations(harness, RACK) == {("ownedBy", "group:default/platform")}
