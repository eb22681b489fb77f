"""Repositories of Bitbucket Server and Data Center."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_scm.address import address
from sipario_scm.hosts import Host
from sipario_scm.lists.page import PAGE, Answer, Dialect, Listed, Page, Scope, entries, with_query


def _first(host: Host, scope: Scope) -> Sequence[str]:
    where = f"/projects/{quote(scope.project, safe='~')}" if scope.project else ""
    return (f"{host.api}{where}/repos?limit={PAGE}&start=0",)


def _read(host: Host, answer: Answer) -> Page:
    content = answer.content
    found = tuple(_listed(host, each) for each in entries(content["values"]))
    if content["isLastPage"]:
        return Page(found)
    return Page(found, with_query(answer.url, start=int(content["nextPageStart"])))


def _listed(host: Host, entry: Mapping[str, Any]) -> Listed:
    """Read one; its links may name another host than we ask, when a proxy stands between."""
    key, slug = str(entry["project"]["key"]), str(entry["slug"])
    return Listed(
        address(f"{host.url}/projects/{key}/repos/{slug}"),
        archived=bool(entry.get("archived")),
        fork=bool(entry.get("origin")),
        name=slug,
        path=f"{key}/{slug}",
        project=key,
        visibility="public" if entry.get("public") else "private",
    )


BITBUCKET_SERVER = Dialect(_first, _read)
