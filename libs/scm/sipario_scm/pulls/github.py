"""Pull requests of GitHub, GitHub Enterprise and hosts that speak as they do."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sipario_scm.hosts import Host
from sipario_scm.pulls.dialect import Ask, Change, Dialect, inside

_THERE = frozenset({422})


def _listed(host: Host, repository: str) -> Ask:
    return Ask("GET", f"{_home(host, repository)}/pulls?state=open&per_page=100")


def _written(host: Host, repository: str, change: Change) -> Sequence[Ask]:
    home = _home(host, repository)
    branch = {"ref": f"refs/heads/{change.branch}", "sha": change.commit}
    return (
        Ask("POST", f"{home}/git/refs", branch, there=_THERE),
        Ask("PUT", f"{home}/contents/{change.path}", file_of(change), there=_THERE),
    )


def _proposed(host: Host, repository: str, change: Change) -> Ask:
    return Ask("POST", f"{_home(host, repository)}/pulls", pull_of(change))


def _home(host: Host, repository: str) -> str:
    return f"{host.api}/repos/{'/'.join(inside(host, repository))}"


def file_of(change: Change) -> dict[str, str]:
    """Say a new file as GitHub, and Gitea alike, takes it."""
    content = base64.b64encode(change.content.encode()).decode()
    return {"message": change.title, "content": content, "branch": change.branch}


def pull_of(change: Change) -> dict[str, str]:
    """Say a pull request as both take it."""
    return {"title": change.title, "body": change.body, "head": change.branch, "base": change.base}


def open_pulls(_host: Host, _repository: str, content: Any) -> Mapping[str, str]:
    """Read a list of pull requests as both give it; the repository of a fork that is gone is none."""
    return {
        str(each["head"]["ref"]): str(each["html_url"])
        for each in content
        if (each["head"]["repo"] or {}).get("id") == each["base"]["repo"]["id"]
    }


def page_of(_host: Host, _repository: str, content: Any) -> str:
    """Read where a pull request is, as both tell it."""
    return str(content["html_url"])


GITHUB = Dialect(_listed, open_pulls, _written, _proposed, page_of)
