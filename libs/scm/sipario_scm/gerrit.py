"""What Gerrit's webhooks plugin says: stream events, which name projects and not where they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address
from sipario_scm.hosts import Host

_HEADS = "refs/heads/"


def changes_of_gerrit(payload: Mapping[str, Any], hosts: Sequence[Host]) -> Sequence[RepositoryChanged]:
    """Translate moved branches, new projects and patch sets, for each Gerrit that there is; all else says nothing."""
    return tuple(change for host in hosts if host.type == "gerrit" for change in _changes(host, payload))


def _changes(host: Host, payload: Mapping[str, Any]) -> Iterator[RepositoryChanged]:
    name = payload.get("type")
    if name == "ref-updated":
        yield from _pushed(host, payload, payload["refUpdate"])
    elif name == "batch-ref-updated":
        for update in payload["refUpdates"]:
            yield from _pushed(host, payload, update)
    elif name == "project-created":
        home = _home(host, payload["projectName"])
        yield RepositoryChanged(repository=home, cause=Cause(repository=home))
    elif name in ("project-deleted", "project-renamed"):
        yield from _moved(host, payload)
    elif name == "patchset-created":
        patch = payload["patchSet"]
        home = _home(host, payload["change"]["project"])
        cause = Cause(repository=home, actor=_actor(payload.get("uploader")))
        yield RepositoryChanged(
            repository=home,
            change="pull_request",
            branch=str(payload["change"]["branch"]),
            commit=str(patch["revision"]),
            cause=cause,
        )


def _pushed(host: Host, payload: Mapping[str, Any], update: Mapping[str, Any]) -> Iterator[RepositoryChanged]:
    ref, after = str(update["refName"]), str(update["newRev"])
    if ref.startswith("refs/") and not ref.startswith(_HEADS):
        return
    home = _home(host, update["project"])
    commit = "" if set(after) <= {"0"} else after
    cause = Cause(repository=home, commit=commit, actor=_actor(payload.get("submitter")))
    yield RepositoryChanged(repository=home, branch=ref.removeprefix(_HEADS), commit=commit, cause=cause)


def _moved(host: Host, payload: Mapping[str, Any]) -> Iterator[RepositoryChanged]:
    if payload["type"] == "project-deleted":
        home = _home(host, payload["projectName"])
        yield RepositoryChanged(repository=home, change="removed", cause=Cause(repository=home))
        return
    former, home = _home(host, payload["oldProjectName"]), _home(host, payload["newProjectName"])
    cause = Cause(repository=home)
    yield RepositoryChanged(repository=home, change="renamed", previous=former, cause=cause)


def _home(host: Host, project: object) -> str:
    if not isinstance(project, str) or not project.strip("/"):
        raise TypeError("no name of a project")
    return address(f"{host.url}/{quote(project)}", lower=False)


def _actor(account: Any) -> str:
    found = account or {}
    return str(found.get("username") or found.get("name") or "")
