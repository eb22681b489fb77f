"""Which repositories a GitHub-shaped host has."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from sipario_scm.address import address
from sipario_scm.errors import AccessDenied, HostUnavailable
from sipario_scm.hosts import Host

PAGE = 100
MOST_PAGES = 1000
TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository that a host lists; `address` is its web address as events spell it."""

    address: str
    branch: str
    archived: bool = False
    fork: bool = False


async def repositories(
    client: httpx2.AsyncClient, host: Host, organization: str = ""
) -> AsyncIterator[Listed]:
    """Yield all repositories of an organisation (or user), or all that the token sees when none is named.

    Raises AccessDenied and HostUnavailable.
    """
    paths = [f"/orgs/{organization}/repos", f"/users/{organization}/repos"]
    url: str | None = f"{host.api}{paths[0] if organization else '/user/repos'}?per_page={PAGE}"
    for page in range(MOST_PAGES):
        if url is None:
            return
        response = await _asked(client, host, url)
        if response.status_code == 404 and page == 0 and organization:
            response = await _asked(client, host, f"{host.api}{paths[1]}?per_page={PAGE}")
        for entry in _entries(host, response):
            yield _listed(host, entry)
        url = _next(host, response)


async def exists(client: httpx2.AsyncClient, host: Host, repository: str) -> bool:
    """Ask whether a GitHub-shaped host still has a repository under that name, not archived."""
    response = await _asked(client, host, f"{host.api}/repos{repository.removeprefix(host.url)}")
    if response.status_code == 404 or 300 <= response.status_code < 400:  # gone, or renamed
        return False
    if response.status_code >= 400:
        raise HostUnavailable(f"{host.name} answers {response.status_code}")
    found = _json(host, response)
    if not isinstance(found, dict):
        raise HostUnavailable(f"{host.name} does not tell of repositories as GitHub does")
    return _listed(host, found).address == repository and not found.get("archived", False)


async def _asked(client: httpx2.AsyncClient, host: Host, url: str) -> httpx2.Response:
    headers = {"accept": "application/vnd.github+json"}
    if host.token:
        headers["authorization"] = f"Bearer {host.token}"
    try:
        return await client.get(url, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False)
    except httpx2.HTTPError as error:
        raise HostUnavailable(f"{host.name} does not answer: {error or type(error).__name__}") from error


def _entries(host: Host, response: httpx2.Response) -> list[Mapping[str, Any]]:
    if response.status_code in (401, 403):
        raise AccessDenied(f"{host.name} refuses to list repositories for this token")
    if response.status_code >= 300:
        raise HostUnavailable(f"{host.name} answers {response.status_code} when asked for its repositories")
    found = _json(host, response)
    if not isinstance(found, list):
        raise HostUnavailable(f"{host.name} does not list repositories as GitHub does")
    return found


def _json(host: Host, response: httpx2.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:  # a page for people, of whatever stands between
        raise HostUnavailable(f"{host.name} does not answer with JSON") from error


def _listed(host: Host, entry: Any) -> Listed:
    try:
        home = address(str(entry["html_url"]))
    except (KeyError, TypeError, ValueError) as error:
        raise HostUnavailable(f"{host.name} does not tell of repositories as GitHub does") from error
    return Listed(
        home,
        str(entry.get("default_branch") or ""),
        archived=bool(entry.get("archived")),
        fork=bool(entry.get("fork")),
    )


def _next(host: Host, response: httpx2.Response) -> str | None:
    """Follow the link to the next page, but never to another host: the token goes along."""
    url = response.links.get("next", {}).get("url")
    return url if url and url.startswith(host.api + "/") else None
