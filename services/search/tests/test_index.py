"""The index on OpenSearch and on the embedded engine: one suite for both."""

import secrets
from collections.abc import AsyncIterator

import pytest
from opensearchpy import AsyncOpenSearch
from sipario_engines import Engines
from sipario_events import EntityChanged, PageBuilt, Section
from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_kit.projection import Checkpoint
from sipario_search.answers import question
from sipario_search.document import Written
from sipario_search.projection import Docs, Entities
from sipario_search.settings import Settings
from sipario_search.store import Found
from sipario_search.store_opensearch import IndexRefused, OpenSearchIndex

pytestmark = pytest.mark.engines("index")


@pytest.fixture
async def index(engines: Engines) -> AsyncIterator[OpenSearchIndex]:
    settings = Settings(opensearch_url=engines.addresses.opensearch_url, index=f"test-{secrets.token_hex(6)}")
    index = OpenSearchIndex(settings)
    async with index.connected():
        yield index
        await index.drop(await index.present())


def entity(
    name: str, version: int = 1, *, kind: str = "Component", gone: bool = False, **more: object
) -> EntityChanged:
    ref = f"{kind.lower()}:default/{name.lower()}"
    described: dict[str, object] = {
        key: more.pop(key) for key in ("title", "description", "tags") if key in more
    }
    metadata: dict[str, object] = {"name": name, **described}
    spec: dict[str, object] = {"type": "service", **more}
    body: dict[str, object] = {} if gone else {"kind": kind, "metadata": metadata, "spec": spec}
    return EntityChanged(ref=ref, version=version, gone=gone, entity=body)


def page(*titles: str, version: int = 1, path: str = "guide/", gone: bool = False) -> PageBuilt:
    sections = tuple(
        Section(anchor=title.lower(), title=title, text=f"All about {title} v{version}.") for title in titles
    )
    return PageBuilt(
        ref="component:default/petstore",
        path=path,
        title="Guide",
        version=version,
        sections=sections,
        gone=gone,
    )


async def found(index: OpenSearchIndex, term: str = "", **filters: str) -> list[str]:
    return [str(hit.document["title"]) for hit in (await asked(index, term, (), **filters)).hits]


async def asked(index: OpenSearchIndex, term: str = "", types: tuple[str, ...] = (), **filters: str) -> Found:
    wanted = {key: [value] for key, value in filters.items()}
    return await index.find(await index.present(), question(term, types, wanted, cursor="", limit=50))


async def entered(index: OpenSearchIndex) -> tuple[Entities, Docs]:
    entities, docs = Entities(index), Docs(index)
    await entities.positions("life")
    await docs.positions("life")
    return entities, docs


THERE = Checkpoint("life", {"catalog.entities.v1/0": 7})


async def test_what_was_written_is_found_at_once(index: OpenSearchIndex) -> None:
    entities, _ = await entered(index)
    await entities.apply([entity("petstore", description="Sells pets"), entity("other")], THERE)
    assert await found(index, "pets") == ["petstore"]
    assert await found(index) == ["other", "petstore"]


async def test_the_older_never_overwrites_the_newer_and_twice_is_silent(index: OpenSearchIndex) -> None:
    entities, _ = await entered(index)
    for version in (3, 2, 3, 1):
        await entities.apply([entity("petstore", version, title=f"Title {version}")], THERE)
    assert await found(index) == ["Title 3"]


async def test_gone_is_gone_and_a_late_older_event_does_not_bring_it_back(index: OpenSearchIndex) -> None:
    entities, _ = await entered(index)
    await entities.apply([entity("petstore", 1)], THERE)
    await entities.apply([entity("petstore", 2, gone=True)], THERE)
    await entities.apply([entity("petstore", 1)], THERE)
    assert await found(index) == []
    await entities.apply([entity("petstore", 3)], THERE)
    assert await found(index) == ["petstore"]


async def test_sections_that_vanished_from_a_page_leave_with_the_same_step(index: OpenSearchIndex) -> None:
    _, docs = await entered(index)
    await docs.apply([page("One", "Two", "Three")], THERE)
    assert await found(index) == ["Guide", "Guide: Three", "Guide: Two"]
    await docs.apply([page("One", version=2)], THERE)
    assert await found(index) == ["Guide"]
    await docs.apply([page("One", "Two", "Three", "Four")], THERE)
    assert await found(index) == ["Guide"]
    await docs.apply([page(version=3, gone=True)], THERE)
    assert await found(index) == []


