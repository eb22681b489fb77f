"""Who is signed in, and until when."""

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who signed in. `ref` is the user entity that their claims were resolved to."""

    ref: str
    display_name: str = ""
    email: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Session:
    """A browser's stay. Times are seconds since 1970; `seen` is when it was last used."""

    person: Person
    created: float
    seen: float

    def alive(self, now: float, *, idle: float, absolute: float) -> bool:
        """Tell whether neither limit has passed."""
        return now - self.seen < idle and now - self.created < absolute


def new_id() -> str:
    """Make the secret that the browser's cookie carries: 256 random bits."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Hash a session id or a token for keeping: what is stored opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
