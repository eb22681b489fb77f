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
from sipario_scm.silence import FORGET_SECONDS, Silence

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


def failing(error: Exception) -> tuple[SafeFetcher, list[str]]:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if request.url.path == "/good":
            return httpx2.Response(200, content=b"ok")
        raise error

    return fetcher(answer), asked


def test_a_host_that_can_not_be_reached_is_asked_once() -> None:
    reader, asked = failing(httpx2.ConnectTimeout("too slow"))
    for path in "aab":
        with pytest.raises(HostUnavailable, match="too slow"):
            reader.url(f"http://127.0.0.1:8000/{path}")
    assert asked == ["/a"]


def test_one_slow_file_does_not_silence_its_host() -> None:
    reader, asked = failing(httpx2.ReadTimeout("too slow"))
    for _ in range(4):
        with pytest.raises(HostUnavailable, match="too slow"):
            reader.url("http://127.0.0.1:8000/slow")
        assert reader.url("http://127.0.0.1:8000/good") == b"ok"
    assert asked.count("/slow") == 1


def test_a_host_that_fails_several_times_in_a_row_is_silent() -> None:
    reader, asked = failing(httpx2.ReadTimeout("too slow"))
    for path in ("a", "b", "c", "d", "good"):
        with pytest.raises(HostUnavailable, match="too slow"):
            reader.url(f"http://127.0.0.1:8000/{path}")
    assert asked == ["/a", "/b", "/c"]


def test_who_was_silent_is_asked_again_later() -> None:
    now = [0.0]
    silence = Silence(lambda: now[0])
    with pytest.raises(HostUnavailable), silence.asking("h", "h/a"):
        raise httpx2.ConnectError("away")
    with pytest.raises(HostUnavailable), silence.asking("h", "h/a"):
        raise AssertionError
    now[0] = FORGET_SECONDS
    with silence.asking("h", "h/a"):
        pass


WIDE = (Allowed("*.example.org"),)


def test_what_was_checked_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])  # a name that leads inside once it was checked
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=b"ok")

    reader = SafeFetcher(WIDE, httpx2.MockTransport(answer), lambda *_: next(answers))
    assert reader.url("https://docs.example.org/a?b=c") == b"ok"
    assert str(seen[0].url) == "https://93.184.216.34/a?b=c"
    assert seen[0].headers["host"] == "docs.example.org"
    assert seen[0].extensions["sni_hostname"] == "docs.example.org"
    with pytest.raises(UrlRefused, match="not a public one"):
        reader.url("https://docs.example.org/a?b=c")
    assert len(seen) == 1


def test_the_next_address_is_tried_when_one_can_not_be_reached() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "2606:2800:220:1::1":
            raise httpx2.ConnectError("no route")
        return httpx2.Response(200, content=request.url.host.encode())

    found = ["2606:2800:220:1::1", "93.184.216.34"]
    reader = SafeFetcher(WIDE, httpx2.MockTransport(answer), lambda *_: found)
    assert reader.url("https://docs.example.org/a") == b"93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_public_name_may_not_lead_inside(address: str) -> None:
    def asked(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(request.url)

    reader = SafeFetcher(WIDE, httpx2.MockTransport(asked), lambda *_: ["93.184.216.34", address])
    with pytest.raises(UrlRefused, match="not a public one"):
        reader.url("https://docs.example.org/a")


def test_a_file_is_read_by_the_api_with_the_hosts_token() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text=f"{request.url} {request.headers['authorization']}")

    host = Host("github", "https://github.com", "t", "https://api.github.com")
    read = fetcher(answer).file(host, Target("https://github.com/o/r", "main", "a/b.yaml"))
    assert read == b"https://api.github.com/repos/o/r/contents/a/b.yaml?ref=main Bearer t"
