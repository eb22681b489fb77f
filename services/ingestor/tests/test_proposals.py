"""Discovered repositories without entity files are proposed, with what their files and commits tell."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sipario_ingestor.guesses import Guess, language
from sipario_ingestor.review import Review
from sipario_scm import PullRequests

USERS = (
    "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada}\n"
    "spec: {profile: {email: Ada@example.org}, memberOf: [team-a, team-b]}\n"
)
API = "https://gitlab.example.org/api/v4"
FILE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  tags:
  - python
spec:
  type: other
  lifecycle: unknown
  owner: group:default/team-a
"""
PAGE = "https://gitlab.example.org/palco/shop/-/merge_requests/1"


@pytest.fixture
async def discovering(host: Any, open_elsewhere: Any) -> AsyncIterator[Any]:
    (host.folder / "palco").mkdir()
    configuration = {
        "catalog": {
            "providers": {"gitlab": {"host": "gitlab.example.org", "group": "palco"}},
            "rules": [{"allow": ["Component", "User"]}],
        },
        "integrations": {
            "gitlab": [{"host": "gitlab.example.org", "baseUrl": host.url, "apiBaseUrl": API, "token": "t"}]
        },
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        del request
        told = [
            {
                "path": each.stem,
                "path_with_namespace": f"palco/{each.stem}",
                "web_url": f"{host.url}/palco/{each.stem}",
            }
            for each in sorted((host.folder / "palco").iterdir())
        ]
        return httpx2.Response(200, json=told)

    async with open_elsewhere(configuration, answer) as desk:
        yield desk


@pytest.fixture
async def client(discovering: Any) -> AsyncIterator[httpx2.AsyncClient]:
    desk = discovering
    app = desk.app()
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://ingestor"
    ) as opened:
        yield opened


async def proposed(client: httpx2.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/catalog/proposals", params=query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_repository_without_entities_is_proposed_with_its_evidence(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    rules = "# who\n/docs @palco/writers\n* @palco/Team-A @ada\n"
    commit = host.push("palco/shop.git", {"a.py": "", "b.py": "", "c.js": "", ".github/CODEOWNERS": rules})
    host.push("palco/people.git", {"catalog-info.yaml": USERS})
    await discovering.look()
    (found,) = (await proposed(client))["items"]
    assert found == {
        "repository": f"{host.url}/palco/shop",
        "target": f"{host.url}/palco/shop/-/blob/main/catalog-info.yaml",
        "commit": commit,
        "name": "shop",
        "language": {"value": "Python", "evidence": "2 of 3 source files"},
        "owner": {
            "value": "group:default/team-a",
            "evidence": ".github/CODEOWNERS line 3: * @palco/Team-A @ada",
        },
        "entity": {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "shop", "tags": ["python"]},
            "spec": {"type": "other", "lifecycle": "unknown", "owner": "group:default/team-a"},
        },
        "content": FILE,
        "pullRequest": "",
    }
    assert await discovering.trial.validate(found["entity"], f"url:{found['target']}") == []


async def test_commits_tell_the_group_of_those_who_wrote_them(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    host.push("palco/shop.git", {"README.md": "1"})
    host.push("palco/shop.git", {"README.md": "2"})
    await discovering.look()
    (found,) = (await proposed(client))["items"]
    assert (found["owner"], found["language"]) == (None, None)
    assert found["entity"]["spec"] == {"type": "other", "lifecycle": "unknown"}
    host.push("palco/people.git", {"catalog-info.yaml": USERS})
    await discovering.look()
    (found,) = (await proposed(client))["items"]
    assert found["owner"] == {
        "value": "group:default/team-a",
        "evidence": "2 of the last 2 commits are by its members",
    }


async def test_what_declares_something_or_tries_to_is_not_proposed(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    host.push("palco/good.git", {"catalog-info.yaml": USERS})
    host.push("palco/broken.git", {"catalog-info.yaml": "kind: [\n"})
    await discovering.look()
    assert (await proposed(client))["items"] == []


async def test_a_proposal_goes_when_its_file_comes(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    host.push("palco/shop.git", {"a.go": ""})
    await discovering.look()
    assert len((await proposed(client))["items"]) == 1
    host.push("palco/shop.git", {"a.go": "", "catalog-info.yaml": USERS})
    await discovering.look()
    assert (await proposed(client))["items"] == []


async def test_proposals_come_by_pages(host: Any, discovering: Any, client: httpx2.AsyncClient) -> None:
    for name in ("a", "b", "c"):
        host.push(f"palco/{name}.git", {"README.md": ""})
    await discovering.look()
    first = await proposed(client, limit=2)
    assert [each["name"] for each in first["items"]] == ["a", "b"]
    second = await proposed(client, limit=2, after=first["after"])
    assert ([each["name"] for each in second["items"]], second["after"]) == (["c"], None)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 10_000}, {"limit": "x"}, {"after": "x" * 3000}])
async def test_nonsense_is_refused(client: httpx2.AsyncClient, query: dict[str, Any]) -> None:
    assert (await client.get("/api/catalog/proposals", params=query)).status_code == 400


