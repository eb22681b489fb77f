"""What the webhooks of Bitbucket Cloud and of Bitbucket Server say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address, moment
from sipario_scm.hosts import Host


def changes_of_bitbucket(event: str, payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    """Translate both products by their event keys; all else says nothing."""
    if event == "repo:push":
        return tuple(_cloud_pushed(payload))
    if event == "repo:refs_changed":
        return tuple(_server_pushed(payload))
    if event in ("repo:updated", "repo:modified"):
        return tuple(_renamed(payload))
    if event in ("repo:deleted", "repo:created"):
        home = _home(payload["repository"])
        change: Any = "removed" if event == "repo:deleted" else "pushed"
        return (RepositoryChanged(repository=home, change=change, cause=_cause(home, payload)),)
    if event.startswith(("pullrequest:", "pr:")):
        return (_pull_request(payload),)
    return ()


def located(payload: Mapping[str, Any], hosts: Iterable[Host]) -> Mapping[str, Any]:
    """Write into a webhook of Bitbucket Server where its repositories are, if it does not say and there is one host."""
    servers = [host for host in hosts if host.type == "bitbucketServer"]
    if len(servers) != 1:
        return payload
    found = {
        name: _located(payload[name], servers[0]) for name in ("repository", "old", "new") if name in payload
    }
    pull = payload.get("pullRequest")
    if pull:
        target = {**pull["toRef"], "repository": _located(pull["toRef"]["repository"], servers[0])}
        found["pullRequest"] = {**pull, "toRef": target}
    return {**payload, **found}


def _located(repository: Mapping[str, Any], host: Host) -> Mapping[str, Any]:
    if "self" in (repository.get("links") or {}) or "html" in (repository.get("links") or {}):
        return repository
    home = f"{host.url}/projects/{repository['project']['key']}/repos/{repository['slug']}"
    return {**repository, "links": {"self": [{"href": home}]}}


def _cloud_pushed(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    home = _home(payload["repository"])
    for change in payload["push"]["changes"]:
        new, old = change.get("new") or {}, change.get("old") or {}
        if (new or old).get("type") != "branch":
            continue
        target = new.get("target") or {}
        author = (target.get("author") or {}).get("user") or {}
        more = {"author": str(author.get("display_name", "")), "committed_at": moment(target.get("date"))}
        yield RepositoryChanged(
            repository=home,
            branch=str((new or old)["name"]),
            commit=str(target.get("hash", "")),
            cause=_cause(home, payload).model_copy(update={**more, "commit": str(target.get("hash", ""))}),
        )


def _server_pushed(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    home = _home(payload["repository"])
    for change in payload["changes"]:
        if change["ref"]["type"] != "BRANCH":
            continue
        commit = "" if change["type"] == "DELETE" else str(change["toHash"])
        cause = _cause(home, payload).model_copy(update={"commit": commit})
        branch = str(change["ref"]["displayId"])
        yield RepositoryChanged(repository=home, branch=branch, commit=commit, cause=cause)


def _renamed(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    changes = payload.get("changes") or {}
    old = (changes.get("full_name") or {}).get("old")
    new = payload.get("new") or payload.get("repository") or {}
    home = _home(new)
    if payload.get("old"):
        former = _home(payload["old"])
    elif old:
        former = address(f"{home.rsplit('/', 2)[0]}/{old}")
    else:
        return
    if former != home:
        yield RepositoryChanged(
            repository=home, change="renamed", previous=former, cause=_cause(home, payload)
        )


def _pull_request(payload: Mapping[str, Any]) -> RepositoryChanged:
    pull = payload.get("pullrequest") or payload["pullRequest"]
    source = pull.get("source") or pull["fromRef"]
    target = payload.get("repository") or pull["toRef"]["repository"]
    home = _home(target)
    branch = source["branch"]["name"] if "branch" in source else source["displayId"]
    commit = source["commit"]["hash"] if "commit" in source else source["latestCommit"]
    return RepositoryChanged(
        repository=home,
        change="pull_request",
        branch=str(branch),
        commit=str(commit),
        cause=_cause(home, payload),
    )


def _home(repository: Mapping[str, Any]) -> str:
    links = repository["links"]
    if "html" in links:
        return address(str(links["html"]["href"]))
    return address(str(links["self"][0]["href"]).removesuffix("/browse"))


def _cause(home: str, payload: Mapping[str, Any]) -> Cause:
    actor = payload.get("actor") or {}
    name = actor.get("nickname") or actor.get("name") or actor.get("display_name") or ""
    return Cause(repository=home, actor=str(name))
