"""Whether a webhook comes from a host that knows one of our secrets."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Literal

Sender = Literal["github", "gitlab", "bitbucket", "azure", "gitea", "gerrit", "git"]

SIGNATURE_HEADERS: Mapping[Sender, tuple[str, ...]] = {
    "github": ("x-hub-signature-256",),
    "gitlab": ("x-gitlab-token",),
    "bitbucket": ("x-hub-signature",),
    "gitea": ("x-gitea-signature", "x-forgejo-signature", "x-hub-signature-256"),
    "git": ("x-sipario-signature",),
    "azure": ("x-sipario-secret",),
    "gerrit": ("x-sipario-secret",),
}


def genuine(sender: Sender, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
    """Tell whether the raw body was signed with one of the secrets, or is sent with one; in constant time.

    Header names are in lower case. Without a secret nothing is genuine; empty secrets do not count.
    """
    given = [headers[name] for name in SIGNATURE_HEADERS[sender] if name in headers]
    if not given:
        return False
    matches = [_matches(sender, given[0], body, secret) for secret in secrets if secret]
    return any(matches)


def sign(body: bytes, secret: str) -> str:
    """Return the hex HMAC-SHA256 that a sender puts into its header, without any prefix."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _matches(sender: Sender, given: str, body: bytes, secret: str) -> bool:
    if sender in ("gitlab", "azure", "gerrit"):
        expected = secret
    elif given.startswith("sha256=") or sender in ("github", "bitbucket"):
        expected = f"sha256={sign(body, secret)}"
    else:
        expected = sign(body, secret)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
