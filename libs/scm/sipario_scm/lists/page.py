"""What all lists of repositories are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2

from sipario_scm.hosts import Host

PAGE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository that a host lists; `address` is its web address as events spell it.

    `path` is its name below its host, as people spell it there, and `name` the last part of that. `branch` is the
    default one, empty where there is none or the host does not say. `project` is the key or name of what it is in.
    """

    address: str
    branch: str = ""
    archived: bool = False
    fork: bool = False
    name: str = ""
    path: str = ""
    project: str = ""
    topics: tuple[str, ...] = ()
    visibility: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of a host is listed: an owner's (organisation, group, workspace), a project's; `query` is Gerrit's."""

    owner: str = ""
    project: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and the address of the following one; empty for the last."""

    repositories: tuple[Listed, ...]
    following: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it came: where it was asked for, and the response."""

    url: str
    response: httpx2.Response

    @property
    def content(self) -> Any:
        """Read the JSON; raises ValueError."""
        return self.response.json()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of host lists: `first` names addresses to begin at, the next when one is not there.

    `read` translates a page; whatever it can't read it raises as KeyError, TypeError, ValueError or AttributeError.
    """

    first: Callable[[Host, Scope], Sequence[str]]
    read: Callable[[Host, Answer], Page]


def entries(found: Any) -> list[Mapping[str, Any]]:
    """Return a list of objects; raises TypeError when it is none."""
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise TypeError("not a list of objects")
    return found


def linked(answer: Answer) -> str:
    """Return the next page that the header `Link` names."""
    return str(answer.response.links.get("next", {}).get("url") or "")


def with_query(url: str, **changes: object) -> str:
    """Return an address with parts of its query changed."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {
        name: str(value) for name, value in changes.items()
    }
    return parts._replace(query=urlencode(query)).geturl()


def number(url: str, name: str) -> int:
    """Return a number in an address's query; 0 when there is none."""
    found = dict(parse_qsl(urlsplit(url).query)).get(name, "")
    return int(found) if found.isdecimal() else 0
