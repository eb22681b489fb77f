"""An entity is processed again when any file changes that it was made from, wherever that file is."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sipario_events import RepositoryChanged
from sipario_ingestor.pipeline import Pipeline
from sipario_ingestor.placeholders import built_in
from sipario_kit.projection import Checkpoint
from sipario_openapi import register as openapi
from sipario_plugin import Emit, Entity, Processor, Sight

API = (
    "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: tickets}\n"
    "spec: {type: openapi, lifecycle: production, owner: team-a, definition: d, one: {$%s: '%s'}, two: {$%s: '%s'}}\n"
)
OTHER = (
    "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: g}\nspec: {type: team, children: []}\n"
)
WEB = "https://specs.example.org"


class Web:
    """A host of plain files; None for what it has no more."""

    def __init__(self) -> None:
        self.files: dict[str, str | None] = {}
        self.asked: list[str] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        text = self.files.get(request.url.path)
        return httpx2.Response(404) if text is None else httpx2.Response(200, text=text)


class Portal:
    """A desk whose pipeline has the placeholders `$openapi` and `$asyncapi`, a Git host and a web."""

    def __init__(self, desk: Any, host: Any, web: Web) -> None:
        self.desk, self.host, self.web = desk, host, web
        self.use()

    def use(self, **processors: Processor) -> None:
        extensions = built_in().drafted("test")
        openapi(extensions)
        for name, processor in processors.items():
            extensions.processors.add(name, processor)
        self.desk.reader.pipeline.close()
        self.desk.reader.pipeline = Pipeline(extensions)

    async def declare(self, files: dict[str, str], name: str = "shop") -> None:
        self.host.push(name, files)
        await self.desk.register(f"{self.host.url}/{name}")
        await self.desk.look()

    async def pushed(self, name: str, files: dict[str, str], branch: str = "main") -> None:
        """Push, and have the webhook of that heard; no look is taken."""
        commit = self.host.push(name, files, branch=branch)
        fact = RepositoryChanged(repository=f"{self.host.url}/{name}", branch=branch, commit=commit)
        await self.desk.inbox.apply([fact], Checkpoint("life", {}))
        await self.desk.settle()

    async def missed(self, name: str, files: dict[str, str], branch: str = "main") -> None:
        """Push, lose the webhook, and take the look that makes up for it."""
        self.host.push(name, files, branch=branch)
        await self.desk.look()

    async def spec(self, ref: str = "api:default/tickets") -> dict[str, Any]:
        found: dict[str, Any] = (await self.desk.entities())[ref].entity["spec"]
        return found


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
async def portal(open_elsewhere: Any, host: Any, web: Web) -> AsyncIterator[Portal]:
    reading = {"backend": {"reading": {"allow": [{"host": "specs.example.org"}]}}}
    async with open_elsewhere({**host.configuration(), **reading}, web.answer) as desk:
        opened = Portal(desk, host, web)
        yield opened
        desk.reader.pipeline.close()


BUNDLED = {
    "apis/openapi.yaml": "openapi: 3.1.0\ncomponents: {schemas: {$ref: './parts/all.yaml#/schemas'}}\n",
    "apis/parts/all.yaml": "schemas: {Ticket: {$ref: '../ticket.yaml'}}\n",
    "apis/ticket.yaml": "description: %s\n",
    "more": "%s",
}
LOOSE = {"one.json": '{"a": "%s"}', "two.yaml": "a: %s"}


@pytest.mark.parametrize(
    ("placeholders", "files"),
    [
        (("openapi", "apis/openapi.yaml", "text", "more"), BUNDLED),
        (("asyncapi", "apis/openapi.yaml", "text", "more"), BUNDLED),
        (("json", "one.json", "yaml", "two.yaml"), LOOSE),
    ],
)
@pytest.mark.parametrize("where", ["here", "there"])
@pytest.mark.parametrize("way", ["pushed", "missed"])
async def test_each_of_several_files_counts(
    portal: Portal, placeholders: tuple[str, ...], files: dict[str, str], where: str, way: str
) -> None:
    front = "./" if where == "here" else f"{portal.host.url}/specs/blob/main/"
    first, path, second, other = placeholders
    own = {"catalog-info.yaml": API % (first, front + path, second, front + other)}
    name, own_files = ("shop", own) if where == "here" else ("specs", {})

    def with_(changed: str) -> dict[str, str]:
        filled = {
            each: text % ("new" if each == changed else "old") if "%s" in text else text
            for each, text in files.items()
        }
        return {**own_files, **filled}

    portal.host.push("specs", with_(""))
    await portal.declare({**own, **with_("")})
    before = await portal.spec()
    assert "old" in str(before["one"])
    for changed in (each for each, text in files.items() if "%s" in text):
        await getattr(portal, way)(name, with_(changed))
        spec = await portal.spec()
        assert [str(each).count("new") for each in (spec["one"], spec["two"])].count(1) == 1
        await getattr(portal, way)(name, with_(""))
        assert await portal.spec() == before


@pytest.mark.parametrize("way", ["pushed", "missed"])
async def test_a_file_of_several_is_read_again_though_others_are_passed_over(
    portal: Portal, way: str
) -> None:
    leading = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
    files = {
        "catalog-info.yaml": leading + "spec: {targets: [./group.yaml, ./parts/api.yaml]}\n",
        "group.yaml": OTHER,
        "parts/api.yaml": API % ("text", "../text", "text", "./beside"),
        "text": "old",
        "parts/beside": "old",
    }
    await portal.declare(files)
    await getattr(portal, way)("shop", {**files, "text": "new"})
    assert (await portal.spec())["one"] == "new"
    await getattr(portal, way)("shop", {**files, "text": "new", "parts/beside": "new"})
    assert (await portal.spec())["two"] == "new"


@pytest.mark.parametrize("way", ["pushed", "missed"])
async def test_text_of_another_branch_of_the_same_repository_counts(portal: Portal, way: str) -> None:
    portal.host.push("shop", {"a": "old"}, branch="specs")
    address = f"{portal.host.url}/shop/blob/specs/a"
    await portal.declare({"catalog-info.yaml": API % ("text", address, "text", address)})
    await getattr(portal, way)("shop", {"a": "new"}, "specs")
    assert (await portal.spec())["one"] == "new"


async def test_a_push_to_another_branch_that_nothing_is_taken_from_reads_nothing(portal: Portal) -> None:
    await portal.declare({"catalog-info.yaml": OTHER})
    asked = (await portal.desk.source("shop")).asked
    await portal.pushed("shop", {"a": "new"}, "another")
    assert (await portal.desk.source("shop")).asked == asked


@pytest.mark.parametrize("way", ["pushed", "missed"])
async def test_several_repositories_count(portal: Portal, way: str) -> None:
    for name in ("one", "two"):
        portal.host.push(name, {"text": "old"})
    first, second = (f"{portal.host.url}/{name}/blob/main/text" for name in ("one", "two"))
    await portal.declare({"catalog-info.yaml": API % ("text", first, "text", second)})
    await getattr(portal, way)("one", {"text": "new"})
    assert [(await portal.spec())[each] for each in ("one", "two")] == ["new", "old"]
    await getattr(portal, way)("two", {"text": "new"})
    assert [(await portal.spec())[each] for each in ("one", "two")] == ["new", "new"]


async def test_text_of_a_source_that_is_read_for_itself_too_counts(portal: Portal) -> None:
    await portal.declare({"catalog-info.yaml": OTHER, "text": "old"}, "specs")
    address = f"{portal.host.url}/specs/blob/main/text"
    await portal.declare({"catalog-info.yaml": API % ("text", address, "text", address)})
    await portal.pushed("specs", {"catalog-info.yaml": OTHER, "text": "new"})
    assert (await portal.spec())["one"] == "new"


async def test_each_url_of_no_repository_counts_at_the_next_look(portal: Portal) -> None:
    portal.web.files = {"/one": "old", "/two": "old"}
    await portal.declare({"catalog-info.yaml": API % ("text", f"{WEB}/one", "text", f"{WEB}/two")})
    for path, field in (("/one", "one"), ("/two", "two")):
        portal.web.files[path] = "new"
        await portal.desk.look()
        assert (await portal.spec())[field] == "new"


async def test_a_url_that_stays_as_it_is_reads_nothing_again(portal: Portal) -> None:
    portal.web.files = {"/one": "old", "/two": "old"}
    await portal.declare({"catalog-info.yaml": API % ("text", f"{WEB}/one", "text", f"{WEB}/two")})
    asked = (await portal.desk.source("shop")).asked
    await portal.desk.look()
    assert (await portal.desk.source("shop")).asked == asked


async def test_a_url_that_is_gone_is_told_and_leaves_its_text(portal: Portal) -> None:
    portal.web.files = {"/one": "old", "/two": "old"}
    await portal.declare({"catalog-info.yaml": API % ("text", f"{WEB}/one", "text", f"{WEB}/two")})
    portal.web.files["/one"] = None
    await portal.desk.look()
    event = (await portal.desk.entities())["api:default/tickets"]
    assert event.entity["spec"]["one"] == "old"
    assert [each.message.partition(" could")[0] for each in event.status] == [f"{WEB}/one"]
    portal.web.files["/one"] = "new"
    await portal.desk.look()
    assert (await portal.spec())["one"] == "new"


class Watching:
    """A processor that names a file to be heard of, and tells by a title what it knew of it."""

    def __init__(self, address: str) -> None:
        self.address, self.title = address, "old"

    def __call__(self, entity: Entity, _sight: Sight, emit: Emit) -> Entity:
        emit.refresh(self.address)
        return {**entity, "metadata": {**entity["metadata"], "title": self.title}}


@pytest.mark.parametrize("hook", ["pre_process", "post_process"])
@pytest.mark.parametrize("way", ["pushed", "missed"])
@pytest.mark.parametrize("where", ["beside", "branch", "elsewhere", "web"])
async def test_what_a_processor_named_counts(portal: Portal, hook: str, way: str, where: str) -> None:
    host = portal.host
    places = {
        "beside": ("./watched", "shop", "main"),
        "branch": (f"{host.url}/shop/blob/other/watched", "shop", "other"),
        "elsewhere": (f"{host.url}/two/blob/main/watched", "two", "main"),
        "web": (f"{WEB}/watched", "", ""),
    }
    address, name, branch = places[where]
    watching = Watching(address)
    early = hook == "pre_process"
    portal.use(watching=Processor(pre_process=watching) if early else Processor(post_process=watching))
    own = {"catalog-info.yaml": OTHER}
    portal.web.files = {"/watched": "old"}
    if name == "two" or branch == "other":
        host.push(name, {"watched": "old"}, branch=branch)
    await portal.declare({**own, "watched": "old"})
    watching.title = "new"
    if where == "web":
        portal.web.files = {"/watched": "new"}
        await portal.desk.look()
    else:
        await getattr(portal, way)(name, {**(own if where == "beside" else {}), "watched": "new"}, branch)
    event = (await portal.desk.entities())["group:default/g"]
    assert event.entity["metadata"]["title"] == "new"


@pytest.mark.parametrize("address", ["http://[", "nowhere://x", "", "https://elsewhere.example/x", "../x"])
async def test_an_address_that_is_none_harms_nothing(portal: Portal, address: str) -> None:
    portal.use(watching=Processor(pre_process=Watching(address)))
    await portal.declare({"catalog-info.yaml": OTHER})
    await portal.desk.look()
    source = await portal.desk.source("shop")
    assert (source.state, source.problems) == ("ok", ())


@pytest.mark.parametrize("target", ["http://[", "https://[::1", "https://git.example.org:port/a/b"])
async def test_a_target_that_is_no_address_costs_no_more_than_itself(portal: Portal, target: str) -> None:
    leading = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
    await portal.declare({"catalog-info.yaml": f"{leading}spec: {{targets: ['{target}']}}\n---\n{OTHER}"})
    assert await portal.desk.refs() == ["group:default/g", "location:default/all"]
    assert [target in each for each in await portal.desk.problems("shop")] == [True]
