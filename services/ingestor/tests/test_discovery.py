"""Repositories of a GitHub-shaped host come and go by themselves."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sipario_events import RepositoryChanged
from sipario_forge.testing import TOKEN, Git, ServedForge, served
from sipario_kit.projection import Checkpoint

COMPONENT = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[ServedForge]:
    with served(tmp_path / "forge") as opened:
        yield opened


@pytest.fixture
async def discovering(forge: ServedForge, open_elsewhere: Any) -> AsyncIterator[Any]:
    name = forge.url.partition("://")[2]
    configuration = {
        "catalog": {"providers": {"github": {"forge": {"host": name}}}},
        "integrations": {"github": [{"host": name, "apiBaseUrl": f"{forge.url}/api/v3", "token": TOKEN}]},
    }
    async with open_elsewhere(configuration) as desk:
        yield desk


def _put(forge: ServedForge, folder: Path, name: str, text: str) -> str:
    forge.rest.post("/user/repos", json={"name": name})
    folder.mkdir(exist_ok=True)
    git = Git(folder)
    if not (folder / ".git").exists():
        git("init", "--quiet", "--initial-branch", "main")
    commit = git.commit({"catalog-info.yaml": text})
    git("push", "--quiet", forge.remote(f"ada/{name}"), "HEAD:main")
    return commit


async def put(forge: ServedForge, folder: Path, name: str, text: str) -> str:
    return await asyncio.to_thread(_put, forge, folder, name, text)


async def hear(desk: Any, forge: ServedForge, name: str, **more: Any) -> None:
    fact = RepositoryChanged(repository=f"{forge.url}/ada/{name}", **more)
    await desk.inbox.apply([fact], Checkpoint("life", {}))
    await desk.settle()


async def test_all_repositories_of_the_host_are_read(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        await put(forge, tmp_path / name, name, COMPONENT % name)
    await discovering.look()
    assert await discovering.refs() == ["component:default/one", "component:default/two"]
    annotations = (await discovering.entities())["component:default/one"].entity["metadata"]["annotations"]
    page = f"{forge.url}/ada/one/blob/main/catalog-info.yaml"
    assert annotations["backstage.io/view-url"] == page
    assert annotations["backstage.io/edit-url"] == page.replace("blob", "edit")
    assert annotations["backstage.io/managed-by-origin-location"] == f"url:{page}"
    assert annotations["backstage.io/source-location"] == f"url:{forge.url}/ada/one/tree/main/"


async def test_a_push_to_an_unknown_repository_of_the_host_is_picked_up(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    commit = await put(forge, tmp_path / "new", "new", COMPONENT % "new")
    await hear(discovering, forge, "new", branch="main", commit=commit)
    assert await discovering.refs() == ["component:default/new"]


async def test_a_repository_that_was_deleted_takes_its_entities_along(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    await put(forge, tmp_path / "one", "one", COMPONENT % "one")
    await discovering.look()
    await hear(discovering, forge, "one", change="removed")
    assert await discovering.refs() == ["component:default/one"], "somebody says so, the host does not"
    await asyncio.to_thread(lambda: forge.rest.delete("/repos/ada/one").raise_for_status())
    await hear(discovering, forge, "one", change="removed")
    await discovering.reconciler.discover()
    await discovering.settle()
    assert await discovering.refs() == []


async def test_a_renamed_repository_keeps_its_entities(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    await put(forge, tmp_path / "one", "one", COMPONENT % "one")
    await discovering.look()
    await asyncio.to_thread(
        lambda: forge.rest.patch("/repos/ada/one", json={"name": "uno"}).raise_for_status()
    )
    await hear(discovering, forge, "uno", change="renamed", previous=f"{forge.url}/ada/one")
    await discovering.look()
    event = (await discovering.entities())["component:default/one"]
    assert event.location == f"url:{forge.url}/ada/uno/blob/main/catalog-info.yaml"
    sources = [source["id"] for source in await discovering.registry.sources()]
    assert sources == ["provider:forge", f"url:{forge.url}/ada/uno"]


async def test_a_registered_location_hears_of_its_repository_under_its_newer_names(
    forge: ServedForge, open_elsewhere: Any, tmp_path: Path
) -> None:
    name = forge.url.partition("://")[2]
    github = {"host": name, "apiBaseUrl": f"{forge.url}/api/v3", "token": TOKEN}
    async with open_elsewhere({"integrations": {"github": [github]}}) as desk:
        await put(forge, tmp_path / "one", "one", COMPONENT % "one")
        await desk.register(f"{forge.url}/ada/one")
        for former, new in (("one", "uno"), ("uno", "un")):
            renamed = {"name": new}
            await asyncio.to_thread(forge.rest.patch, f"/repos/ada/{former}", json=renamed)
            await hear(desk, forge, new, change="renamed", previous=f"{forge.url}/ada/{former}")
            assert (await desk.source("one")).state == "ok"
        commit = await asyncio.to_thread(_pushed_again, forge, tmp_path / "one", "un")
        await hear(desk, forge, "un", branch="main", commit=commit)
        assert await desk.refs() == ["component:default/two"]
        await asyncio.to_thread(forge.rest.delete, "/repos/ada/un")
        await hear(desk, forge, "un", change="removed")
        assert (await desk.source("one")).state == "failed"


def _pushed_again(forge: ServedForge, folder: Path, name: str) -> str:
    git = Git(folder)
    commit = git.commit({"catalog-info.yaml": COMPONENT % "two"})
    git("push", "--quiet", forge.remote(f"ada/{name}"), "HEAD:main")
    return commit


async def test_a_provider_that_the_configuration_no_longer_names_takes_its_repositories_along(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    await put(forge, tmp_path / "one", "one", COMPONENT % "one")
    await discovering.look()
    assert await discovering.refs() == ["component:default/one"]
    name = forge.url.partition("://")[2]
    without = {
        "integrations": {"github": [{"host": name, "apiBaseUrl": f"{forge.url}/api/v3", "token": TOKEN}]}
    }
    later = type(discovering)(discovering.ledger, tmp_path / "later", without)
    await later.look()
    assert await later.refs() == []
    later.mirrors.close()


async def test_with_keep_what_a_provider_brought_stays_and_is_read_on(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    await put(forge, tmp_path / "one", "one", COMPONENT % "one")
    await discovering.look()
    name = forge.url.partition("://")[2]
    without = {
        "catalog": {"orphanProviderStrategy": "keep"},
        "integrations": {"github": [{"host": name, "apiBaseUrl": f"{forge.url}/api/v3", "token": TOKEN}]},
    }
    later = type(discovering)(discovering.ledger, tmp_path / "later", without)
    await later.look()
    assert await later.refs() == ["component:default/one"]
    commit = await asyncio.to_thread(_pushed_again, forge, tmp_path / "one", "one")
    await hear(later, forge, "one", branch="main", commit=commit)
    assert await later.refs() == ["component:default/two"]
    later.close()


async def test_the_text_of_another_repository_is_read_by_the_api(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    await put(forge, tmp_path / "specs", "specs", COMPONENT % "specs")
    target = f"{forge.url}/ada/specs/blob/main/catalog-info.yaml"
    api = (
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: tickets}\n"
        f"spec: {{type: openapi, lifecycle: production, owner: team-a, definition: {{$text: '{target}'}}}}\n"
    )
    await put(forge, tmp_path / "one", "one", api)
    await discovering.look()
    event = (await discovering.entities())["api:default/tickets"]
    assert event.entity["spec"]["definition"] == COMPONENT % "specs"


async def test_a_provider_is_a_source_that_tells_whether_it_could_be_asked(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    (provider,) = await discovering.registry.sources()
    assert (provider["id"], provider["state"], provider["readAt"]) == ("provider:forge", "pending", None)
    await put(forge, tmp_path / "one", "one", COMPONENT % "one")
    await discovering.look()
    provider, source = await discovering.registry.sources()
    assert (provider["state"], provider["problems"], discovering.discoveries.reason()) == ("ok", [], "")
    assert provider["readAt"]
    assert provider.keys() == source.keys()


async def test_a_provider_with_a_wrong_token_says_so(
    forge: ServedForge, discovering: Any, tmp_path: Path
) -> None:
    name = forge.url.partition("://")[2]
    wrong = {
        "catalog": {"providers": {"github": {"forge": {"host": name}, "far": {"host": "far.example.org"}}}},
        "integrations": {"github": [{"host": name, "apiBaseUrl": f"{forge.url}/api/v3", "token": "wrong"}]},
    }
    desk = type(discovering)(discovering.ledger, tmp_path / "wrong", wrong)
    await desk.look()
    told = {
        each["id"]: (each["state"], each["problems"][0]["message"]) for each in await desk.registry.sources()
    }
    assert told["provider:far"] == ("failed", "integrations does not name far.example.org")
    state, message = told["provider:forge"]
    assert state == "failed"
    assert message
    assert f"discovery of provider forge failed: {message}" in desk.discoveries.reason()
    desk.mirrors.close()
