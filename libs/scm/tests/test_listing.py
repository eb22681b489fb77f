"""Repositories are listed by a host, or it is told why not."""

import httpx2
import pytest
from sipario_scm import Host, HostUnavailable, exists, repositories

HOST = Host("github", "https://git.example.org", "", "https://git.example.org/api/v3")
REPOSITORY = {"html_url": "https://git.example.org/O/R", "default_branch": "main"}


def answering(content: object) -> httpx2.AsyncClient:
    answer = {"html": content} if isinstance(content, str) else {"json": content}
    return httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, **answer)))


async def test_repositories_are_listed_by_their_addresses() -> None:
    async with answering([REPOSITORY]) as client:
        found = [each.address async for each in repositories(client, HOST)]
    assert found == ["https://git.example.org/o/r"]


@pytest.mark.parametrize("content", ["<h1>Sign in</h1>", {"message": "no"}, [{}], ["x"], [{"html_url": "x"}]])
async def test_an_answer_that_is_no_list_of_repositories_means_that_the_host_is_away(content: object) -> None:
    async with answering(content) as client:
        with pytest.raises(HostUnavailable):
            _ = [each async for each in repositories(client, HOST)]


@pytest.mark.parametrize("content", ["<h1>Sign in</h1>", [], {"html_url": 7}])
async def test_a_repository_is_not_gone_because_of_a_strange_answer(content: object) -> None:
    async with answering(content) as client:
        with pytest.raises(HostUnavailable):
            await exists(client, HOST, "https://git.example.org/o/r")


async def test_a_repository_that_is_told_is_there() -> None:
    async with answering(REPOSITORY) as client:
        assert await exists(client, HOST, "https://git.example.org/o/r")
        assert not await exists(client, HOST, "https://git.example.org/o/another")
