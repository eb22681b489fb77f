"""A push becomes an entity, a graph, an index and docs; an edit and a removal likewise."""

from sipario_testkit.files import component, location, site
from sipario_testkit.harness import Harness


async def test_a_push_is_seen_in_the_catalog_the_graph_the_index_and_the_docs(harness: Harness) -> None:
    files = {
        "catalog-info.yaml": component("push-box", needs="component:push-till", description="Quizzaciously")
    }
    commit = await harness.publish("push-box", {**files, **site("Mind the trapdoor")})
    entity = await harness.entity("component:default/push-box")
    assert entity is not None
    assert {"type": "dependsOn", "targetRef": "component:default/push-till"} in entity["relations"]
    assert await harness.dependents("component:default/push-till") == {"component:default/push-box"}
    assert await harness.hits("quizzaciously", "software-catalog") == {"component:default/push-box"}
    assert await harness.hits("trapdoor", "techdocs") == {"component:default/push-box"}
    assert "Mind the trapdoor" in await harness.page("component:default/push-box")
    assert (await harness.source("push-box"))["commit"] == commit


async def test_an_edit_replaces_what_was_said_before(harness: Harness) -> None:
    first = component("edit-box", needs="component:edit-till", description="Floccinaucical")
    await harness.publish("edit-box", {"catalog-info.yaml": first, **site("Velvet xylograph")})
    second = component("edit-box", needs="component:edit-safe", description="Taradiddle")
    await harness.publish("edit-box", {"catalog-info.yaml": second, **site("Velvet yarborough")})
    entity = await harness.entity("component:default/edit-box")
    assert entity is not None
    assert entity["metadata"]["description"] == "Taradiddle"
    assert await harness.dependents("component:default/edit-safe") == {"component:default/edit-box"}
    assert not await harness.dependents("component:default/edit-till")
    assert await harness.hits("taradiddle") == {"component:default/edit-box"}
    assert await harness.hits("floccinaucical") == set()
    assert await harness.hits("xylograph") == set()
    assert "yarborough" in await harness.page("component:default/edit-box")


async def test_gone_means_gone(harness: Harness) -> None:
    files = {
        "catalog-info.yaml": component("gone-box", needs="component:gone-till", description="Widdershins")
    }
    await harness.publish("gone-box", {**files, **site("Absquatulate", more="Bumbershoot")})
    assert await harness.hits("bumbershoot") == {"component:default/gone-box"}
    await harness.publish("gone-box", {"catalog-info.yaml": None, "README.md": "Nothing here any more.\n"})
    assert await harness.entity("component:default/gone-box") is None
    assert not await harness.dependents("component:default/gone-till")
    for term in ("widdershins", "absquatulate", "bumbershoot"):
        assert await harness.hits(term) == set()
    assert not await harness.page("component:default/gone-box")
    assert not await harness.page("component:default/gone-box", "more/")


async def test_a_page_that_is_removed_is_gone_though_its_site_stays(harness: Harness) -> None:
    files = {"catalog-info.yaml": component("page-box")}
    await harness.publish("page-box", {**files, **site("Lobby", attic="Cobwebbery")})
    assert await harness.page("component:default/page-box", "attic/")
    await harness.publish("page-box", {"docs/attic.md": None})
    assert not await harness.page("component:default/page-box", "attic/")
    assert await harness.page("component:default/page-box")
    assert await harness.hits("cobwebbery") == set()


async def test_an_entity_that_moves_to_another_file_stays(harness: Harness) -> None:
    targets = location("move-all", ["./parts/*.yaml"])
    await harness.publish("move-box", {"catalog-info.yaml": targets, "parts/a.yaml": component("move-box")})
    await harness.publish("move-box", {"parts/a.yaml": None, "parts/b.yaml": component("move-box")})
    entity = await harness.entity("component:default/move-box")
    assert entity is not None
    assert entity["metadata"]["annotations"]["backstage.io/managed-by-location"].endswith("/parts/b.yaml")
