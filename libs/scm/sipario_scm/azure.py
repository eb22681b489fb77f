"""What the service hooks of Azure DevOps say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address, moment, spelt_out

_HEADS = "refs/heads/"
_REPOSITORY: Mapping[str, Any] = {
    "created": "pushed",
    "undeleted": "pushed",
    "statuschanged": "pushed",
    "deleted": "removed",
}


def changes_of_azure(event: str, payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    """Translate pushes, pull requests, and what becomes of repositories; all else says nothing."""
    del event  # no header names it
    name, resource = str(payload.get("eventType", "")), payload.get("resource")
    if name == "git.push":
        return tuple(_pushed(payload["resource"]))
    if name.startswith("git.pullrequest."):
        return (_pull_request(payload["resource"]),)
    change = name.removeprefix("git.repo.")
    if change == name or not isinstance(resource, Mapping):
        return ()
    home = _home(payload, str(resource.get("repositoryName") or resource["repository"]["name"]))
    actor = str((resource.get("initiatedBy") or {}).get("displayName", ""))
    cause = Cause(repository=home, actor=actor)
    if change == "renamed":
        former = _home(payload, str(resource["oldName"]))
        home = _home(payload, str(resource["newName"]))
        cause = cause.model_copy(update={"repository": home})
        return (RepositoryChanged(repository=home, change="renamed", previous=former, cause=cause),)
    if change in _REPOSITORY:
        return (RepositoryChanged(repository=home, change=_REPOSITORY[change], cause=cause),)
    return ()


def _pushed(resource: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    home = spelt_out(address(str(resource["repository"]["remoteUrl"])))
    commits = {str(each["commitId"]): each.get("author") or {} for each in resource.get("commits") or ()}
    for update in resource["refUpdates"]:
        ref, after = str(update["name"]), str(update["newObjectId"])
        if not ref.startswith(_HEADS):
            continue
        commit = "" if set(after) <= {"0"} else after
        author = commits.get(commit, {})
        cause = Cause(
            repository=home,
            commit=commit,
            author=str(author.get("name", "")),
            committed_at=moment(author.get("date")),
            actor=str((resource.get("pushedBy") or {}).get("displayName", "")),
        )
        yield RepositoryChanged(repository=home, branch=ref.removeprefix(_HEADS), commit=commit, cause=cause)


def _pull_request(resource: Mapping[str, Any]) -> RepositoryChanged:
    home = spelt_out(address(str(resource["repository"]["remoteUrl"])))
    actor = str((resource.get("createdBy") or {}).get("displayName", ""))
    return RepositoryChanged(
        repository=home,
        change="pull_request",
        branch=str(resource["sourceRefName"]).removeprefix(_HEADS),
        commit=str((resource.get("lastMergeSourceCommit") or {}).get("commitId", "")),
        cause=Cause(repository=home, actor=actor),
    )


def _home(payload: Mapping[str, Any], name: str) -> str:
    """Put an address together: of a repository that is gone, only names are told."""
    resource = payload["resource"]
    project = resource.get("project") or resource["repository"]["project"]
    containers = payload["resourceContainers"]
    base = containers["project"].get("baseUrl") or containers["collection"]["baseUrl"]
    return address(f"{str(base).rstrip('/')}/{quote(str(project['name']))}/_git/{quote(name)}")
