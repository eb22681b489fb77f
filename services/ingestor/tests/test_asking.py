"""Providers ask with patience and bounds, and find the Git hosts that configuration names."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sipario_ingestor.asking import LARGEST_ANSWER, Asking, surroundings
from sipario_plugin import Answer, Surroundings, Unreadable
from sipario_scm import Hosts

URL = "https://api.example.org/people"


class Server:
    """Answers with what it is told, the last of that again and again; its clock moves when it is waited for."""

    def __init__(self) -> None:
        self.answers: list[httpx2.Response | Exception] = [httpx2.Response(200, json=[])]
        self.asked: list[httpx2.Request] = []
        self.waited: list[float] = []
        self.now = 1000.0

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return found

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def ask(server: Server) -> Iterator[Asking]:
    transport = httpx2.MockTransport(server.answer)
    asking = Asking(transport=transport, sleep=server.wait, clock=lambda: server.now)
    yield asking
    asking.close()


def busy(status: int, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_an_answer_is_given_as_it_came_whatever_its_status(server: Server, ask: Asking) -> None:
    server.answers = [httpx2.Response(404, headers={"X-Kind": "none"}, content=b"no")]
    assert ask(URL, method="POST", headers={"authorization": "Bearer t"}, body=b"{}") == Answer(
        URL, 404, {"x-kind": "none", "content-length": "2"}, b"no"
    )
    (asked,) = server.asked
    assert (asked.method, asked.headers["authorization"], asked.content) == ("POST", "Bearer t", b"{}")


def test_a_redirect_is_not_followed_since_credentials_would_go_along(server: Server, ask: Asking) -> None:
    server.answers = [busy(302, location="https://evil.example")]
    assert ask(URL).status == 302
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("response", "waited"),
    [
        (busy(429, retry_after="7"), [7.0]),
        (busy(403, x_ratelimit_remaining="0", x_ratelimit_reset="1030"), [31.0]),
        (busy(502), [2.0]),
    ],
)
def test_a_host_that_says_for_how_long_is_waited_for(
    server: Server, ask: Asking, response: httpx2.Response, waited: list[float]
) -> None:
    server.answers = [response, httpx2.Response(200, json=[1])]
    assert ask(URL).json() == [1]
    assert server.waited == waited


def test_a_host_that_wants_much_time_is_not_asked_until_then(server: Server, ask: Asking) -> None:
    server.answers = [busy(429, retry_after="3600"), httpx2.Response(200, json=[])]
    for _ in range(2):
        with pytest.raises(Unreadable, match=r"api.example.org takes no more requests for 3600 s") as caught:
            ask(URL)
        assert caught.value.later
    assert len(server.asked) == 1
    server.now += 3600
    assert ask(URL).json() == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (busy(503), "api.example.org answers 503, again and again"),
        (httpx2.ConnectError("refused"), "api.example.org does not answer: refused"),
    ],
)
def test_a_host_that_is_away_is_to_be_asked_later(
    server: Server, ask: Asking, answer: Any, message: str
) -> None:
    server.answers = [answer]
    with pytest.raises(Unreadable, match=message) as caught:
        ask(URL)
    assert caught.value.later


def test_an_answer_without_end_is_cut_off(server: Server, ask: Asking) -> None:
    server.answers = [httpx2.Response(200, content=b" " * (LARGEST_ANSWER + 1))]
    with pytest.raises(Unreadable, match="answers with more than 50 MB"):
        ask(URL)


@pytest.fixture
def given(ask: Asking) -> Surroundings:
    integrations = {
        "github": [{"host": "ghe.example.org", "token": "t"}],
        "gitea": [{"host": "git.example.org", "apiBaseUrl": "http://git.example.org:3000/api/v1"}],
    }
    return surroundings(Hosts.of_integrations(integrations), integrations, ask)


@pytest.mark.parametrize(
    ("type_", "name", "url", "api"),
    [
        ("github", "", "https://github.com", "https://api.github.com"),
        ("github", "https://GHE.example.org", "https://ghe.example.org", "https://ghe.example.org/api/v3"),
        ("gitea", "", "https://git.example.org", "http://git.example.org:3000/api/v1"),
        ("gitlab", "gitlab.com", "https://gitlab.com", "https://gitlab.com/api/v4"),
    ],
)
def test_hosts_are_found_by_name_or_address(
    given: Surroundings, type_: str, name: str, url: str, api: str
) -> None:
    found = given.host(type_, name)
    assert found is not None
    assert (found.type, found.url, found.api) == (type_, url, api)


def test_a_host_is_asked_with_its_own_token_and_an_unknown_one_is_none(given: Surroundings) -> None:
    host = given.host("github", "ghe.example.org")
    assert host is not None
    assert host.headers("palco") == {"authorization": "Bearer t"}
    assert host.owners() is None
    assert given.host("github", "other.example") is None
    assert given.host("sourceforge") is None
