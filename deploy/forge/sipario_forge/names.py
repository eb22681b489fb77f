"""Which names owners, repositories, refs and paths may have; nothing else reaches disk or database."""

import re

from sipario_forge.errors import Invalid, NotFound

_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_RESERVED = frozenset({"admin", "api", "health", "orgs", "repos", "user", "users"})


def owner_name(text: str) -> str:
    """Return the name of a user or organisation; raises Invalid."""
    if not _OWNER.fullmatch(text) or text.lower() in _RESERVED:
        raise Invalid(f"owner name {text!r} is not allowed: letters, digits and inner hyphens, up to 39")
    return text


def repository_name(text: str) -> str:
    """Return the name of a repository; raises Invalid."""
    if not _NAME.fullmatch(text) or text in {".", ".."} or text.lower().endswith((".git", ".wiki", ".lock")):
        raise Invalid(f"repository name {text!r} is not allowed: letters, digits and . _ - up to 100")
    return text


def content_path(text: str) -> tuple[bytes, ...]:
    """Split a path inside a repository into its segments; raises NotFound for what cannot be one."""
    parts = text.strip("/").split("/") if text.strip("/") else []
    if any(part in {"", ".", "..", ".git"} or "\0" in part for part in parts):
        raise NotFound
    return tuple(part.encode() for part in parts)