async def test_an_older_page_written_at_the_same_time_leaves_no_section_behind(
    index: OpenSearchIndex,
) -> None:
    """Another process wrote sections of an older version after the newer head had been read and written."""
    _, docs = await entered(index)
    await docs.apply([page("One", version=2)], THERE)
    stray = Written("section:component:default/petstore#guide/#1", 1, {"type": "techdocs", "title": "stray"})
    await index.write(docs.life, [stray])
    await docs.apply([page("One", "Two", version=1)], THERE)
    assert await found(index) == ["Guide"]


async def test_the_checkpoint_belongs_to_one_life_of_the_broker_and_of_the_index(
    index: OpenSearchIndex,
) -> None:
    entities, docs = await entered(index)
    await entities.apply([], THERE)
    assert await entities.positions("life") == THERE.positions
    assert await entities.positions("another life") == {}
    assert await docs.positions("life") == {}
    await index.drop(entities.life)
    assert await entities.positions("life") == {}


async def test_a_wiped_index_is_never_made_anew_by_a_write(index: OpenSearchIndex) -> None:
    entities, docs = await entered(index)
    await index.drop(entities.life)
    assert not await index.alive(entities.life)
    with pytest.raises(StoreForgotten):
        await entities.apply([entity("petstore")], THERE)
    with pytest.raises(StoreForgotten):
        await docs.apply([page("One")], THERE)
    with pytest.raises(StoreForgotten):
        await index.find(entities.life, question("", (), {}, cursor="", limit=5))
    before = entities.life
    await entities.positions("life")
    assert entities.life != before
    with pytest.raises(StoreForgotten):
        await docs.apply([page("One")], THERE)


async def test_a_document_that_cannot_be_indexed_is_refused_by_name(index: OpenSearchIndex) -> None:
    await entered(index)
    with pytest.raises(IndexRefused, match="strange"):
        await index.write(await index.present(), [Written("strange", 1, {"unheard": "of"})])


async def test_an_engine_that_is_away_is_told_as_such() -> None:
    index = OpenSearchIndex(Settings(opensearch_url="http://127.0.0.1:9"))
    async with index.connected():
        with pytest.raises(EngineUnavailable):
            await index.present()


SHELF = [
    entity("petStoreAPI", kind="API", description="Sells animals", definition="operationId: listAllPets"),
    entity("pet-store-frontend", title="Pet Shop", tags=["typescript"], lifecycle="production"),
    entity("payment_gateway.v2", description="Takes money for the pet store", lifecycle="deprecated"),
    entity("checkout", description="Müller's basket"),
    entity("checkout-worker"),
    entity("alice", kind="User", profile={"displayName": "Alice Rossi", "email": "alice@palco.example"}),
]


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("petstoreapi", "petStoreAPI"),
        ("pet store api", "petStoreAPI"),
        ("Pet Shop", "Pet Shop"),
        ("pet-store-frontend", "Pet Shop"),
        ("checkout", "checkout"),
        ("chekout", "checkout"),
        ("check", "checkout"),
        ("checkout wor", "checkout-worker"),
        ("gateway v2", "payment_gateway.v2"),
        ("paymentgateway", "payment_gateway.v2"),
        ("listAllPets", "petStoreAPI"),
        ("muller", "checkout"),
        ("rossi", "alice"),
        ("typescrpt", "Pet Shop"),
        ("user:default/alice", "alice"),
    ],
)
async def test_people_find_what_they_mean(index: OpenSearchIndex, term: str, first: str) -> None:
    entities, _ = await entered(index)
    await entities.apply(SHELF, THERE)
    assert (await found(index, term))[:1] == [first]


async def test_filters_narrow_whatever_their_case(index: OpenSearchIndex) -> None:
    entities, docs = await entered(index)
    await entities.apply(SHELF, THERE)
    await docs.apply([page("One")], THERE)
    assert await found(index, kind="api") == await found(index, kind="API") == ["petStoreAPI"]
    assert await found(index, "checkout", lifecycle="deprecated") == []
    assert [hit.type for hit in (await asked(index, types=("techdocs",))).hits] == ["techdocs"]


