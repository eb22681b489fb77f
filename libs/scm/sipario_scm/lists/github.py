"""Repositories of GitHub and GitHub Enterprise."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_scm.address import address
from sipario_scm.hosts import Host
from sipario_scm.lists.page import PAGE, Answer, Dialect, Listed, Page, Scope, entries, linked


def owned(everything: str, pages: str) -> Callable[[Host, Scope], Sequence[str]]:
    """Begin at an organisation's, or a user's; without a name, at `everything` that the token sees."""

    def first(host: Host, scope: Scope) -> Sequence[str]:
        if not scope.owner:
            return (f"{host.api}/{everything}?{pages}",)
        owner = quote(scope.owner, safe="")
        return tuple(f"{host.api}/{kind}/{owner}/repos?{pages}" for kind in ("orgs", "users"))

    return first


def _read(host: Host, answer: Answer) -> Page:
    del host
    found = tuple(github_listed(each) for each in entries(answer.content))
    return Page(found, linked(answer))


def github_listed(entry: Mapping[str, Any]) -> Listed:
    """Read a repository as GitHub, and Gitea alike, tells of it."""
    private = "private" if entry.get("private") else "public"
    home = address(str(entry["html_url"]))
    owner, name = str(entry["html_url"]).rstrip("/").split("/")[-2:]
    return Listed(
        home,
        str(entry.get("default_branch") or ""),
        archived=bool(entry.get("archived")),
        fork=bool(entry.get("fork")),
        name=name,
        path=f"{owner}/{name}",
        project=owner,
        topics=tuple(map(str, entry.get("topics") or ())),
        visibility=str(entry.get("visibility") or ("internal" if entry.get("internal") else private)),
    )


GITHUB = Dialect(owned("user/repos", f"per_page={PAGE}"), _read)
