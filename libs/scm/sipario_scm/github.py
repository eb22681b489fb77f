"""What GitHub's webhooks say, and Gitea's and Forgejo's, which are shaped alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address, moment
from sipario_scm.membership import OF_GITHUB, membership_of_github, membership_of_installation

_HEADS = "refs/heads/"
_REMOVED = {"deleted", "archived", "privatized"}
_HERE = {"created", "unarchived", "publicized", "edited"}


def changes_of_github(event: str, payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    """Translate pushes, repositories, pull requests, installations of an app, people; all else says nothing."""
    readers = {
        "push": _pushed,
        "repository": _repository,
        "pull_request": _pull_request,
        "installation": lambda found: (*_installed(found), membership_of_installation(found)),
        "installation_repositories": _installed,
        **dict.fromkeys(OF_GITHUB, membership_of_github),
    }
    reader = readers.get(event)
    return tuple(reader(payload)) if reader else ()


def changes_of_gitea(event: str, payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    """Translate Gitea's events: names and shapes are GitHub's, but for the details handled here."""
    return changes_of_github(event, payload)


def _pushed(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    ref = str(payload["ref"])
    if not ref.startswith(_HEADS):
        return
    gone = bool(payload.get("deleted")) or set(str(payload["after"])) == {"0"}
    head = payload.get("head_commit") or {}
    cause = Cause(
        repository=_home(payload),
        commit="" if gone else str(payload["after"]),
        author=str((head.get("author") or {}).get("name", "")),
        committed_at=moment(head.get("timestamp")),
        actor=_actor(payload),
    )
    yield RepositoryChanged(
        repository=cause.repository, branch=ref.removeprefix(_HEADS), commit=cause.commit, cause=cause
    )


def _repository(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    action, home = str(payload.get("action")), _home(payload)
    cause = Cause(repository=home, actor=_actor(payload))
    if action in ("renamed", "transferred"):
        previous = _previous(home, payload.get("changes") or {})
        yield RepositoryChanged(repository=home, change="renamed", previous=previous, cause=cause)
    elif action in _REMOVED:
        yield RepositoryChanged(repository=home, change="removed", cause=cause)
    elif action in _HERE:
        yield RepositoryChanged(repository=home, cause=cause)


def _installed(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    """Say which repositories an app may read now, and which no more."""
    front = str(payload["installation"]["account"]["html_url"]).rpartition("/")[0]
    lost = payload.get("action") in ("deleted", "suspend")
    named: dict[Any, Any] = {
        "removed": payload.get("repositories_removed") or (lost and payload.get("repositories")) or (),
        "pushed": payload.get("repositories_added") or (not lost and payload.get("repositories")) or (),
    }
    for change, repositories in named.items():
        for each in repositories:
            home = address(f"{front}/{each['full_name']}")
            cause = Cause(repository=home, actor=_actor(payload))
            yield RepositoryChanged(repository=home, change=change, cause=cause)


def _previous(home: str, changes: Mapping[str, Any]) -> str:
    front, owner, name = home.rsplit("/", 2)
    name = str(((changes.get("repository") or {}).get("name") or {}).get("from", name))
    former = (changes.get("owner") or {}).get("from") or {}
    logins = (former.get(kind, {}).get("login") for kind in ("user", "organization"))
    return address(f"{front}/{next((str(login) for login in logins if login), owner)}/{name}")


def _pull_request(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    pull = payload["pull_request"]
    home = _home(payload)
    yield RepositoryChanged(
        repository=home,
        change="pull_request",
        branch=str(pull["head"]["ref"]),
        commit=str(pull["head"]["sha"]),
        cause=Cause(repository=home, actor=_actor(payload)),
    )


def _home(payload: Mapping[str, Any]) -> str:
    return address(str(payload["repository"]["html_url"]))


def _actor(payload: Mapping[str, Any]) -> str:
    sender = payload.get("sender") or payload.get("pusher") or {}
    return str(sender.get("login") or sender.get("name") or "")
