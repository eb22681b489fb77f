"""What a host's list says comes and goes; a list that is not whole changes nothing."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sipario_events import RepositoryChanged
from sipario_kit.projection import Checkpoint
from sipario_scm import Lists

API = "https://gitlab.example.org/api/v4"
COMPONENT = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)


class GitLab:
    """Lists projects, a page for each; `status` is what all pages but the first are answered with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.projects: dict[str, dict[str, Any]] = {}
        self.status = 200
        self.asked = 0

    def add(self, name: str, **more: Any) -> None:
        path = f"palco/{name}"
        told = {
            "path": name,
            "path_with_namespace": path,
            "web_url": f"{self.url}/{path}",
            "default_branch": "main",
        }
        self.projects[name] = {"topics": ["catalog"], **told, **more}

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        page = int(request.url.params.get("page", "1"))
        if page > 1 and self.status != 200:
            return httpx2.Response(self.status)
        projects = list(self.projects.values())
        more = (
            {"link": f'<{API}/groups/palco/projects?page={page + 1}>; rel="next"'}
            if page < len(projects)
            else {}
        )
        return httpx2.Response(200, json=projects[page - 1 : page], headers=more)


@pytest.fixture
def gitlab(host: Any) -> GitLab:
    return GitLab(host.url)


def put(host: Any, gitlab: GitLab, name: str, **more: Any) -> None:
    (host.folder / "palco").mkdir(exist_ok=True)
    host.push(
        f"palco/{name}.git",
        {"catalog-info.yaml": COMPONENT % name},
        branch=more.get("default_branch", "main"),
    )
    gitlab.add(name, **more)


@pytest.fixture
def open_gitlab(gitlab: GitLab, open_elsewhere: Any) -> Any:
    def opened(**provider: Any) -> Any:
        entry = {"host": "gitlab.example.org", "group": "palco", **provider}
        integration = {"host": "gitlab.example.org", "baseUrl": gitlab.url, "apiBaseUrl": API}
        configuration = {
            "catalog": {"providers": {"gitlab": {"acme": entry}}},
            "integrations": {"gitlab": [integration]},
        }
        return open_elsewhere(configuration, gitlab.answer)

    return opened


@pytest.fixture
async def discovering(open_gitlab: Any) -> AsyncIterator[Any]:
    async with open_gitlab(topics="catalog") as desk:
        yield desk


def names(refs: list[str]) -> list[str]:
    return [ref.removeprefix("component:default/") for ref in refs]


async def test_what_leaves_the_list_leaves_the_catalog(host: Any, gitlab: GitLab, discovering: Any) -> None:
    for name in ("a", "b", "c", "d"):
        put(host, gitlab, name)
    await discovering.look()
    assert names(await discovering.refs()) == ["a", "b", "c", "d"]
    del gitlab.projects["a"]
    gitlab.add("b", archived=True)
    gitlab.add("c", topics=[])
    await discovering.look()
    assert names(await discovering.refs()) == ["d"]


@pytest.mark.parametrize("status", [500, 401, 404, 302, 204])
async def test_a_list_that_breaks_off_takes_nothing_along(
    host: Any, gitlab: GitLab, discovering: Any, status: int
) -> None:
    for name in ("a", "b"):
        put(host, gitlab, name)
    await discovering.look()
    gitlab.projects = {"b": gitlab.projects["b"], "new": {**gitlab.projects["b"]}}
    gitlab.status = status
    await discovering.look()
    assert names(await discovering.refs()) == ["a", "b"]


async def test_what_slips_between_two_pages_stays(host: Any, gitlab: GitLab, discovering: Any) -> None:
    for name in ("a", "b"):
        put(host, gitlab, name)
    await discovering.look()
    whole = dict(gitlab.projects)
    gitlab.asked = 0
    del gitlab.projects["a"]
    answered = gitlab.answer

    def slipping(request: httpx2.Request) -> httpx2.Response:
        response = answered(request)
        gitlab.projects = whole
        return response

    discovering.reconciler._lists = Lists(transport=httpx2.MockTransport(slipping))
    await discovering.look()
    assert names(await discovering.refs()) == ["a", "b"]


async def test_a_push_to_a_repository_that_may_be_wanted_asks_the_host_once(
    host: Any, gitlab: GitLab, discovering: Any
) -> None:
    put(host, gitlab, "plain", topics=[])
    await discovering.look()
    put(host, gitlab, "new")
    looked: list[str] = []

    async def pushed(name: str) -> None:
        fact = RepositoryChanged(repository=f"{gitlab.url}/palco/{name}", branch="main")
        await discovering.inbox.apply([fact], Checkpoint("life", {}))
        if discovering.reconciler._wanted.is_set():
            looked.append(name)
            discovering.reconciler._wanted.clear()
            await discovering.reconciler.discover()
        await discovering.settle()

    await pushed("plain")
    await pushed("new")
    await pushed("new")
    assert looked == ["new"], "the other one is known not to be wanted"
    assert names(await discovering.refs()) == ["new"]


async def test_a_renamed_repository_keeps_its_entities(host: Any, gitlab: GitLab, discovering: Any) -> None:
    put(host, gitlab, "one")
    await discovering.look()
    (host.folder / "palco" / "one.git").rename(host.folder / "palco" / "uno.git")
    del gitlab.projects["one"]
    gitlab.add("uno")
    fact = RepositoryChanged(
        repository=f"{gitlab.url}/palco/uno", change="renamed", previous=f"{gitlab.url}/palco/one"
    )
    await discovering.inbox.apply([fact], Checkpoint("life", {}))
    await discovering.look()
    event = (await discovering.entities())["component:default/one"]
    assert event.location == f"url:{gitlab.url}/palco/uno/-/blob/main/catalog-info.yaml"


async def test_the_branch_that_a_provider_names_is_read(host: Any, gitlab: GitLab, open_gitlab: Any) -> None:
    put(host, gitlab, "main-only")
    host.push("palco/main-only.git", {"catalog-info.yaml": COMPONENT % "other"}, branch="dev")
    async with open_gitlab(branch="dev") as desk:
        await desk.look()
        assert names(await desk.refs()) == ["other"]
    async with open_gitlab() as desk:
        await desk.look()
        await desk.look()
        assert names(await desk.refs()) == ["main-only"]