def test_what_others_wrote_does_not_count() -> None:
    assert language(["node_modules/x/a.js", "vendor/b.js", "src/a.TS"]) == Guess(
        "TypeScript", "1 of 1 source files"
    )
    assert language(["Makefile", "a.unknown", "x.d/y"]) is None


class MergeRequests:
    """The part of a GitLab that takes merge requests; with a `status`, one that refuses."""

    def __init__(self) -> None:
        self.open: list[dict[str, Any]] = []
        self.committed: list[dict[str, Any]] = []
        self.status = 200

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if self.status != 200:
            return httpx2.Response(self.status, json={"message": "insufficient_scope"})
        if request.method == "GET":
            return httpx2.Response(200, json=self.open)
        told = json.loads(request.content)
        if request.url.path.endswith("/commits"):
            self.committed.append(told)
            return httpx2.Response(201, json={"id": "d" * 40})
        projects = {"source_project_id": 1, "target_project_id": 1}
        self.open.append({"source_branch": told["source_branch"], "web_url": PAGE, **projects})
        return httpx2.Response(201, json={"web_url": PAGE})


@pytest.fixture
async def merge_requests(host: Any, discovering: Any) -> MergeRequests:
    """One repository is proposed, and its host takes merge requests."""
    found = MergeRequests()
    pulls = PullRequests(transport=httpx2.MockTransport(found))
    desk = discovering
    desk.review = Review(
        desk.proposals, desk.reader, desk.kinds, pulls=pulls, configuration=desk.configuration
    )
    host.push("palco/shop.git", {"a.py": "", ".github/CODEOWNERS": "* @palco/Team-A\n"})
    await desk.look()
    return found


async def accepted(client: httpx2.AsyncClient, host: Any, **said: Any) -> httpx2.Response:
    wish = {"repository": f"{host.url}/palco/shop", **said}
    return await client.post("/api/catalog/proposals/accept", json=wish)


async def test_an_accepted_proposal_becomes_a_merge_request_once(
    merge_requests: MergeRequests, host: Any, client: httpx2.AsyncClient
) -> None:
    for status, new in ((201, True), (200, False)):
        answer = await accepted(client, host)
        assert (answer.status_code, answer.json()) == (status, {"pullRequest": PAGE, "new": new})
    (commit,) = merge_requests.committed
    assert commit["start_branch"] == "main"
    assert commit["actions"] == [{"action": "create", "file_path": "catalog-info.yaml", "content": FILE}]
    (found,) = (await proposed(client))["items"]
    assert found["pullRequest"] == PAGE


async def test_what_a_person_wrote_instead_is_taken_when_it_is_good(
    merge_requests: MergeRequests, host: Any, client: httpx2.AsyncClient
) -> None:
    for content, said in (
        ("kind: [\n", "catalog-info.yaml:"),
        (FILE.replace("name: shop", "name: not good"), "catalog-info.yaml:4: "),
        (FILE.replace("  owner: group:default/team-a\n", ""), "owner"),
        ("# nothing\n", "declares no entity"),
        ("#" * 200_000, "longer than"),
    ):
        answer = await accepted(client, host, content=content)
        assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
        assert said in answer.json()["error"]["message"]
    better = FILE.replace("other", "service")
    assert (await accepted(client, host, content=better)).status_code == 201
    assert [each["actions"][0]["content"] for each in merge_requests.committed] == [better]


async def test_what_was_dismissed_stays_so_until_it_is_taken_up_again(
    merge_requests: MergeRequests, host: Any, client: httpx2.AsyncClient
) -> None:
    wish = {"repository": f"{host.url}/palco/shop"}
    assert (await client.post("/api/catalog/proposals/dismiss", json=wish)).status_code == 204
    host.push("palco/shop.git", {"a.py": "", "b.py": ""})
    assert (await proposed(client))["items"] == []
    (found,) = (await proposed(client, dismissed=True))["items"]
    assert found["name"] == "shop"
    again = {**wish, "dismissed": False}
    assert (await client.post("/api/catalog/proposals/dismiss", json=again)).status_code == 204
    assert len((await proposed(client))["items"]) == 1
    assert merge_requests.open == []


@pytest.mark.parametrize(
    ("status", "told"), [(403, (409, "ConflictError")), (502, (503, "ServiceUnavailableError"))]
)
async def test_a_host_that_refuses_is_told_of_and_nothing_is_remembered(
    merge_requests: MergeRequests, host: Any, client: httpx2.AsyncClient, status: int, told: tuple[int, str]
) -> None:
    merge_requests.status = status
    answer = await accepted(client, host)
    assert (answer.status_code, answer.json()["error"]["name"]) == told
    assert "insufficient_scope" in answer.json()["error"]["message"]
    (found,) = (await proposed(client))["items"]
    assert found["pullRequest"] == ""


async def test_what_is_not_proposed_can_not_be_accepted(
    merge_requests: MergeRequests, host: Any, client: httpx2.AsyncClient
) -> None:
    for path in ("accept", "dismiss"):
        wish = {"repository": f"{host.url}/palco/other", "content": FILE}
        assert (await client.post(f"/api/catalog/proposals/{path}", json=wish)).status_code == 404
    assert merge_requests.committed == []