async def test_what_matched_is_enclosed_in_tags(index: OpenSearchIndex) -> None:
    entities, _ = await entered(index)
    await entities.apply([entity("petstore", description="Sells <b>animals</b> & more")], THERE)
    answer = await asked(index, "animls")
    assert answer.hits[0].marked["text"] == f"Sells <b>{answer.before}animals{answer.after}</b> & more"


async def test_an_index_made_beside_is_swapped_in_and_the_old_is_dropped(index: OpenSearchIndex) -> None:
    entities, _ = await entered(index)
    await entities.apply([entity("old")], THERE)
    before, life = entities.life, await index.begin()
    assert await index.present() == before
    await entities.write(life, [entity("new")])
    await index.swap(life)
    assert await index.present() == life
    assert await index.alive(before)
    await index.sweep(life)
    assert not await index.alive(before)
    assert await found(index) == ["new"]


async def ordered(index: OpenSearchIndex, term: str, *shelf: EntityChanged) -> list[str]:
    entities, _ = await entered(index)
    await entities.apply(shelf, THERE)
    return await found(index, term)


async def test_a_word_itself_comes_before_what_begins_so_and_what_is_spelled_alike(
    index: OpenSearchIndex,
) -> None:
    shelf = (
        entity("a-notices"),
        entity("b-motice"),
        entity("c-nottice"),
        entity("d", description="A notice."),
    )
    assert await ordered(index, "notice", *shelf) == ["d", "a-notices", "c-nottice"]


async def test_a_word_in_any_text_comes_before_the_many_names_that_begin_so(index: OpenSearchIndex) -> None:
    many = [entity(f"payments-{number}", title=f"Payments {number}") for number in range(20)]
    answer = await ordered(index, "pay", *many, entity("till", description="Here customers pay."))
    assert (answer[0], len(answer)) == ("till", 21)


async def test_a_word_that_nearly_all_have_still_counts_more_than_what_begins_so(
    index: OpenSearchIndex,
) -> None:
    many = [entity(f"pay-{number}") for number in range(30)]
    answer = await ordered(index, "pay", entity("aaa-payments"), *many)
    assert (answer[-1], len(answer)) == ("aaa-payments", 31)


@pytest.mark.parametrize("term", ["Season-Ticket", "season-ticket", " season-ticket "])
async def test_what_is_called_so_comes_before_what_only_speaks_of_it(
    index: OpenSearchIndex, term: str
) -> None:
    shelf = [
        entity("season-ticket-season-ticket", title="Season ticket, season ticket"),
        entity("season-ticket", title="Abonnement", description="Yearly"),
        entity("x", title="Ticket", description="season ticket " * 5),
        entity("Season-Tickets"),
    ]
    assert (await ordered(index, term, *shelf))[0] == "Abonnement"


async def test_a_section_is_found_by_its_own_title_first(index: OpenSearchIndex) -> None:
    entities, docs = await entered(index)
    await entities.apply([entity("first-steps-first-steps"), entity("steps")], THERE)
    await docs.apply([page("Guide", "First steps")], THERE)
    assert (await found(index, "first steps"))[0] == "Guide: First steps"


async def test_what_is_filtered_by_may_have_spaces(index: OpenSearchIndex) -> None:
    entities, _ = await entered(index)
    await entities.apply([entity("one", tags=["my tag"]), entity("two", tags=["my", "tag"])], THERE)
    assert await found(index, tags="My Tag") == ["one"]
    assert await found(index, tags="tag") == ["two"]


async def test_an_index_of_a_former_shape_is_dropped_and_no_other_nor_that_of_a_later_one(
    engines: Engines,
) -> None:
    url, name = engines.addresses.opensearch_url, f"test-{secrets.token_hex(6)}"
    indices = {each: f"{each}-life-x" for each in (f"{name}-v1", f"{name}-other-v1", f"{name}-v999")}
    index = OpenSearchIndex(Settings(opensearch_url=url, index=name))
    async with index.connected(), AsyncOpenSearch(hosts=[url]) as client:
        for former, life in indices.items():
            await client.indices.create(index=f"{former}-first", body={"aliases": {former: {}, life: {}}})
        present = await index.present()
        await index.retire()
        left = [former for former in indices if await client.indices.exists(index=f"{former}-first")]
        assert (left, await index.alive(present)) == ([f"{name}-other-v1", f"{name}-v999"], True)
        await client.indices.delete(index=f"{name}-*")
