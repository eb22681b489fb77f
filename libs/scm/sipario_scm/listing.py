"""Asks Git hosts which repositories they have: whole lists, or none."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

import httpx2

from sipario_scm.errors import AccessDenied, HostUnavailable
from sipario_scm.hosts import Host
from sipario_scm.lists import DIALECTS
from sipario_scm.lists.page import Answer, Dialect, Listed, Page, Scope
from sipario_scm.login import Login

MOST_PAGES = 1000
TIMEOUT_SECONDS = 20.0
LONGEST_WAIT = 60.0
TRIES = 4
_PAUSE = 2.0
_AWAY = (502, 503, 504)

Kept = dict[str, tuple[str, Page]]


class Lists:
    """Lists repositories of any host, a page after the other; a page that is as it was is not sent again.

    A host that wants us to wait is waited for when that is short, and otherwise not asked until then. `sleep` and
    `clock` (seconds of the epoch) are the world's.
    """

    def __init__(
        self,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._sleep = sleep
        self._clock = clock
        self._kept: dict[tuple[str, Scope], Kept] = {}
        self._closed: dict[str, float] = {}

    async def of(self, host: Host, scope: Scope) -> list[Listed]:
        """Return all repositories of a part of a host. Raises AccessDenied and HostUnavailable, and then it is nothing.

        Without an owner, a GitHub App lists those of everybody who installed it.
        """
        if host.type not in DIALECTS:
            raise HostUnavailable(f"{host.name} has no list of repositories that is known here")
        if host.apps and not scope.owner:
            owners = await asyncio.to_thread(host.apps.owners)
            return [each for owner in owners for each in await self.of(host, replace(scope, owner=owner))]
        login = await asyncio.to_thread(host.login, f"{host.url}/{scope.owner}" if scope.owner else "")
        kept = self._kept.get((host.url, scope), {})
        async with httpx2.AsyncClient(transport=self._transport) as client:
            pages = await self._pages(_Asking(host, scope, login, DIALECTS[host.type], client), kept)
        self._kept[host.url, scope] = {url: (etag, page) for url, etag, page in pages if etag}
        return list({each.address: each for _, _, page in pages for each in page.repositories}.values())

    async def _pages(self, asking: "_Asking", kept: Kept) -> list[tuple[str, str, Page]]:
        found: list[tuple[str, str, Page]] = []
        urls = list(asking.dialect.first(asking.host, asking.scope))
        url = urls.pop(0)
        while len(found) < MOST_PAGES:
            etag, former = kept.get(url, ("", None))
            response = await self._answer(asking, url, etag)
            if response.status_code == 404 and not found and urls:
                url = urls.pop(0)
                continue
            if response.status_code == 304 and former:
                page = former
            else:
                page, etag = asking.page(url, response), response.headers.get("etag", "")
            found.append((url, etag, page))
            if not page.following:
                return found
            url = asking.allowed(page.following)
        raise HostUnavailable(f"{asking.host.name} has more than {MOST_PAGES} pages of repositories")

    async def _answer(self, asking: "_Asking", url: str, etag: str) -> httpx2.Response:
        """Ask once, or more often when the host says when. Raises HostUnavailable."""
        host = asking.host
        left = self._closed.get(host.url, 0.0) - self._clock()
        if left > 0:
            raise HostUnavailable(f"{host.name} takes no more requests for {left:.0f} s")
        headers = {"accept": "application/json", **asking.login.headers()}
        if etag:
            headers["if-none-match"] = etag
        for attempt in range(TRIES):
            try:
                response = await asking.client.get(
                    url, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False
                )
            except httpx2.HTTPError as error:
                raise HostUnavailable(
                    f"{host.name} does not answer: {error or type(error).__name__}"
                ) from error
            wait = wait_of(response, self._clock())
            if wait is None:
                return response
            if wait > LONGEST_WAIT:
                self._closed[host.url] = self._clock() + wait
                raise HostUnavailable(f"{host.name} takes no more requests for {wait:.0f} s")
            if attempt < TRIES - 1:
                await self._sleep(wait)
        raise HostUnavailable(f"{host.name} answers {response.status_code}, again and again")


@dataclass(frozen=True, slots=True)
class _Asking:
    """What stays the same for all pages of a list."""

    host: Host
    scope: Scope
    login: Login
    dialect: Dialect
    client: httpx2.AsyncClient

    def page(self, url: str, response: httpx2.Response) -> Page:
        """Translate a page. Raises AccessDenied and HostUnavailable."""
        name, status = self.host.name, response.status_code
        if status in (203, 401, 403):  # 203 is Azure's page for signing in
            raise AccessDenied(f"{name} refuses to list repositories for this token")
        if status == 404:
            raise AccessDenied(f"{name} has no {self._what()}, or hides it from this token")
        if status != 200:
            raise HostUnavailable(f"{name} answers {status} when asked for its repositories")
        try:
            return self.dialect.read(self.host, Answer(url, response))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise HostUnavailable(f"{name} does not list repositories as its kind of host does") from error

    def allowed(self, url: str) -> str:
        """Return the address of the next page, but never one of another host: the token goes along."""
        if not url.startswith(self.host.api + "/"):
            raise HostUnavailable(
                f"{self.host.name} says that its list goes on at {url[:200]}; see apiBaseUrl"
            )
        return url

    def _what(self) -> str:
        return (
            "/".join(part for part in (self.scope.owner, self.scope.project) if part)
            or "list of repositories"
        )


def wait_of(response: httpx2.Response, now: float) -> float | None:
    """Return how many seconds a host wants us to wait; None when it does not."""
    headers, status = response.headers, response.status_code
    spent = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")) == "0"
    asked = _seconds(headers.get("retry-after", ""), now)
    if status == 429 or (status == 403 and (spent or asked is not None)):
        reset = headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", ""))
        if asked is None and reset.isdecimal():
            asked = max(float(reset) - now, 0.0) + 1
        return LONGEST_WAIT if asked is None else asked
    if status in _AWAY:
        return _PAUSE if asked is None else asked
    return None


def _seconds(text: str, now: float) -> float | None:
    """Read `Retry-After`: seconds, or a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, TypeError, IndexError):
        return None
