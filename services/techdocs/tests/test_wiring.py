"""The whole service on a real broker, with a repository on disk as its Git host."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import httpx2
import pytest
from dulwich import porcelain
from pydantic import TypeAdapter
from sipario_engines import Broker
from sipario_events import DOCS, DocsEvent, EntityChanged, PageBuilt, RepositoryChanged, SiteBuilt
from sipario_kit.bus import Bus
from sipario_kit.principal import Principal, vouch
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Projector
from sipario_kit.settings import CommonSettings
from sipario_kit.subscription import Subscription
from sipario_kit.waiting import CAUGHT_UP
from sipario_model.annotations import MANAGED_BY_LOCATION, TECHDOCS_REF
from sipario_techdocs.app import House
from sipario_techdocs.settings import Settings
from sipario_testkit.waiting import until
from starlette.types import Receive, Scope, Send

REF = "component:default/tickets"
PAGES = "/api/techdocs/pages/default/component/tickets"
META = "/api/techdocs/metadata"
STATIC = "/api/techdocs/static/docs/default/component/tickets"


class Ear:
    """Remembers what techdocs says."""

    def __init__(self) -> None:
        self.pages: list[PageBuilt] = []
        self.sites: list[SiteBuilt] = []

    async def positions(self, generation: str) -> Mapping[str, int]:
        del generation
        return {}

    async def apply(self, facts: Sequence[PageBuilt | SiteBuilt], checkpoint: Checkpoint) -> None:
        del checkpoint
        self.pages += [fact for fact in facts if isinstance(fact, PageBuilt)]
        self.sites += [fact for fact in facts if isinstance(fact, SiteBuilt)]


class Portal:
    """A running techdocs, what it says, and a client of its API."""

    def __init__(self, work: Path, bus: Bus, ear: Ear, client: httpx2.AsyncClient, house: House) -> None:
        self._work = work
        self.house = house
        self.bus = bus
        self.ear = ear
        self.client = client

    def commit(self, files: Mapping[str, str], name: str = "tickets") -> str:
        """Commit to a repository, which may be new; returns its address."""
        work = self._work.parent / name
        if not work.exists():
            work.mkdir()
            porcelain.init(str(work)).close()
        for path, text in files.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_text(text)
        porcelain.add(str(work), [str(work / path) for path in files])
        ada = b"Ada <ada@palco.example>"
        porcelain.commit(str(work), b"docs", author=ada, committer=ada)
        return f"file://{work}"

    async def push(self, files: Mapping[str, str]) -> None:
        self.commit(files)
        await self.bus.say([RepositoryChanged(repository=f"file://{self._work}")])

    async def declare(self, version: int, *, docs: str = "dir:.", gone: bool = False) -> None:
        location = f"url:file://{self._work}/blob/master/catalog-info.yaml"
        metadata = {"name": "tickets", "annotations": {MANAGED_BY_LOCATION: location, TECHDOCS_REF: docs}}
        entity = {} if gone else {"kind": "Component", "metadata": metadata}
        await self.bus.say(
            [EntityChanged(ref=REF, version=version, entity=entity, gone=gone, location=location)]
        )

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers=headers)


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    work = tmp_path / "repositories" / "tickets"
    work.mkdir(parents=True)
    porcelain.init(str(work))
    config = tmp_path / "config.yaml"
    config.write_text(f"integrations:\n  git:\n    - host: local\n      baseUrl: file://{work.parent}\n")
    broker = Broker(tmp_path, tmp_path)
    await broker.start()
    common = CommonSettings(kafka=broker.address, fetch_max_wait_ms=20, config=(config,))
    house = House(Settings(data=tmp_path / "techdocs", page_seconds=2, look_seconds=0.2), common)
    techdocs = house.service()
    ear, bus = Ear(), Bus("tester", common)
    decode = TypeAdapter[PageBuilt | SiteBuilt](DocsEvent).validate_json
    bus.subscribe(Subscription(DOCS, DocsEvent, Projector("ear", ear, decode=decode), tellers=("techdocs",)))

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        assert techdocs.api is not None
        operator = (b"x-operator", b"yes") in scope["headers"]
        principal = Principal("user:default/ada", "operator" if operator else "user")
        await techdocs.api(vouch(scope, principal), receive, send)

    transport = httpx2.ASGITransport(asked)
    async with (
        bus.running(),
        techdocs.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://t") as client,
    ):
        yield Portal(work, bus, ear, client, house)
    await broker.stop()


async def test_a_push_becomes_pages_and_a_removal_takes_them_away(portal: Portal) -> None:
    portal.commit({"docs/index.md": "# Tickets\n\n[Doors](doors.md)\n", "docs/doors.md": "# Doors\n"})
    await portal.declare(1)
    await until(lambda: len(portal.ear.sites) == 1)
    answer = await portal.get(f"{PAGES}/")
    assert answer.json()["title"] == "Tickets"
    assert 'href="/docs/default/component/tickets/doors/"' in answer.json()["html"]
    assert (await portal.get(f"{PAGES}/", **{"if-none-match": answer.headers["etag"]})).status_code == 304

    await portal.push({"docs/doors.md": "# Doors\n\nOpen at eight.\n"})
    await until(lambda: len(portal.ear.sites) == 2)
    assert portal.ear.sites[-1].changed == ("doors/",)
    assert "Open at eight" in (await portal.get(f"{PAGES}/doors/")).json()["html"]

    await portal.declare(2, gone=True)
    await until(lambda: any(site.gone for site in portal.ear.sites))
    assert (await portal.get(f"{PAGES}/doors/")).status_code == 404
    assert {page.path for page in portal.ear.pages if page.gone} == {"", "doors/"}


async def test_who_waits_reads_what_was_pushed_before(portal: Portal) -> None:
    portal.commit({"docs/index.md": "# Tickets\n"})
    await portal.declare(1)
    assert (await portal.get(f"{CAUGHT_UP}?seconds=30")).status_code == 204
    assert (await portal.get(f"{PAGES}/")).json()["title"] == "Tickets"
    await portal.push({"docs/index.md": "# Seats\n"})
    assert (await portal.get(f"{CAUGHT_UP}?seconds=30")).status_code == 204
    assert (await portal.get(f"{PAGES}/")).json()["title"] == "Seats"


async def test_docs_of_a_repository_that_nobody_speaks_of_are_built_again(portal: Portal) -> None:
    address = portal.commit({"docs/index.md": "# Guides\n"}, "guides")
    await portal.declare(1, docs=f"url:{address}")
    await until(lambda: len(portal.ear.sites) == 1)
    portal.commit({"docs/index.md": "# Guidelines\n"}, "guides")
    await until(lambda: len(portal.ear.sites) == 2)
    assert (await portal.get(f"{PAGES}/")).json()["title"] == "Guidelines"


async def test_a_failure_is_told_beside_the_last_good_build(portal: Portal) -> None:
    portal.commit({"docs/index.md": "# Tickets\n"})
    await portal.declare(1)
    await until(lambda: len(portal.ear.sites) == 1)
    await portal.push({"mkdocs.yml": "nav: ["})
    await until(lambda: len(portal.ear.sites) == 2)
    told = (await portal.get(f"{META}/techdocs/default/component/tickets")).json()
    assert "mkdocs.yml:2" in told["error"]
    assert told["files"] == ["index.html"]
    assert (await portal.get(f"{PAGES}/")).json()["title"] == "Tickets"


async def test_only_the_operator_rebuilds_and_readers_notice_nothing(portal: Portal) -> None:
    portal.commit({"docs/index.md": "# Tickets\n", "docs/plan.svg": "<svg onload='alert(1)'/>"})
    await portal.declare(1)
    await until(lambda: len(portal.ear.sites) == 1)
    before = (await portal.get(f"{PAGES}/")).json()
    assert (await portal.client.post("/api/techdocs/rebuild")).status_code == 403
    answer = await portal.client.post("/api/techdocs/rebuild", headers={"x-operator": "yes"})
    assert (answer.status_code, answer.json()) == (202, {"sites": 1})

    async def rebuilt() -> bool:
        health = (await portal.get("/health/ready")).json()
        return bool(health["lag"]["techdocs-builds"] == 0)

    await until(rebuilt)
    assert (await portal.get(f"{PAGES}/")).json() == before
    assert len(portal.ear.sites) == 1


async def test_a_page_that_never_ends_is_shown_as_text_and_takes_nobody_along(portal: Portal) -> None:
    portal.commit({"docs/index.md": "# Tickets\n", "docs/deep.md": ">" * 400_000 + " x\n"})
    await portal.declare(1)
    await until(lambda: len(portal.ear.sites) == 1)
    assert (await portal.get(f"{PAGES}/deep/")).json()["html"].startswith('<div class="admonition warning">')
    assert "<h1" in (await portal.get(f"{PAGES}/")).json()["html"]


async def test_mirrors_that_no_docs_are_in_any_more_are_discarded(portal: Portal, tmp_path: Path) -> None:
    mirrors = tmp_path / "techdocs" / "mirrors"
    portal.commit({"docs/index.md": "# Tickets\n"})
    await portal.declare(1)
    await until(lambda: len(portal.ear.sites) == 1)
    await portal.house.sweep(older_than=0)
    assert [each.suffix for each in mirrors.iterdir()].count(".git") == 1
    await portal.declare(2, gone=True)
    await until(lambda: any(site.gone for site in portal.ear.sites))
    await portal.house.sweep()
    assert list(mirrors.iterdir())
    await portal.house.sweep(older_than=0)
    assert not list(mirrors.iterdir())
