"""What webhooks say of people, teams and groups: that the directory of an owner, or of a host, is to be read again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address
from sipario_scm.hosts import Host

OF_GITHUB = ("membership", "organization", "team")
"""Events of GitHub; those of Gitea that are like them have the same names."""
_ABOUT_REPOSITORIES = ("added_to_repository", "removed_from_repository")
_OF_GITLAB = ("group_", "subgroup_", "user_")


def membership_of_github(payload: Mapping[str, Any]) -> Iterable[RepositoryChanged]:
    """Translate changes of members and teams of an organisation."""
    if payload.get("action") in _ABOUT_REPOSITORIES:
        return
    sender = payload["sender"]
    front = str(sender["html_url"]).rpartition("/")[0]
    owner = address(f"{front}/{payload['organization']['login']}")
    yield _changed(owner, str(sender.get("login") or ""), payload)


def membership_of_installation(payload: Mapping[str, Any]) -> RepositoryChanged:
    """Say that an owner's people may be read now, or no more, since an app came or went there."""
    owner = address(str(payload["installation"]["account"]["html_url"]))
    return _changed(owner, str((payload.get("sender") or {}).get("login") or ""), payload)


def is_membership_of_gitlab(event: str) -> bool:
    """Tell whether an event of GitLab is about its people and groups."""
    return event.startswith(_OF_GITLAB)


def membership_of_gitlab(
    payload: Mapping[str, Any], instance: str, hosts: Iterable[Host]
) -> Sequence[RepositoryChanged]:
    """Translate hooks of groups and of the whole system; `instance` is the host that the webhook names, if it does.

    Without that, it may be about any GitLab that we know: to read one in vain does no harm.
    """
    known = [host.url for host in hosts if host.type == "gitlab"]
    named = instance.rstrip("/").lower()
    return [_changed(url, "", payload) for url in known if named in ("", url)]


def _changed(owner: str, actor: str, payload: Mapping[str, Any]) -> RepositoryChanged:
    told = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
    mark = hashlib.sha256(told).hexdigest()[:16]
    cause = Cause(repository=owner, actor=actor)
    return RepositoryChanged(repository=owner, change="membership", mark=mark, cause=cause)
