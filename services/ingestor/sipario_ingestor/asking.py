"""How providers ask over HTTP: with patience where a host wants it, and with bounds where it has none."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx2
from sipario_kit.configuration import section
from sipario_plugin import Answer, GitHost, Surroundings, Unreadable
from sipario_scm import Host, Hosts, ScmError
from sipario_scm.listing import LONGEST_WAIT, TIMEOUT_SECONDS, TRIES, wait_of

LARGEST_ANSWER = 50_000_000
NOTHING: Mapping[str, str] = {}


class Asking:
    """Sends requests, for any thread. `sleep` and `clock` (seconds of the epoch) are the world's."""

    def __init__(
        self,
        *,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = httpx2.Client(transport=transport, timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._sleep = sleep
        self._clock = clock
        self._closed: dict[str, float] = {}

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def __call__(
        self, url: str, *, method: str = "GET", headers: Mapping[str, str] = NOTHING, body: bytes = b""
    ) -> Answer:
        """Return the answer; raises Unreadable, with `later`."""
        host = urlsplit(url).netloc
        self._refuse(host)
        for attempt in range(TRIES):
            response, content = self._sent(method, url, headers, body)
            wait = wait_of(response, self._clock())
            if wait is None:
                return Answer(url, response.status_code, dict(response.headers), content)
            if wait > LONGEST_WAIT:
                self._closed[host] = self._clock() + wait
                self._refuse(host)
            if attempt < TRIES - 1:
                self._sleep(wait)
        raise Unreadable(f"{host} answers {response.status_code}, again and again", later=True)

    def _refuse(self, host: str) -> None:
        left = self._closed.get(host, 0.0) - self._clock()
        if left > 0:
            raise Unreadable(f"{host} takes no more requests for {left:.0f} s", later=True)

    def _sent(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[httpx2.Response, bytes]:
        host = urlsplit(url).netloc
        content = bytearray()
        try:
            with self._client.stream(method, url, headers=dict(headers), content=body or None) as response:
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > LARGEST_ANSWER:
                        raise Unreadable(f"{host} answers with more than {LARGEST_ANSWER / 1e6:g} MB")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unreadable(
                f"{host} does not answer: {str(error) or type(error).__name__}", later=True
            ) from error
        return response, bytes(content)


def surroundings(hosts: Hosts, configuration: Mapping[str, Any], asking: Asking) -> Surroundings:
    """Return what makers of providers are given, of the whole configuration."""

    def found(type_: str, name: str = "") -> GitHost | None:
        name = (urlsplit(name).netloc or name).lower()
        host = next((each for each in hosts if each.type == type_ and each.name == name), None)
        host = host or hosts.named(name, type_)  # type: ignore[arg-type] # a plugin may ask for any
        return _git_host(host) if host else None

    integrations = section(configuration, "integrations") or {}
    return Surroundings(asking, found, integrations, lambda path: section(configuration, path))


def _git_host(host: Host) -> GitHost:
    def headers(owner: str) -> Mapping[str, str]:
        try:
            return host.login(f"{host.url}/{owner}" if owner else "").headers()
        except ScmError as error:
            raise Unreadable(str(error), later=True) from error

    def owners() -> Sequence[str] | None:
        try:
            return host.apps.owners() if host.apps else None
        except ScmError as error:
            raise Unreadable(str(error), later=True) from error

    return GitHost(host.type, host.url, host.api, headers, owners)
