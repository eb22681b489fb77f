"""Search as a service: heard from the broker, kept in the index, asked over HTTP, whatever dies meanwhile."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sipario_engines import Broker, Engines, Index
from sipario_events import DOCS, ENTITIES, EntityChanged, Event, PageBuilt, Section, SiteBuilt
from sipario_kit.bus import Bus
from sipario_kit.principal import Principal, token_for
from sipario_kit.service import Service
from sipario_kit.settings import CommonSettings
from sipario_kit.waiting import CAUGHT_UP
from sipario_search import NAME
from sipario_search.app import service
from sipario_search.document import Written
from sipario_search.settings import Settings
from sipario_search.store_opensearch import OpenSearchIndex
from sipario_testkit.waiting import until

pytestmark = pytest.mark.engines("index")

KEY = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Stage:
    """A running search, its index, and somebody who tells it things."""

    search: Service
    client: httpx2.AsyncClient
    teller: Bus
    settings: Settings

    async def tell(self, events: Sequence[Event]) -> None:
        await self.teller.say(events)
        generation = await self.teller.generation()
        for relay in ("ingestor", "techdocs"):
            await self.teller.heads_published(relay, generation)

    async def ask(self, term: str = "", *, more: str = "", operator: bool = False) -> httpx2.Response:
        return await self.client.get(
            f"/api/search/query?pageLimit=100{more}", params={"term": term}, headers=caller(operator=operator)
        )

    async def titles(self, term: str = "") -> list[str] | None:
        answer = await self.client.get(
            "/api/search/query", params={"term": term, "pageLimit": 100}, headers=caller()
        )
        return [each["document"]["title"] for each in answer.json()["results"]] if answer.is_success else None

    async def shows(self, titles: Sequence[str]) -> None:
        async def same() -> bool:
            return await self.titles() == list(titles)

        try:
            await until(same)
        except TimeoutError:
            raise AssertionError((await self.ask()).text) from None


def caller(*, operator: bool = False) -> dict[str, str]:
    principal = Principal("service:operator", "operator") if operator else Principal("user:default/guest")
    return {"authorization": f"Bearer {token_for(principal, NAME, KEY)}"}


@asynccontextmanager
async def staged(kafka: str, opensearch: str) -> AsyncIterator[Stage]:
    common = CommonSettings(kafka=kafka, fetch_max_wait_ms=20, service_key=KEY)
    settings = Settings(opensearch_url=opensearch, index=f"test-{secrets.token_hex(6)}")
    search, teller = service(settings, common), Bus("teller", common)
    assert search.api is not None
    transport = httpx2.ASGITransport(app=search.api)
    async with (
        teller.running(),
        search.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://search", timeout=60) as client,
    ):
        yield Stage(search, client, teller, settings)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    broker = Broker(tmp_path, tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
async def stage(broker: Broker, engines: Engines) -> AsyncIterator[Stage]:
    async with staged(broker.address, engines.addresses.opensearch_url) as stage:
        yield stage


def entity(name: str, version: int = 1, *, gone: bool = False, title: str = "") -> EntityChanged:
    body = {"kind": "Component", "metadata": {"name": name, "title": title}, "spec": {"type": "service"}}
    return EntityChanged(
        ref=f"component:default/{name}", version=version, gone=gone, entity={} if gone else body
    )


def page(count: int, version: int = 1, *, name: str = "shop", gone: bool = False) -> PageBuilt:
    sections = tuple(Section(anchor=f"s{n}", title=f"s{n}", text=f"text {version}") for n in range(count))
    return PageBuilt(
        ref=f"component:default/{name}", path="", title=name, version=version, sections=sections, gone=gone
    )


async def test_what_is_said_is_found_and_what_is_gone_is_not(stage: Stage) -> None:
    await stage.tell([entity("one"), entity("two"), page(2)])
    await stage.shows(["one", "shop", "shop: s1", "two"])
    await stage.tell(
        [entity("one", 2, gone=True), page(0, 2, gone=True), SiteBuilt(ref="component:default/shop")]
    )
    await stage.shows(["two"])


async def test_who_waits_finds_all_that_was_said_before_also_much(stage: Stage) -> None:
    await stage.tell([])
    await stage.shows([])
    for number in range(1, 4):
        assert (await stage.ask(f"e{number}")).json()["numberOfResults"] == 0
        # Too many for the index to show them by itself as soon as they are written.
        await stage.tell([entity(f"e{number}-{n:03}") for n in range(150)])
        caught_up = await stage.client.get(f"{CAUGHT_UP}?seconds=30", headers=caller())
        assert caught_up.status_code == 204
        assert (await stage.ask(f"e{number}")).json()["numberOfResults"] == 150


async def test_an_answer_has_backstages_shape(stage: Stage) -> None:
    await stage.tell([entity(f"service-{n:02}") for n in range(30)])
    await stage.shows([f"service-{n:02}" for n in range(30)])
    first = (await stage.client.get("/api/search/query?term=service", headers=caller())).json()
    assert first["numberOfResults"] == 30
    assert len(first["results"]) == 25
    assert "previousPageCursor" not in first
    cursor = {"term": "service", "pageCursor": first["nextPageCursor"]}
    second = (await stage.client.get("/api/search/query", params=cursor, headers=caller())).json()
    assert [each["rank"] for each in second["results"]] == list(range(26, 31))
    assert "nextPageCursor" not in second
    assert second["previousPageCursor"] == "MA=="
    result = first["results"][0]
    assert result["type"] == "software-catalog"
    assert result["document"]["location"] == f"/catalog/default/component/{result['document']['name']}"
    tags = result["highlight"]
    assert tags["fields"]["title"].startswith(f"{tags['preTag']}service{tags['postTag']}")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("types[]=techdocs", 2),
        ("types=techdocs&types[1]=software-catalog", 3),
        ("types[0]=nothing", 0),
        ("filters[kind]=Component", 3),
        ("filters[kind][]=api&filters[kind][]=component", 3),
        ("filters[kind]=api", 0),
        ("filters[name]=one", 1),
        ("filters[componentType]=service&filters[kind]=component", 1),
    ],
)
async def test_types_and_filters_are_read_as_backstages_clients_write_them(
    stage: Stage, query: str, count: int
) -> None:
    await stage.tell([entity("one"), page(2)])
    await stage.shows(["one", "shop", "shop: s1"])
    answer = await stage.client.get(f"/api/search/query?{query}", headers=caller())
    assert answer.json()["numberOfResults"] == count


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"term={'x' * 101}", "maximum of 100 characters"),
        ("filters[secret]=1", "no filter 'secret'"),
        ("filters[a][b]=1", "cannot be understood"),
        ("pageLimit=101", "less than or equal to 100"),
        ("pageLimit=0", "greater than or equal to 1"),
        ("pageCursor=%2B%2B", "not one of ours"),
        ("pageCursor=OTk5OTk5", "first 10000 results"),
        ("&".join(f"filters[kind]={n}" for n in range(101)), "At most 100 values"),
    ],
)
async def test_what_cannot_be_meant_is_a_400_that_says_why(stage: Stage, query: str, said: str) -> None:
    answer = await stage.client.get(f"/api/search/query?{query}", headers=caller())
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]


async def test_hostile_input_never_breaks_anything(stage: Stage) -> None:
    await stage.tell([entity("one"), page(2)])
    await stage.shows(["one", "shop", "shop: s1"])
    chance = random.Random(7)
    pieces = [
        *'\\/*?~^:"(){}[]+-!&|<>=.,;%$#@\x00\x1f\u202e\ufffd\U0001f600',
        "one",
        " AND ",
        "_exists_:",
        "é",
        "text",
    ]
    asked: list[dict[str, str]] = []
    for _ in range(500):
        term = "".join(chance.choices(pieces, k=chance.randint(0, 40)))[:100]
        value = "".join(chance.choices(pieces, k=5))
        asked.append({"term": term, chance.choice(["filters[kind]", "types[]", "ignored"]): value})
    turn = asyncio.Semaphore(8)

    async def ask(parameters: dict[str, str]) -> int:
        async with turn:
            answer = await stage.client.get("/api/search/query", params=parameters, headers=caller())
            return answer.status_code

    answers = await asyncio.gather(*map(ask, asked))
    refused = [(status, each) for status, each in zip(answers, asked, strict=True) if status != 200]
    assert refused == []


async def test_nothing_is_answered_before_all_is_there(stage: Stage) -> None:
    answer = await stage.client.get("/api/search/query?term=x", headers=caller())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    await stage.tell([])
    await stage.shows([])


async def test_strangers_are_sent_away_and_only_the_operator_rebuilds(stage: Stage) -> None:
    assert (await stage.client.get("/api/search/query?term=x")).status_code == 401
    assert (await stage.client.post("/api/search/rebuild", headers=caller())).status_code == 403


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Index]:
    index = Index(tmp_path, tmp_path)
    await index.start()
    yield index
    await index.stop()


@pytest.mark.parametrize("extra", [(), ("two",)])
async def test_an_index_that_dies_and_forgets_is_filled_again(
    broker: Broker, mortal: Index, extra: Sequence[str]
) -> None:
    async with staged(broker.address, mortal.address) as stage:
        told = ["one", "shop", "shop: s1"]
        # What comes after the heads is missed as much as what came before.
        await stage.tell([])
        await stage.teller.say([entity("one"), page(2)])
        await stage.shows(told)
        await mortal.process.stop(grace=0)

        async def silent() -> bool:
            return await stage.titles() is None

        await until(silent)
        await mortal.start()
        await stage.teller.say([entity(name) for name in extra])
        seen: list[list[str] | None] = []

        async def whole() -> bool:
            seen.append(await stage.titles())
            return seen[-1] == [*told, *extra]

        await until(whole)
        # Never a part: nothing at all, or all that was there before.
        assert {tuple(titles) for titles in seen if titles is not None} <= {tuple(told), (*told, *extra)}


async def test_a_rebuild_serves_on_loses_nothing_and_mends_what_was_tampered_with(stage: Stage) -> None:
    await stage.tell([entity(f"e{n:03}", title=f"t{n:03}") for n in range(60)] + [page(3), page(1, 2)])
    await stage.tell([entity("e005", 2, gone=True)])
    told = ["shop", *(f"t{n:03}" for n in range(60) if n != 5)]
    await stage.shows(told)
    index = OpenSearchIndex(stage.settings)
    async with index.connected():
        life = await index.present()
        source = {"type": "software-catalog", "title": "forged", "text": "", "order": "a", "document": "{}"}
        await index.write(life, [Written("forged", 1, source), Written("entity:component:default/e001", 99)])
    await stage.shows(["forged", "shop", *told[1:2], *told[3:]])
    rebuilding = asyncio.create_task(stage.client.post("/api/search/rebuild", headers=caller(operator=True)))
    for number in range(20):
        await stage.teller.say([entity(f"new{number:02}", title=f"u{number:02}")])
        assert await stage.titles() is not None
    assert (await rebuilding).json()["skipped"] == 0
    await stage.shows([*told, *(f"u{number:02}" for number in range(20))])
    await stage.teller.say([entity("last", title="v")])
    await stage.shows([*told, *(f"u{number:02}" for number in range(20)), "v"])


async def test_what_cannot_be_decoded_is_parked_and_skipped_by_a_rebuild(stage: Stage) -> None:
    await stage.tell([entity("one"), Unreadable(topic_name=ENTITIES), Unreadable(topic_name=DOCS), page(1)])
    await stage.shows(["one", "shop"])
    await until(lambda: stage.search.health().parked == 2)
    answer = await stage.client.post("/api/search/rebuild", headers=caller(operator=True))
    assert answer.json()["skipped"] == 2
    await stage.shows(["one", "shop"])


class Unreadable(Event):
    """Bytes that nobody understands."""

    topic_name: str

    @property
    def topic(self) -> str:  # type: ignore[override]
        return self.topic_name

    def key(self) -> str:
        return "unreadable"

    def body(self) -> bytes:
        return b"\xff{"


def order(events: list[Any], seed: int) -> list[Any]:
    chance = random.Random(seed)
    told = events + chance.sample(events, len(events) // 2)
    chance.shuffle(told)
    return told


@pytest.mark.parametrize("seed", range(3))
async def test_the_index_is_the_fold_whatever_came_twice_or_late(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    events: list[EntityChanged | PageBuilt] = []
    for name in (f"n{n}" for n in range(8)):
        for version in range(1, chance.randint(2, 6)):
            gone = chance.random() < 0.3
            events.append(entity(name, version, gone=gone, title=f"{name} v{version}"))
            events.append(page(0 if gone else chance.randint(0, 4), version, name=f"d{name}", gone=gone))
    newest = {event.identity(): event for event in events}
    expected: list[str] = []
    for event in newest.values():
        if isinstance(event, EntityChanged):
            expected += [] if event.gone else [str(event.entity["metadata"]["title"])]
        else:
            names = [
                f"{event.ref.rpartition('/')[2]}{f': s{n}' if n else ''}" for n in range(len(event.sections))
            ]
            expected += names
    told = order(events, seed)
    for start in range(0, len(told), 7):
        await stage.teller.say(told[start : start + 7])
    await stage.tell([])
    await stage.shows(sorted(expected))
