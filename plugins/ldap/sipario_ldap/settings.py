"""An entry of `catalog.providers.ldapOrg`: where a directory is, and what of it is read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeAlias, TypeVar
from urllib.parse import urlsplit

Scope: TypeAlias = Literal["BASE", "LEVEL", "SUBTREE"]
Aliases: TypeAlias = Literal["NEVER", "SEARCH", "FINDING_BASE", "ALWAYS"]

SCOPES: Mapping[str, Scope] = {"base": "BASE", "one": "LEVEL", "sub": "SUBTREE"}
ALIASES: Mapping[str, Aliases] = {
    "0": "NEVER",
    "1": "SEARCH",
    "2": "FINDING_BASE",
    "3": "ALWAYS",
    "never": "NEVER",
    "search": "SEARCH",
    "find": "FINDING_BASE",
    "always": "ALWAYS",
}
"""When aliases are followed, by the protocol's number or its word."""

T = TypeVar("T")

EVERYTHING = "(objectClass=*)"
PAGE = 500
"""Entries a page; Active Directory gives 1,000 at most."""

USER_ATTRIBUTES = {"rdn": "uid", "name": "uid", "displayName": "cn", "email": "mail", "memberOf": "memberOf"}
GROUP_ATTRIBUTES = {
    "rdn": "cn",
    "name": "cn",
    "displayName": "cn",
    "description": "description",
    "type": "groupType",
    "memberOf": "memberOf",
    "members": "member",
}


@dataclass(frozen=True, slots=True)
class Tls:
    """How a server is trusted, and the PEM files by which it is told who asks."""

    is_checked: bool = True
    key_file: str | None = None
    certificate_file: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Users or groups below one name. `key` is where it stands in the entry; limits are 0 for none.

    `attributes` tells which attribute fills which field; `sets` what is put at which place of each entity.
    """

    key: str
    base: str
    scope: Scope
    filter: str
    attributes: Mapping[str, str]
    asked: Sequence[str]
    sets: Mapping[str, Any]
    page: int
    most: int
    seconds: int
    aliases: Aliases


@dataclass(frozen=True, slots=True)
class Settings:
    """A directory and all that is read of it; empty names of the vendor's attributes are those of the server's kind."""

    host: str
    port: int
    is_secure: bool
    tls: Tls
    dn: str
    secret: str = field(repr=False)
    users: tuple[Part, ...]
    groups: tuple[Part, ...]
    dn_attribute: str = ""
    uuid_attribute: str = ""
    lowers_dn: bool = False

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry; raises ValueError that names the key that is wrong."""
        bind, tls, vendor = (entry.get(key) or {} for key in ("bind", "tls", "vendor"))
        return cls(
            *_address(entry),
            Tls(str(tls.get("rejectUnauthorized")).lower() != "false", tls.get("keys"), tls.get("certs")),
            _required(bind, "dn", "bind.dn") if bind else "",
            _required(bind, "secret", "bind.secret") if bind else "",
            _parts(entry, "users", USER_ATTRIBUTES),
            _parts(entry, "groups", GROUP_ATTRIBUTES),
            str(vendor.get("dnAttributeName") or ""),
            str(vendor.get("uuidAttributeName") or ""),
            str(vendor.get("dnCaseSensitive")).lower() == "true",
        )


def _address(entry: Mapping[str, Any]) -> tuple[str, int, bool]:
    target = _required(entry, "target", "target")
    try:
        url = urlsplit(target)
        port = url.port
    except ValueError as error:
        raise ValueError(f"target: {error}") from error
    if url.scheme not in ("ldap", "ldaps") or not url.hostname:
        raise ValueError(f"target: ldap://host or ldaps://host is expected, not {target}")
    is_secure = url.scheme == "ldaps"
    return url.hostname, port or (636 if is_secure else 389), is_secure


def _required(entry: Mapping[str, Any], key: str, named: str) -> str:
    value = str(entry.get(key) or "")
    if not value:
        raise ValueError(f"{named} is missing")
    return value


def _parts(entry: Mapping[str, Any], key: str, attributes: Mapping[str, str]) -> tuple[Part, ...]:
    """Read a list of parts; a single one needs no list."""
    given = entry.get(key) or ()
    if isinstance(given, Mapping):
        return (_part(given, key, attributes),)
    return tuple(_part(part, f"{key}[{at}]", attributes) for at, part in enumerate(given))


def _part(given: Mapping[str, Any], key: str, attributes: Mapping[str, str]) -> Part:
    options = given.get("options") or {}
    mapped = {**attributes, **{field: str(name) for field, name in (given.get("map") or {}).items() if name}}
    return Part(
        key,
        _required(given, "dn", f"{key}.dn"),
        _one(SCOPES, options.get("scope") or "one", f"{key}.options.scope", "base, one or sub"),
        # A filter may be written on several lines.
        re.sub(r"\s*([()])", r"\1", str(options.get("filter") or EVERYTHING)).strip(),
        mapped,
        [str(name) for name in options.get("attributes") or ()],
        given.get("set") or {},
        _page(options.get("paged"), f"{key}.options.paged"),
        _count(options.get("sizeLimit"), f"{key}.options.sizeLimit"),
        _count(options.get("timeLimit"), f"{key}.options.timeLimit"),
        _one(ALIASES, options.get("derefAliases") or 0, f"{key}.options.derefAliases", "0 to 3"),
    )


def _one(words: Mapping[str, T], word: Any, key: str, expected: str) -> T:
    try:
        return words[str(word).lower()]
    except KeyError as error:
        raise ValueError(f"{key}: {expected} is expected, not {word}") from error


def _page(value: Any, key: str) -> int:
    """Return how many entries a page has: 0 without pages, which are asked for unless they are refused."""
    if isinstance(value, Mapping):
        return _count(value.get("pageSize"), f"{key}.pageSize") or PAGE
    return 0 if value is False else PAGE


def _count(value: Any, key: str) -> int:
    try:
        return max(0, int(value or 0))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{key}: a whole number is expected, not {value}") from error
