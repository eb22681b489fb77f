"""Opens pull requests for a new file, on any host that has them."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2

from sipario_scm.errors import AccessDenied, HostUnavailable
from sipario_scm.hosts import Host
from sipario_scm.pulls import DIALECTS
from sipario_scm.pulls.dialect import Ask, Change, Dialect

TIMEOUT_SECONDS = 20.0
BRANCH = "sipario-catalog-info"
"""What the names of our branches begin with."""

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Where a pull request is; `new` when it was opened just now."""

    url: str
    new: bool


class PullRequests:
    """Asks hosts with the token of their integration. `transport` is the world's."""

    def __init__(self, *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._transport = transport

    async def open(self, host: Host, repository: str, change: Change) -> PullRequest:
        """Open one, unless one of ours is open already. Raises AccessDenied and HostUnavailable."""
        dialect = DIALECTS.get(host.type)
        if dialect is None:
            raise HostUnavailable(f"{host.name} takes no pull requests that are known here")
        login = await asyncio.to_thread(host.login, repository)
        if not login.token:
            raise AccessDenied(f"{host.name} wants a token for a pull request: add one to its integration")
        headers = {"accept": "application/json", **login.headers()}
        async with httpx2.AsyncClient(
            transport=self._transport, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False
        ) as client:
            return await _opened(_Asking(client, host), dialect, repository, change)


async def _opened(asking: "_Asking", dialect: Dialect, repository: str, change: Change) -> PullRequest:
    host = asking.host
    try:
        pulls = dialect.open(host, repository, await asking.ask(dialect.listed(host, repository)))
        ours = next((url for branch, url in pulls.items() if branch.startswith(BRANCH)), "")
        if ours:
            return PullRequest(ours, new=False)
        for wish in dialect.written(host, repository, change):
            await asking.ask(wish)
        found = await asking.ask(dialect.proposed(host, repository, change))
        return PullRequest(dialect.page(host, repository, found), new=True)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise HostUnavailable(f"{host.name} does not answer as its kind of host does") from error


@dataclass(frozen=True, slots=True)
class _Asking:
    """A conversation with a host."""

    client: httpx2.AsyncClient
    host: Host

    async def ask(self, wish: Ask) -> Any:
        """Return the JSON of an answer; None where there is none. Raises AccessDenied and HostUnavailable."""
        name = self.host.name
        body: dict[str, Any] = {"json": wish.json} if wish.json is not None else {"data": wish.form}
        if wish.parts:
            parts = {key: (None, text) for key, text in (wish.form or {}).items()}
            body = {"files": parts, "headers": {"x-atlassian-token": "no-check"}}
        try:
            response = await self.client.request(wish.method, wish.url, **body)
        except httpx2.HTTPError as error:
            raise HostUnavailable(f"{name} does not answer: {error or type(error).__name__}") from error
        if response.status_code in wish.there:
            return None
        if response.status_code in (203, 401, 403, 404):
            raise AccessDenied(f"{name} refuses a pull request for this token: {_reason(response)}")
        if not response.is_success:
            raise HostUnavailable(f"{name} takes no pull request: {_reason(response)}")
        return response.json() if response.content else None


def _reason(response: httpx2.Response) -> str:
    return f"{response.status_code} {response.text[:_LONGEST_REASON].strip()}".strip()
