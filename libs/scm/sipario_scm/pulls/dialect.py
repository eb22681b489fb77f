"""What all ways to open a pull request are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from sipario_scm.hosts import Host


@dataclass(frozen=True, slots=True)
class Change:
    """A new file for a repository, on a `branch` of its own; `base` is the branch that it is for, at `commit`."""

    base: str
    commit: str
    branch: str
    path: str
    content: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: `json`, or else a `form` (with `files`: in parts). Statuses of `there` say that it was done before."""

    method: str
    url: str
    json: Any = None
    form: Mapping[str, str] | None = None
    parts: bool = False
    there: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of host is asked; the first parameters are the host and a repository's web address.

    `listed` asks for the open pull requests, `open` reads branch and page of each that comes from the
    repository itself (from a fork, anybody could name one like ours), `written` commits the change,
    `proposed` opens the pull request and `page` reads where it is. What can't be read is raised as KeyError,
    TypeError, ValueError or AttributeError.
    """

    listed: Callable[[Host, str], Ask]
    open: Callable[[Host, str, Any], Mapping[str, str]]
    written: Callable[[Host, str, Change], Sequence[Ask]]
    proposed: Callable[[Host, str, Change], Ask]
    page: Callable[[Host, str, Any], str]


def inside(host: Host, repository: str) -> list[str]:
    """Return the parts of a repository's address below its host, ready to be put into another address."""
    return [quote(unquote(part), safe="") for part in repository.removeprefix(host.url).strip("/").split("/")]
