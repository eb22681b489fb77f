"""Properties that a definition adds: in reads, filters and orders, up to date when something related changes."""

from typing import Any

from sipario_testkit.harness import Harness

STAGES = """\
apiVersion: sipario.dev/v1alpha1
kind: KindDefinition
metadata: {name: stage}
spec:
  owner: group:platform
  names: {kind: Stage}
  apiVersions: [acme.example/v1]
  relations:
    - {field: owner, type: ownedBy, defaultKind: group}
    - {field: inside, type: inside, inverse: encloses, defaultKind: stage}
  properties:
    contact:
      mirror: {along: [ownedBy], field: spec.profile.email}
    seats:
      aggregate: {function: sum, along: [encloses], transitive: true, field: spec.seats}
    size:
      compute: properties.seats > `500` && 'large' || 'small'
---
apiVersion: acme.example/v1
kind: Stage
metadata: {name: opera}
spec: {owner: hands}
---
apiVersion: acme.example/v1
kind: Stage
metadata: {name: hall}
spec: {owner: hands, inside: opera, seats: 400}
---
apiVersion: acme.example/v1
kind: Stage
metadata: {name: gallery}
spec: {inside: hall, seats: %s}
"""
HANDS = """\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: hands}
spec: {type: team, children: [], profile: {email: %s@acme.example}}
"""


async def properties(harness: Harness, name: str) -> dict[str, Any]:
    entity = await harness.entity(f"stage:default/{name}")
    assert entity
    found: dict[str, Any] = entity.get("status", {}).get("properties", {})
    return found


async def found(harness: Harness, query: str) -> list[str]:
    answer = await harness.get(f"/api/catalog/entities/by-query?{query}")
    return [each["metadata"]["name"] for each in answer.json()["items"]]


async def test_properties_follow_what_is_related(harness: Harness) -> None:
    await harness.publish("hands", {"catalog-info.yaml": HANDS % "hands"})
    await harness.publish("stages", {"catalog-info.yaml": STAGES % 90})
    opera = {"contact": "hands@acme.example", "seats": 490, "size": "small"}
    assert await properties(harness, "opera") == opera
    assert await properties(harness, "gallery") == {"seats": 0, "size": "small"}
    order = "filter=kind=stage&orderField=status.properties.seats,desc"
    assert await found(harness, order) == ["opera", "hall", "gallery"]

    await harness.publish("hands", {"catalog-info.yaml": HANDS % "crew"})
    await harness.publish("stages", {"catalog-info.yaml": STAGES % 900})
    assert await properties(harness, "opera") == {
        "contact": "crew@acme.example",
        "seats": 1300,
        "size": "large",
    }
    assert await found(harness, "filter=status.properties.size=large&orderField=metadata.name") == [
        "hall",
        "opera",
    ]
    facets = (await harness.get("/api/catalog/entity-facets?facet=status.properties.size")).json()["facets"]
    assert facets["status.properties.size"] == [
        {"value": "large", "count": 2},
        {"value": "small", "count": 1},
    ]

    wrong = STAGES.replace("properties.seats >", "properties.chairs >") % 900
    await harness.publish("stages", {"catalog-info.yaml": wrong})
    definition = await harness.entity("kinddefinition:default/stage")
    assert definition
    (item,) = definition["status"]["items"]
    assert item["message"] == "size reads chairs, which is no property"
    assert (item["path"], item["line"]) == ("catalog-info.yaml", 17)
    assert (await properties(harness, "opera"))["size"] == "large"
