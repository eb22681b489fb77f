"""Repositories of Azure DevOps, Services and Server."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_scm.address import address
from sipario_scm.hosts import Host
from sipario_scm.lists.page import Answer, Dialect, Listed, Page, Scope, entries, with_query

_VERSION = "6.0"
_HEADS = "refs/heads/"


def _first(host: Host, scope: Scope) -> Sequence[str]:
    """A project's, or those of all projects of the organisation (on a server: the collection)."""
    project = f"/{quote(scope.project, safe='')}" if scope.project else ""
    owner = quote(scope.owner.strip("/"), safe="/")
    return (f"{host.api}/{owner}{project}/_apis/git/repositories?api-version={_VERSION}",)


def _read(host: Host, answer: Answer) -> Page:
    owner = answer.url.removeprefix(host.api).partition("/_apis/")[0]
    found = tuple(_listed(host, owner, each) for each in entries(answer.content["value"]))
    token = answer.response.headers.get("x-ms-continuationtoken")
    return Page(found, with_query(answer.url, continuationToken=token) if token else "")


def _listed(host: Host, asked: str, entry: Mapping[str, Any]) -> Listed:
    name, project = str(entry["name"]), str(entry["project"]["name"])
    owner = "/".join(part for part in asked.split("/") if part and part != quote(project, safe=""))
    home = str(entry.get("webUrl") or f"{host.url}/{owner}/{quote(project)}/_git/{quote(name)}")
    return Listed(
        address(home),
        str(entry.get("defaultBranch") or "").removeprefix(_HEADS),
        archived=bool(entry.get("isDisabled")),
        fork=bool(entry.get("isFork") or entry.get("parentRepository")),
        name=name,
        path=f"{project}/{name}",
        project=project,
        visibility=str(entry["project"].get("visibility") or ""),
    )


AZURE = Dialect(_first, _read)
