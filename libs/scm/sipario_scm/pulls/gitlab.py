"""Merge requests of GitLab."""

from collections.abc import Mapping, Sequence
from typing import Any

from sipario_scm.hosts import Host
from sipario_scm.pulls.dialect import Ask, Change, Dialect, inside


def _listed(host: Host, repository: str) -> Ask:
    return Ask("GET", f"{_home(host, repository)}/merge_requests?state=opened&per_page=100")


def _open(_host: Host, _repository: str, content: Any) -> Mapping[str, str]:
    return {
        str(each["source_branch"]): str(each["web_url"])
        for each in content
        if each["source_project_id"] == each["target_project_id"]
    }


def _written(host: Host, repository: str, change: Change) -> Sequence[Ask]:
    file = {"action": "create", "file_path": change.path, "content": change.content}
    commit = {
        "branch": change.branch,
        "start_branch": change.base,
        "commit_message": change.title,
        "actions": [file],
    }
    url = f"{_home(host, repository)}/repository/commits"
    return (Ask("POST", url, commit, there=frozenset({400})),)


def _proposed(host: Host, repository: str, change: Change) -> Ask:
    wish = {
        "source_branch": change.branch,
        "target_branch": change.base,
        "title": change.title,
        "description": change.body,
        "remove_source_branch": True,
    }
    return Ask("POST", f"{_home(host, repository)}/merge_requests", wish)


def _page(_host: Host, _repository: str, content: Any) -> str:
    return str(content["web_url"])


def _home(host: Host, repository: str) -> str:
    """A project's number, or its path as one word."""
    return f"{host.api}/projects/{'%2F'.join(inside(host, repository))}"


GITLAB = Dialect(_listed, _open, _written, _proposed, _page)
