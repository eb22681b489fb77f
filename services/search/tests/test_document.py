"""Documents read as Backstage's collators write them."""

import orjson
from sipario_events import EntityChanged, PageBuilt, Section
from sipario_model import Relation
from sipario_search.document import LONGEST_ID, entity_written, page_id, section_written
from sipario_search.page import Head, page_written

API = EntityChanged(
    ref="api:default/petstore",
    version=4,
    entity={
        "kind": "API",
        "metadata": {"name": "PetStore", "title": "Pets", "description": "Sells pets", "tags": ["rest", 5]},
        "spec": {"type": "openapi", "lifecycle": "production", "owner": "team-a", "definition": "getPetById"},
    },
    relations=(Relation("api:default/petstore", "ownedBy", "group:default/team-a"),),
)
PAGE = PageBuilt(
    ref="component:default/shop",
    path="guide/start/",
    title="Start",
    version=2,
    sections=(
        Section(anchor="", title="Start", text="Hello"),
        Section(anchor="next steps", title="Next", text=""),
    ),
)


def test_an_entity_is_written_with_backstages_fields() -> None:
    written = entity_written(API)
    assert (written.id, written.version) == ("entity:api:default/petstore", 4)
    document = orjson.loads(written.source["document"])
    assert document["location"] == "/catalog/default/api/petstore"
    assert (document["kind"], document["owner"]) == ("API", "group:default/team-a")
    assert written.source["title"] == "Pets"
    assert {"owner=team-a", "owner=group:default/team-a"} <= set(written.source["facts"].split())
    assert {"get", "pet", "by", "id"} <= set(str(written.source["extra"]).split())


def test_what_is_gone_says_no_more_than_that() -> None:
    assert entity_written(EntityChanged(ref="api:default/x", version=9, gone=True)).source == {"gone": True}


def test_an_entity_of_strange_types_is_still_a_document() -> None:
    strange = {"kind": 5, "metadata": {"name": None, "tags": "x", "title": []}, "spec": [1]}
    written = entity_written(EntityChanged(ref="api:default/x", version=1, entity=strange))
    assert written.source["title"] == "x"


def test_a_section_leads_to_its_anchor() -> None:
    first, second = (section_written(PAGE, number).source for number in range(2))
    assert orjson.loads(first["document"])["location"] == "/docs/default/component/shop/guide/start/"
    assert orjson.loads(second["document"])["location"].endswith("/guide/start/#next%20steps")
    assert second["title"] == "Start: Next"


def test_ids_stay_within_what_the_engine_takes() -> None:
    page = PAGE.model_copy(update={"path": "é" * 1000})
    assert len(page_id(page).encode()) < 512
    assert len(section_written(page, 10_000).id.encode()) < 512
    assert page_id(page) != page_id(PAGE.model_copy(update={"path": "é" * 1001}))
    assert LONGEST_ID < 512


def test_a_newer_page_wipes_the_slots_that_it_does_not_fill() -> None:
    written = list(page_written(PAGE, Head(version=1, sections=3, slots=4)))
    assert [each.source.get("gone") for each in written] == [False, None, None, True, True]
    assert written[0].source["mark"] == {"sections": 2, "slots": 4}


def test_an_older_page_only_marks_what_it_might_have_written_before() -> None:
    written = list(page_written(PAGE, Head(version=9, sections=1, slots=1)))
    assert [(each.version, each.source) for each in written] == [(9, {"gone": True})]
