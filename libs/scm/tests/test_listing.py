"""Repositories are listed by each kind of host, whole, or it is told why not."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from sipario_scm import AccessDenied, Host, Hosts, HostType, HostUnavailable, Listed, Lists, Scope

SHAPES = Path(__file__).parent / "shapes"
HOSTS = Hosts.of_integrations(
    {
        "github": [{"host": "github.com", "token": "t"}],
        "gitlab": [{"host": "gitlab.com", "token": "t"}],
        "bitbucketCloud": [{"username": "ada", "appPassword": "p"}],
        "bitbucketServer": [{"host": "bb.example.org", "token": "t"}],
        "azure": [{"credentials": [{"organizations": ["palco"], "personalAccessToken": "t"}]}],
        "gitea": [{"host": "gitea.example.org", "token": "t"}],
        "gerrit": [{"host": "gerrit.example.org", "username": "ada", "password": "p"}],
    }
)


class Server:
    """Answers as a host did; keeps what it was asked, and can be told to answer otherwise."""

    def __init__(self, *kinds: str) -> None:
        self.answers = {
            url: each
            for kind in kinds
            for url, each in json.loads((SHAPES / f"{kind}.json").read_text()).items()
        }
        self.asked: list[httpx2.Request] = []
        self.waited: list[float] = []
        self.before: list[httpx2.Response] = []
        self.now = 1000.0

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if self.before:
            return self.before.pop(0)
        found = self.answers.get(str(request.url), {"status": 404, "headers": {}, "body": {}})
        etag = found["headers"].get("etag")
        if etag and request.headers.get("if-none-match") == etag:
            return httpx2.Response(304)
        content = {"text": found["text"]} if "text" in found else {"json": found["body"]}
        return httpx2.Response(found["status"], headers=found["headers"], **content)

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds

    @property
    def lists(self) -> Lists:
        return Lists(transport=httpx2.MockTransport(self.answer), sleep=self.wait, clock=lambda: self.now)


def host(type_: HostType) -> Host:
    found = next(each for each in HOSTS if each.type == type_)
    assert isinstance(found, Host)
    return found


async def listed(type_: HostType, scope: Scope, server: Server | None = None) -> list[Listed]:
    return await (server or Server(type_)).lists.of(host(type_), scope)


async def test_github_lists_an_organisation_by_pages() -> None:
    shop, old, lib = await listed("github", Scope("Palco"))
    assert shop == Listed(
        "https://github.com/palco/shop",
        "main",
        name="shop",
        path="Palco/shop",
        project="Palco",
        topics=("catalog", "Java"),
        visibility="public",
    )
    assert (old.archived, old.visibility) == (True, "internal")
    assert (lib.fork, lib.branch) == (True, "trunk")


async def test_gitlab_lists_a_group_with_its_subgroups_and_leaves_out_what_is_about_to_be_deleted() -> None:
    shop, lib, old = await listed("gitlab", Scope("palco/box"))
    assert (shop.address, shop.path, shop.topics) == (
        "https://gitlab.com/palco/box/shop",
        "palco/box/shop",
        ("catalog", "java"),
    )
    assert (lib.address, lib.branch, lib.fork) == ("https://gitlab.com/palco/box/sub/lib", "", True)
    assert old.archived


async def test_bitbucket_cloud_lists_a_workspace() -> None:
    server = Server("bitbucketCloud")
    shop, lib = await listed("bitbucketCloud", Scope("palco"), server)
    assert (shop.address, shop.project, shop.branch) == ("https://bitbucket.org/palco/shop", "BOX", "main")
    assert (lib.project, lib.branch, lib.fork) == ("LIB", "", True)
    assert server.asked[0].headers["authorization"] == "Basic YWRhOnA="


async def test_bitbucket_server_lists_all_projects() -> None:
    shop, lib, mine = await listed("bitbucketServer", Scope())
    assert shop.address == "https://bb.example.org/projects/box/repos/shop"
    assert (lib.archived, lib.path) == (True, "LIB/lib")
    assert (mine.fork, mine.address) == (True, "https://bb.example.org/projects/~ada/repos/mine")


async def test_azure_lists_an_organisation_with_the_token_of_that_organisation() -> None:
    server = Server("azure")
    shop, off, lib = await listed("azure", Scope("Palco"), server)
    assert (shop.address, shop.branch) == ("https://dev.azure.com/palco/my%20box/_git/shop", "main")
    assert (off.archived, off.project) == (True, "Lib")
    assert (lib.address, lib.fork) == ("https://dev.azure.com/palco/lib/_git/lib", True)
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert not host("azure").login("https://dev.azure.com/else/x/_git/x").token


async def test_gitea_lists_a_user_and_all() -> None:
    shop, lib = await listed("gitea", Scope("palco"))
    assert (shop.address, shop.topics) == ("https://gitea.example.org/palco/shop", ("catalog",))
    assert (lib.archived, lib.fork, lib.visibility) == (True, True, "private")
    assert [each.name for each in await listed("gitea", Scope())] == ["shop"]


async def test_gerrit_lists_projects_by_pages_or_by_a_query() -> None:
    shop, lib, tools = await listed("gerrit", Scope())
    assert shop.address == "https://gerrit.example.org/plugins/gitiles/Box/shop"
    assert (shop.name, shop.path, lib.archived, tools.archived) == ("shop", "Box/shop", True, False)
    (found,) = await listed("gerrit", Scope(query="?query=name:lib"))
    assert found.name == "lib"


async def test_a_page_that_is_as_it_was_is_not_sent_again() -> None:
    server = Server("github")
    lists = server.lists
    first = await lists.of(host("github"), Scope("Palco"))
    assert await lists.of(host("github"), Scope("Palco")) == first
    assert [each.headers.get("if-none-match") for each in server.asked] == [
        None,
        None,
        'W/"one"',
        'W/"two"',
    ]


@pytest.mark.parametrize(
    "type_", ["github", "gitlab", "bitbucketCloud", "bitbucketServer", "azure", "gitea", "gerrit"]
)
async def test_a_list_that_breaks_off_is_none(type_: HostType) -> None:
    owners = {"gitlab": "palco/box", "github": "Palco", "azure": "Palco", "bitbucketServer": "", "gerrit": ""}
    scope = Scope(owners.get(type_, "palco"))
    whole = Server(type_)
    await whole.lists.of(host(type_), scope)
    for place in range(len(whole.asked)):
        for status in (500, 200, 401):
            server = Server(type_)
            server.answers[str(whole.asked[place].url)] = {
                "status": status,
                "headers": {},
                "body": "nonsense",
            }
            with pytest.raises((HostUnavailable, AccessDenied)):
                await server.lists.of(host(type_), scope)


async def test_a_next_page_on_another_host_is_not_asked() -> None:
    server = Server("github")
    first = next(iter(server.answers))
    server.answers[first]["headers"]["link"] = '<https://evil.example/repos>; rel="next"'
    with pytest.raises(HostUnavailable, match="evil"):
        await listed("github", Scope("Palco"), server)
    assert {each.url.host for each in server.asked} == {"api.github.com"}


async def test_an_owner_that_is_not_there_is_told() -> None:
    with pytest.raises(AccessDenied, match="has no nobody"):
        await listed("github", Scope("nobody"))


@pytest.mark.parametrize(
    ("status", "headers", "waited"),
    [
        (429, {"retry-after": "7"}, 7.0),
        (403, {"retry-after": "7"}, 7.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, 31.0),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "1030"}, 31.0),
        (503, {"retry-after": "Thu, 01 Jan 1970 00:17:00 GMT"}, 20.0),
        (502, {}, 2.0),
        (429, {}, 60.0),
    ],
)
async def test_a_host_that_wants_us_to_wait_is_waited_for(
    status: int, headers: dict[str, str], waited: float
) -> None:
    server = Server("github")
    server.before = [httpx2.Response(status, headers=headers)]
    assert len(await listed("github", Scope("Palco"), server)) == 3
    assert server.waited == [waited]


async def test_a_host_that_wants_us_to_wait_long_is_not_asked_until_then() -> None:
    server = Server("github")
    lists = server.lists
    server.before = [httpx2.Response(429, headers={"retry-after": "3600"})]
    for _ in range(2):
        with pytest.raises(HostUnavailable, match="no more requests for 3600 s"):
            await lists.of(host("github"), Scope("Palco"))
    assert len(server.asked) == 1
    server.now += 3601
    assert len(await lists.of(host("github"), Scope("Palco"))) == 3


async def test_a_host_that_stays_away_is_asked_a_few_times() -> None:
    server = Server("github")
    server.before = [httpx2.Response(503) for _ in range(9)]
    with pytest.raises(HostUnavailable, match="503"):
        await listed("github", Scope("Palco"), server)
    assert len(server.asked) == 4


async def test_a_forbidden_list_without_a_limit_is_not_asked_again() -> None:
    server = Server("github")
    server.before = [httpx2.Response(403)]
    with pytest.raises(AccessDenied):
        await listed("github", Scope("Palco"), server)
    assert not server.waited


def raising(error: Exception) -> Callable[[httpx2.Request], httpx2.Response]:
    def answer(request: httpx2.Request) -> httpx2.Response:
        del request
        raise error

    return answer


async def test_a_host_that_does_not_answer_is_away() -> None:
    lists = Lists(transport=httpx2.MockTransport(raising(httpx2.ConnectError("refused"))))
    with pytest.raises(HostUnavailable, match="refused"):
        await lists.of(host("gitlab"), Scope())


async def test_a_plain_git_server_has_no_list() -> None:
    with pytest.raises(HostUnavailable, match="no list"):
        await Lists().of(Host("git", "https://git.example.org"), Scope())
