"""Pull requests of Bitbucket Server and Data Center."""

from collections.abc import Mapping, Sequence
from typing import Any

from sipario_scm.hosts import Host
from sipario_scm.pulls.dialect import Ask, Change, Dialect, inside


def _listed(host: Host, repository: str) -> Ask:
    return Ask("GET", f"{_home(host, repository)}/pull-requests?state=OPEN&limit=100")


def _open(host: Host, repository: str, content: Any) -> Mapping[str, str]:
    return {
        str(each["fromRef"]["displayId"]): _page(host, repository, each)
        for each in content["values"]
        if each["fromRef"]["repository"]["id"] == each["toRef"]["repository"]["id"]
    }


def _written(host: Host, repository: str, change: Change) -> Sequence[Ask]:
    form = {
        "content": change.content,
        "message": change.title,
        "branch": change.branch,
        "sourceBranch": change.base,
    }
    url = f"{_home(host, repository)}/browse/{change.path}"
    return (Ask("PUT", url, form=form, parts=True, there=frozenset({409})),)


def _proposed(host: Host, repository: str, change: Change) -> Ask:
    project, slug = _names(host, repository)

    def ref(branch: str) -> dict[str, Any]:
        return {"id": f"refs/heads/{branch}", "repository": {"slug": slug, "project": {"key": project}}}

    wish = {
        "title": change.title,
        "description": change.body,
        "fromRef": ref(change.branch),
        "toRef": ref(change.base),
    }
    return Ask("POST", f"{_home(host, repository)}/pull-requests", wish)


def _page(_host: Host, _repository: str, content: Any) -> str:
    return str(content["links"]["self"][0]["href"])


def _names(host: Host, repository: str) -> tuple[str, str]:
    """Read project and name from an address: `projects/KEY/repos/NAME`, or `users/NAME/repos/NAME`."""
    whose, project, _, slug = inside(host, repository)[:4]
    return (f"~{project}" if whose == "users" else project), slug


def _home(host: Host, repository: str) -> str:
    project, slug = _names(host, repository)
    return f"{host.api}/projects/{project}/repos/{slug}"


BITBUCKET_SERVER = Dialect(_listed, _open, _written, _proposed, _page)
