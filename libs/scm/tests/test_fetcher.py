from collections.abc import Callable

import httpx2
import pytest
from sipario_scm import (
    AccessDenied,
    Allowed,
    FileMissing,
    FileRefused,
    Host,
    HostUnavailable,
    SafeFetcher,
    ScmError,
    Target,
    UrlRefused,
)

ALLOWED = (Allowed("docs.example.org", ("/public/",)), Allowed("127.0.0.1:8000"))


def fetcher(answer: Callable[[httpx2.Request], httpx2.Response]) -> SafeFetcher:
    return SafeFetcher(ALLOWED, httpx2.MockTransport(answer))


def test_reads_what_is_allowed() -> None:
    assert (
        fetcher(lambda _: httpx2.Response(200, content=b"ok")).url("https://docs.example.org/public/a.yaml")
        == b"ok"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example.org/public/a",
        "https://docs.example.org/private/a",
        "https://docs.example.org/public/../private/a",
        "https://docs.example.org/public/%2e%2e/private/a",
        "https://docs.example.org/public/%252e%252e/private/a",
        "https://user@docs.example.org/public/a",
        "https://docs.example.org:8443/public/a",
        "https://docs.example.org.evil.example/public/a",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/",
        "http://0/",
        "http://2130706433/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "ftp://docs.example.org/public/a",
        "",
    ],
)
def test_refuses_everything_else_without_asking(url: str) -> None:
    def asked(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(request.url)

    with pytest.raises(UrlRefused):
        fetcher(asked).url(url)


@pytest.mark.parametrize(
    ("status", "error"), [(302, UrlRefused), (404, FileMissing), (403, AccessDenied), (500, HostUnavailable)]
)
def test_says_why_it_can_not_be_read(status: int, error: type[ScmError]) -> None:
    answer = httpx2.Response(status, headers={"location": "http://169.254.169.254/"})
    with pytest.raises(error):
        fetcher(lambda _: answer).url("http://127.0.0.1:8000/a")


def test_stops_when_there_is_too_much() -> None:
    with pytest.raises(FileRefused, match="more than 5 MB"):
        fetcher(lambda _: httpx2.Response(200, content=b"x" * 5_000_001)).url("http://127.0.0.1:8000/a")


def test_a_silent_host_is_asked_once() -> None:
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        raise httpx2.ConnectTimeout("too slow")

    reader = fetcher(answer)
    for _ in range(3):
        with pytest.raises(HostUnavailable, match="too slow"):
            reader.url("http://127.0.0.1:8000/a")
    assert len(asked) == 1


def test_a_file_is_read_by_the_api_with_the_hosts_token() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text=f"{request.url} {request.headers['authorization']}")

    host = Host("github", "https://github.com", "t", "https://api.github.com")
    read = fetcher(answer).file(host, Target("https://github.com/o/r", "main", "a/b.yaml"))
    assert read == b"https://api.github.com/repos/o/r/contents/a/b.yaml?ref=main Bearer t"
