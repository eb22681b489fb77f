"""Pull requests on every kind of host that has them, against answers in the shapes of their public interfaces."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from sipario_scm import AccessDenied, Change, Hosts, HostUnavailable, PullRequests

CHANGE = Change(
    base="main",
    commit="c" * 40,
    branch="sipario-catalog-info-1",
    path="catalog-info.yaml",
    content="kind: Component\n",
    title="Add catalog-info.yaml",
    body="Why",
)
CONTENT = base64.b64encode(b"kind: Component\n").decode()
HERE, FORK = {"id": 1, "uuid": "{1}"}, {"id": 2, "uuid": "{2}"}
HEAD = {"ref": CHANGE.branch, "repo": HERE}
BASE = {"ref": "main", "repo": HERE}
BROWSED = {"links": {"self": [{"href": "https://stash.example.org/pr/1"}]}}
CLOUD = {"links": {"html": {"href": "https://bitbucket.org/o/r/pull-requests/1"}}}
GITEA = "https://gitea.example.org/api/v1/repos/o/r"
GITHUB = "https://api.github.com/repos/o/r"
GITLAB = "https://gitlab.com/api/v4/projects/g%2Fs%2Fr"
STASH = "https://stash.example.org/rest/api/1.0/projects/KEY/repos/r"
AZURE = "https://dev.azure.com/org/proj/_apis/git/repositories/r"
BITBUCKET = "https://api.bitbucket.org/2.0/repositories/o/r"

# Integration, repository, what each request is answered with, an open one in a list, and where it is.
HOSTS: dict[str, tuple[Mapping[str, Any], str, Mapping[str, Any], Any, str]] = {
    "github": (
        {"host": "github.com", "token": "t"},
        "https://github.com/o/r",
        {
            f"GET {GITHUB}/pulls?state=open&per_page=100": [],
            f"POST {GITHUB}/git/refs": {"ref": "refs/heads/x"},
            f"PUT {GITHUB}/contents/catalog-info.yaml": {"content": {}},
            f"POST {GITHUB}/pulls": {"html_url": "https://github.com/o/r/pull/1"},
        },
        [{"head": HEAD, "base": BASE, "html_url": "https://github.com/o/r/pull/1"}],
        "https://github.com/o/r/pull/1",
    ),
    "gitea": (
        {"host": "gitea.example.org", "password": "t"},
        "https://gitea.example.org/o/r",
        {
            f"GET {GITEA}/pulls?state=open&limit=50": [],
            f"POST {GITEA}/contents/catalog-info.yaml": {"content": {}},
            f"POST {GITEA}/pulls": {"html_url": "https://gitea.example.org/o/r/pulls/1"},
        },
        [{"head": HEAD, "base": BASE, "html_url": "https://gitea.example.org/o/r/pulls/1"}],
        "https://gitea.example.org/o/r/pulls/1",
    ),
    "gitlab": (
        {"host": "gitlab.com", "token": "t"},
        "https://gitlab.com/g/s/r",
        {
            f"GET {GITLAB}/merge_requests?state=opened&per_page=100": [],
            f"POST {GITLAB}/repository/commits": {"id": "d" * 40},
            f"POST {GITLAB}/merge_requests": {"web_url": "https://gitlab.com/g/s/r/-/merge_requests/1"},
        },
        [
            {
                "source_branch": CHANGE.branch,
                "source_project_id": 1,
                "target_project_id": 1,
                "web_url": "https://gitlab.com/g/s/r/-/merge_requests/1",
            }
        ],
        "https://gitlab.com/g/s/r/-/merge_requests/1",
    ),
    "bitbucketCloud": (
        {"token": "t"},
        "https://bitbucket.org/o/r",
        {
            f"GET {BITBUCKET}/pullrequests?state=OPEN&pagelen=50": {"values": []},
            f"POST {BITBUCKET}/src": None,
            f"POST {BITBUCKET}/pullrequests": CLOUD,
        },
        {
            "values": [
                {
                    "source": {"branch": {"name": CHANGE.branch}, "repository": HERE},
                    "destination": {"branch": {"name": "main"}, "repository": HERE},
                    **CLOUD,
                }
            ]
        },
        "https://bitbucket.org/o/r/pull-requests/1",
    ),
    "bitbucketServer": (
        {"host": "stash.example.org", "token": "t"},
        "https://stash.example.org/projects/KEY/repos/r",
        {
            f"GET {STASH}/pull-requests?state=OPEN&limit=100": {"values": []},
            f"PUT {STASH}/browse/catalog-info.yaml": {"id": "d" * 40},
            f"POST {STASH}/pull-requests": BROWSED,
        },
        {
            "values": [
                {
                    "fromRef": {"displayId": CHANGE.branch, "repository": HERE},
                    "toRef": {"displayId": "main", "repository": HERE},
                    **BROWSED,
                }
            ]
        },
        "https://stash.example.org/pr/1",
    ),
    "azure": (
        {"host": "dev.azure.com", "token": "t"},
        "https://dev.azure.com/org/proj/_git/r",
        {
            f"GET {AZURE}/pullrequests?searchCriteria.status=active&%24top=100&api-version=6.0": {
                "value": []
            },
            f"POST {AZURE}/refs?api-version=6.0": {"value": [{"success": True}]},
            f"POST {AZURE}/pushes?api-version=6.0": {"pushId": 1},
            f"POST {AZURE}/pullrequests?api-version=6.0": {"pullRequestId": 7},
        },
        {"value": [{"sourceRefName": f"refs/heads/{CHANGE.branch}", "pullRequestId": 7}]},
        "https://dev.azure.com/org/proj/_git/r/pullrequest/7",
    ),
}


class Recorded:
    """A host that answers as it was recorded, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Any], status: int = 200) -> None:
        self.asked: list[httpx2.Request] = []
        self._answers = answers
        self._status = status

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self._answers[f"{request.method} {request.url}"]
        return answer if isinstance(answer, httpx2.Response) else httpx2.Response(self._status, json=answer)

    def bodies(self) -> str:
        """All that was sent, as one text."""
        return "\n".join(each.content.decode() for each in self.asked)


