"""Pull requests of Azure DevOps, Services and Server."""

from collections.abc import Mapping, Sequence
from typing import Any

from sipario_scm.hosts import Host
from sipario_scm.pulls.dialect import Ask, Change, Dialect, inside

_VERSION = "api-version=6.0"
_HEADS = "refs/heads/"
_NOTHING = "0" * 40


def _listed(host: Host, repository: str) -> Ask:
    active = "searchCriteria.status=active&%24top=100"
    return Ask("GET", f"{_home(host, repository)}/pullrequests?{active}&{_VERSION}")


def _open(host: Host, repository: str, content: Any) -> Mapping[str, str]:
    return {
        str(each["sourceRefName"]).removeprefix(_HEADS): _page(host, repository, each)
        for each in content["value"]
        if not each.get("forkSource")
    }


def _written(host: Host, repository: str, change: Change) -> Sequence[Ask]:
    home, ref = _home(host, repository), f"{_HEADS}{change.branch}"
    new = [{"name": ref, "oldObjectId": _NOTHING, "newObjectId": change.commit}]
    file = {
        "changeType": "add",
        "item": {"path": f"/{change.path}"},
        "newContent": {"content": change.content, "contentType": "rawtext"},
    }
    push = {
        "refUpdates": [{"name": ref, "oldObjectId": change.commit}],
        "commits": [{"comment": change.title, "changes": [file]}],
    }
    there = frozenset({400, 409})
    return (
        Ask("POST", f"{home}/refs?{_VERSION}", new, there=there),
        Ask("POST", f"{home}/pushes?{_VERSION}", push, there=there),
    )


def _proposed(host: Host, repository: str, change: Change) -> Ask:
    wish = {
        "sourceRefName": f"{_HEADS}{change.branch}",
        "targetRefName": f"{_HEADS}{change.base}",
        "title": change.title,
        "description": change.body,
    }
    return Ask("POST", f"{_home(host, repository)}/pullrequests?{_VERSION}", wish)


def _page(_host: Host, repository: str, content: Any) -> str:
    """The answer names no page: it is beside the repository's own."""
    return f"{repository}/pullrequest/{int(content['pullRequestId'])}"


def _home(host: Host, repository: str) -> str:
    """Read organisation, project and name from an address: `…/PROJECT/_git/NAME`, or `…/_git/NAME` of both names."""
    *project, _, name = inside(host, repository)
    where = "/".join(project) if len(project) > 1 else f"{project[0]}/{name}"
    return f"{host.api}/{where}/_apis/git/repositories/{name}"


AZURE = Dialect(_listed, _open, _written, _proposed, _page)
