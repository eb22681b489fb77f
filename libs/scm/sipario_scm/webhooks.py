"""Webhooks of the Git hosts: who sent them, which delivery it is, and what they say has happened."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson
from sipario_events import RepositoryChanged

from sipario_scm.azure import changes_of_azure
from sipario_scm.bitbucket import changes_of_bitbucket, located
from sipario_scm.gerrit import changes_of_gerrit
from sipario_scm.github import changes_of_gitea, changes_of_github
from sipario_scm.gitlab import changes_of_gitlab
from sipario_scm.hosts import Host
from sipario_scm.plain import changes_of_git
from sipario_scm.signature import Sender, genuine

_DELIVERY: Mapping[Sender, tuple[str, ...]] = {
    "github": ("x-github-delivery",),
    "gitlab": ("idempotency-key", "x-gitlab-event-uuid", "x-gitlab-webhook-uuid"),
    "bitbucket": ("x-request-uuid", "x-request-id"),
    "gitea": ("x-gitea-delivery", "x-forgejo-delivery", "x-github-delivery"),
    "git": ("x-sipario-delivery",),
    "azure": (),  # it stands in the body
    "gerrit": (),
}
_EVENT: Mapping[Sender, tuple[str, ...]] = {
    "github": ("x-github-event",),
    "gitlab": ("x-gitlab-event",),
    "bitbucket": ("x-event-key",),
    "gitea": ("x-gitea-event", "x-forgejo-event", "x-github-event"),
    "git": ("x-sipario-event",),
    "azure": (),
    "gerrit": (),
}
_CHANGES: Mapping[Sender, Callable[[str, Mapping[str, Any]], Sequence[RepositoryChanged]]] = {
    "github": changes_of_github,
    "gitea": changes_of_gitea,
    "git": changes_of_git,
    "azure": changes_of_azure,
}


class ForgedWebhook(Exception):
    """No secret of ours signs this body."""


class UnreadableWebhook(Exception):
    """The body is signed, and still not what this host sends."""


def hear(
    sender: Sender,
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    hosts: Iterable[Host] = (),
) -> tuple[RepositoryChanged, ...]:
    """Return what a webhook says; nothing for events that do not matter here.

    Header names are in lower case, `body` is the raw bytes. `hosts` are those that a repository may be on when the
    host does not say where it is itself, as Gerrit and some of Bitbucket Server and GitLab.
    Raises ForgedWebhook and UnreadableWebhook.
    """
    if not genuine(sender, headers, body, secrets):
        raise ForgedWebhook("the signature fits none of the secrets")
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableWebhook(f"the body is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise UnreadableWebhook("the body is not a JSON object")
    try:
        if sender == "gerrit":
            return tuple(changes_of_gerrit(payload, list(hosts)))
        event = _first(headers, _EVENT[sender])
        if sender == "gitlab":
            return tuple(changes_of_gitlab(event, payload, headers.get("x-gitlab-instance", ""), hosts))
        if sender == "bitbucket":
            return tuple(changes_of_bitbucket(event, located(payload, hosts)))
        return tuple(_CHANGES[sender](event, payload))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UnreadableWebhook(f"the body is not what {sender} sends: {error!r}") from error


def delivery_of(sender: Sender, headers: Mapping[str, str], body: bytes = b"{}") -> str:
    """Return the id that is the same when a delivery comes again, with the sender's name; empty when none.

    `body` is one that was heard; Azure writes its id there.
    """
    found = _first(headers, _DELIVERY[sender])
    if sender == "azure":
        found = str(orjson.loads(body).get("id") or "")
    return f"{sender}:{found[:200]}" if found else ""


def _first(headers: Mapping[str, str], names: Sequence[str]) -> str:
    return next((headers[name] for name in names if name in headers), "")