async def opened(type_: str, recorded: Recorded) -> tuple[str, bool]:
    integration, repository, *_ = HOSTS[type_]
    host = Hosts.of_integrations({type_: [integration]}).of(repository)
    assert host
    found = await PullRequests(transport=httpx2.MockTransport(recorded)).open(host, repository, CHANGE)
    return found.url, found.new


@pytest.mark.parametrize("type_", HOSTS)
async def test_a_file_is_proposed_on_a_branch_of_its_own(type_: str) -> None:
    _, _, answers, _, page = HOSTS[type_]
    recorded = Recorded(answers)
    assert await opened(type_, recorded) == (page, True)
    assert [f"{each.method} {each.url}" for each in recorded.asked] == list(answers)
    assert {each.headers["authorization"].partition(" ")[0] for each in recorded.asked} <= {"Bearer", "Basic"}
    told = recorded.bodies()
    for said in (CHANGE.branch, CHANGE.title, "Why", "main"):
        assert said in told
    assert CONTENT in told or "kind: Component" in told or "kind%3A+Component" in told


@pytest.mark.parametrize("type_", HOSTS)
async def test_one_that_is_open_already_is_told_instead(type_: str) -> None:
    _, _, answers, listed, page = HOSTS[type_]
    recorded = Recorded({next(iter(answers)): listed})
    assert await opened(type_, recorded) == (page, False)


@pytest.mark.parametrize(
    ("type_", "elsewhere"),
    [
        ("github", {"head": {**HEAD, "repo": FORK}}),
        ("github", {"head": {**HEAD, "repo": None}}),
        ("gitea", {"head": {**HEAD, "repo": FORK}}),
        ("gitlab", {"source_project_id": 2}),
        ("bitbucketCloud", {"source": {"branch": {"name": CHANGE.branch}, "repository": FORK}}),
        ("bitbucketCloud", {"source": {"branch": {"name": CHANGE.branch}, "repository": None}}),
        ("bitbucketServer", {"fromRef": {"displayId": CHANGE.branch, "repository": FORK}}),
        ("azure", {"forkSource": {"repository": FORK}}),
    ],
)
async def test_one_of_a_fork_is_not_ours_whatever_its_branch_is_called(
    type_: str, elsewhere: dict[str, Any]
) -> None:
    _, _, answers, listed, page = HOSTS[type_]
    (one,) = listed if isinstance(listed, list) else next(iter(listed.values()))
    strange = [{**one, **elsewhere}]
    listed = strange if isinstance(listed, list) else dict.fromkeys(listed, strange)
    assert await opened(type_, Recorded({**answers, next(iter(answers)): listed})) == (page, True)


async def test_a_branch_that_is_left_of_a_closed_one_is_used_again() -> None:
    _, _, answers, _, page = HOSTS["github"]
    there = httpx2.Response(422, json={"message": "Reference already exists"})
    _, refs, contents, _ = answers
    assert await opened("github", Recorded({**answers, refs: there, contents: there})) == (page, True)


@pytest.mark.parametrize("type_", HOSTS)
@pytest.mark.parametrize(
    ("status", "error"), [(401, AccessDenied), (403, AccessDenied), (500, HostUnavailable)]
)
async def test_a_refusal_is_told_with_the_host_and_its_reason(
    type_: str, status: int, error: type[Exception]
) -> None:
    _, _, answers, _, _ = HOSTS[type_]
    with pytest.raises(error, match=rf"{status} .*nobody"):
        await opened(type_, Recorded({key: {"message": "nobody"} for key in answers}, status))


async def test_an_answer_of_another_kind_is_no_pull_request() -> None:
    _, _, answers, _, _ = HOSTS["gitlab"]
    with pytest.raises(HostUnavailable, match="does not answer as its kind of host does"):
        await opened("gitlab", Recorded({key: {"not": "a list"} for key in answers}))


async def test_without_a_token_nothing_is_asked() -> None:
    host = Hosts.of_integrations({"github": [{"host": "github.com"}]}).of("https://github.com/o/r")
    assert host
    recorded = Recorded({})
    with pytest.raises(AccessDenied, match="wants a token"):
        await PullRequests(transport=httpx2.MockTransport(recorded)).open(
            host, "https://github.com/o/r", CHANGE
        )
    assert json.dumps([str(each.url) for each in recorded.asked]) == "[]"
