"""An entry of `catalog.providers.microsoftGraphOrg`: which tenant, who asks, and for what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

GRAPH = "https://graph.microsoft.com/v1.0"
AUTHORITY = "https://login.microsoftonline.com"
ENABLED = "accountEnabled eq true"
USER_FIELDS = ("id", "displayName", "mail", "accountEnabled")
GROUP_FIELDS = ("id", "displayName", "description", "mail", "mailNickname", "securityEnabled")


@dataclass(frozen=True, slots=True)
class Query:
    """A collection, and what is wanted of it, in the words of OData; empty for nothing in particular."""

    path: str
    select: tuple[str, ...] = ()
    filter: str = ""
    search: str = ""
    expand: str = ""
    is_advanced: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Tell whether not everything of the collection is wanted."""
        return bool(self.filter or self.search)


@dataclass(frozen=True, slots=True)
class Settings:
    """A tenant. With `member_groups`, users are the members of those groups instead of all."""

    target: str
    authority: str
    tenant: str
    client: str
    secret: str = field(repr=False)
    users: Query
    groups: Query
    member_groups: Query
    has_photos: bool
    has_sub_groups: bool

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry; raises ValueError that names the key that is wrong."""
        mode = entry.get("queryMode") or "basic"
        if mode not in ("basic", "advanced"):
            raise ValueError(f"queryMode: basic or advanced is expected, not {mode}")
        user, group, members = (entry.get(key) or {} for key in ("user", "group", "userGroupMember"))
        by_group = _query(members, "groups", ("id",), mode)
        # Of those who may not sign in nothing is wanted, unless another filter asks for them.
        narrowed = user if by_group.is_narrowed else {"filter": ENABLED, **user}
        return cls(
            _url(entry, "target", GRAPH),
            _url(entry, "authority", AUTHORITY),
            _required(entry, "tenantId"),
            _required(entry, "clientId"),
            _required(entry, "clientSecret"),
            _query(narrowed, "users", USER_FIELDS, mode),
            _query(group, "groups", GROUP_FIELDS, mode),
            by_group,
            _yes(user.get("loadPhotos"), otherwise=True),
            _yes(group.get("includeSubGroups")),
        )


def _query(given: Mapping[str, Any], path: str, needed: tuple[str, ...], mode: str) -> Query:
    """Read what is wanted; Graph can search in its advanced mode only."""
    search = str(given.get("search") or "")
    return Query(
        str(given.get("path") or path).strip("/"),
        tuple(dict.fromkeys((*needed, *(given.get("select") or ())))),
        str(given.get("filter") or ""),
        search,
        str(given.get("expand") or ""),
        mode == "advanced" or bool(search),
    )


def _required(entry: Mapping[str, Any], key: str) -> str:
    if not entry.get(key):
        raise ValueError(f"{key} is missing")
    return str(entry[key])


def _url(entry: Mapping[str, Any], key: str, otherwise: str) -> str:
    url = str(entry.get(key) or otherwise).rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{key}: a URL is expected, not {url}")
    return url


def _yes(value: Any, *, otherwise: bool = False) -> bool:
    return otherwise if value is None else str(value).lower() == "true"
