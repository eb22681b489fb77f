"""A push becomes an entity, a graph, an index and docs; an edit and a removal likewise."""

from sipario_testkit.harness import Harness

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
  description: {description}
  annotations:
    backstage.io/techdocs-ref: dir:.
spec:
  type: service
  lifecycle: production
  owner: group:default/{owner}
  dependsOn: [{needs}]
"""


def component(
    name: str, *, description: str = "Made for a test", owner: str = "ushers", needs: str = ""
) -> str:
    return COMPONENT.format(name=name, description=description, owner=owner, needs=needs)


def site(*, text: str, **pages: str) -> dict[str, str]:
    return {
        "mkdocs.yml": "site_name: Site\n",
        "docs/index.md": f"# Start\n\n{text}\n",
        **{f"docs/{name}.md": f"# {name}\n\n{words}\n" for name, words in pages.items()},
    }


async def dependents(harness: Harness, name: str) -> set[str]:
    answer = await harness.get(f"/api/graph/impact/component/default/{name}")
    assert answer.status_code == 200, answer.text
    return {node["ref"] for node in answer.json()["nodes"] if node["distance"]}


async def hits(harness: Harness, term: str, kind: str = "") -> set[str]:
    answer = await harness.get(f"/api/search/query?term={term}{f'&types[]={kind}' if kind else ''}")
    assert answer.status_code == 200, answer.text
    return {hit["document"]["entityRef"] for hit in answer.json()["results"]}


async def page(harness: Harness, name: str, path: str = "") -> str | None:
    answer = await harness.get(f"/api/techdocs/pages/default/component/{name}/{path}")
    return str(answer.json()["html"]) if answer.status_code == 200 else None


async def test_a_push_is_seen_in_the_catalog_the_graph_the_index_and_the_docs(harness: Harness) -> None:
    files = {
        "catalog-info.yaml": component("push-box", needs="component:push-till", description="Quizzaciously")
    }
    commit = await harness.publish("push-box", {**files, **site(text="Mind the trapdoor")})
    entity = await harness.entity("component:default/push-box")
    assert entity is not None
    assert {"type": "dependsOn", "targetRef": "component:default/push-till"} in entity["relations"]
    assert await dependents(harness, "push-till") == {"component:default/push-box"}
    assert await hits(harness, "quizzaciously", "software-catalog") == {"component:default/push-box"}
    assert await hits(harness, "trapdoor", "techdocs") == {"component:default/push-box"}
    assert "Mind the trapdoor" in (await page(harness, "push-box") or "")
    assert (await harness.source("push-box"))["commit"] == commit


async def test_an_edit_replaces_what_was_said_before(harness: Harness) -> None:
    first = component("edit-box", needs="component:edit-till", description="Floccinaucical")
    await harness.publish("edit-box", {"catalog-info.yaml": first, **site(text="Velvet xylograph")})
    second = component("edit-box", needs="component:edit-safe", description="Taradiddle")
    await harness.publish("edit-box", {"catalog-info.yaml": second, **site(text="Velvet yarborough")})
    entity = await harness.entity("component:default/edit-box")
    assert entity is not None
    assert entity["metadata"]["description"] == "Taradiddle"
    assert await dependents(harness, "edit-safe") == {"component:default/edit-box"}
    assert (await harness.get("/api/graph/impact/component/default/edit-till")).status_code == 404
    assert await hits(harness, "taradiddle") == {"component:default/edit-box"}
    assert await hits(harness, "floccinaucical") == set()
    assert await hits(harness, "xylograph") == set()
    assert "yarborough" in (await page(harness, "edit-box") or "")


async def test_gone_means_gone(harness: Harness) -> None:
    files = {
        "catalog-info.yaml": component("gone-box", needs="component:gone-till", description="Widdershins")
    }
    await harness.publish("gone-box", {**files, **site(text="Absquatulate", more="Bumbershoot")})
    assert await hits(harness, "bumbershoot") == {"component:default/gone-box"}
    await harness.publish("gone-box", {"catalog-info.yaml": None, "README.md": "Nothing here any more.\n"})
    assert await harness.entity("component:default/gone-box") is None
    assert (await harness.get("/api/graph/impact/component/default/gone-till")).status_code == 404
    for term in ("widdershins", "absquatulate", "bumbershoot"):
        assert await hits(harness, term) == set()
    assert await page(harness, "gone-box") is None
    assert await page(harness, "gone-box", "more/") is None


async def test_a_page_that_is_removed_is_gone_though_its_site_stays(harness: Harness) -> None:
    files = {"catalog-info.yaml": component("page-box")}
    await harness.publish("page-box", {**files, **site(text="Lobby", attic="Cobwebbery")})
    assert await page(harness, "page-box", "attic/") is not None
    await harness.publish("page-box", {"docs/attic.md": None})
    assert await page(harness, "page-box", "attic/") is None
    assert await page(harness, "page-box") is not None
    assert await hits(harness, "cobwebbery") == set()


async def test_an_entity_that_moves_to_another_file_stays(harness: Harness) -> None:
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: move-all}\n"
        "spec: {targets: [./parts/*.yaml]}\n"
    )
    await harness.publish("move-box", {"catalog-info.yaml": location, "parts/a.yaml": component("move-box")})
    await harness.publish("move-box", {"parts/a.yaml": None, "parts/b.yaml": component("move-box")})
    entity = await harness.entity("component:default/move-box")
    assert entity is not None
    assert entity["metadata"]["annotations"]["backstage.io/managed-by-location"].endswith("/parts/b.yaml")
