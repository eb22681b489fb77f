"""What GitLab's webhooks and system hooks say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address, moment
from sipario_scm.hosts import Host
from sipario_scm.membership import is_membership_of_gitlab, membership_of_gitlab

_HEADS = "refs/heads/"
_MOVED = {"project_rename", "project_transfer"}


def changes_of_gitlab(
    event: str, payload: Mapping[str, Any], instance: str = "", hosts: Iterable[Host] = ()
) -> Sequence[RepositoryChanged]:
    """Translate pushes, merge requests and what system hooks say of projects and people; all else says nothing.

    `instance` is the address of the GitLab that sends this, if it says so, `hosts` are those that it may be.
    """
    name = str(payload.get("event_name") or payload.get("object_kind") or event)
    if is_membership_of_gitlab(name):
        return membership_of_gitlab(payload, instance, hosts)
    if name == "push":
        return _pushed(payload)
    if name == "merge_request":
        return (_merge_request(payload),)
    if name.startswith("project_"):
        return _project(name, payload)
    return ()


def _pushed(payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    ref = str(payload["ref"])
    if not ref.startswith(_HEADS):
        return ()
    gone = set(str(payload["after"])) == {"0"}
    last = (payload.get("commits") or [{}])[-1]
    cause = Cause(
        repository=address(str(payload["project"]["web_url"])),
        commit="" if gone else str(payload["after"]),
        author=str((last.get("author") or {}).get("name", "")),
        committed_at=moment(last.get("timestamp")),
        actor=str(payload.get("user_username", "")),
    )
    branch = ref.removeprefix(_HEADS)
    return (RepositoryChanged(repository=cause.repository, branch=branch, commit=cause.commit, cause=cause),)


def _merge_request(payload: Mapping[str, Any]) -> RepositoryChanged:
    home = address(str(payload["project"]["web_url"]))
    request = payload["object_attributes"]
    return RepositoryChanged(
        repository=home,
        change="pull_request",
        branch=str(request["source_branch"]),
        commit=str(request["last_commit"]["id"]),
        cause=Cause(repository=home, actor=str((payload.get("user") or {}).get("username", ""))),
    )


def _project(name: str, payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    """Read a system hook: it names the project by path alone, so an address of the host must come along."""
    web = str(payload.get("web_url") or (payload.get("project") or {}).get("web_url") or "")
    if not web:
        return ()
    home, path = address(web), str(payload["path_with_namespace"]).lower()
    cause = Cause(repository=home, actor=str(payload.get("owner_name", "")))
    if name in _MOVED:
        former = home.removesuffix(path) + str(payload["old_path_with_namespace"]).lower()
        return (RepositoryChanged(repository=home, change="renamed", previous=former, cause=cause),)
    if name == "project_destroy":
        return (RepositoryChanged(repository=home, change="removed", cause=cause),)
    return (RepositoryChanged(repository=home, cause=cause),)
