"""From the claims of an identity provider to a user of the catalog: Backstage's sign-in resolvers, by name."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_kit.errors import NotAllowed

from sipario_gateway.session import Person

FindUsers = Callable[[str], Awaitable[list[dict[str, Any]]]]


def _email(claims: Mapping[str, Any]) -> str:
    # An address that the provider does not say it verified could be anybody's. Some write the word, as text.
    verified = str(claims.get("email_verified", False)).lower() == "true"
    return str(claims.get("email") or "") if verified else ""


def _by_email(claims: Mapping[str, Any]) -> str | None:
    email = _email(claims)
    return f"spec.profile.email={email}" if email else None


def _by_local_part(claims: Mapping[str, Any]) -> str | None:
    name = _email(claims).partition("@")[0]
    return f"metadata.name={name}" if name else None


def _by_username(claims: Mapping[str, Any]) -> str | None:
    name = claims.get("preferred_username")
    return f"metadata.name={name}" if name else None


RESOLVERS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "emailMatchingUserEntityProfileEmail": _by_email,
    "emailLocalPartMatchingUserEntityName": _by_local_part,
    "preferredUsernameMatchingUserEntityName": _by_username,
}


async def resolve(claims: Mapping[str, Any], names: Sequence[str], find: FindUsers) -> Person:
    """Find the one user entity that the claims speak of; raises `NotAllowed` when there is none, or more."""
    for name in names:
        resolver = RESOLVERS.get(name)
        condition = resolver(claims) if resolver else None
        if condition is None or "," in condition:
            continue
        users = await find(f"filter={quote(f'kind=user,{condition}', safe='')}")
        if len(users) == 1:
            return _person(users[0], claims)
    raise NotAllowed("You are known there, but no user of the catalog matches. Ask for a User entity.")


def _person(user: Mapping[str, Any], claims: Mapping[str, Any]) -> Person:
    metadata = user["metadata"]
    profile = (user.get("spec") or {}).get("profile") or {}
    ref = f"user:{metadata.get('namespace', 'default')}/{metadata['name']}".lower()
    return Person(
        ref,
        display_name=str(profile.get("displayName") or claims.get("name") or metadata["name"]),
        email=str(profile.get("email") or claims.get("email") or ""),
        picture=str(profile.get("picture") or ""),
    )
