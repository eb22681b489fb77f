"""What a maker of providers is given besides its entry: the configured hosts, and a careful way to ask over HTTP."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from sipario_plugin.sight import Unreadable

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said to one request; names of headers are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Return the JSON of a good answer; raises Unreadable for all others, and says why."""
        host = urlsplit(self.url).netloc
        if self.status in (401, 403):
            raise Unreadable(f"{host} refuses these credentials with {self.status}: {self._said()}")
        if not 200 <= self.status < 300:
            message = f"{host} answers {self.status} for {urlsplit(self.url).path}: {self._said()}"
            raise Unreadable(message, later=self.status >= 500)
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unreadable(f"{host} does not answer with JSON for {urlsplit(self.url).path}") from error

    def _said(self) -> str:
        return self.body[:200].decode(errors="replace").strip() or "it says no more"


class Ask(Protocol):
    """Sends one request. Blocking; from any thread."""

    def __call__(
        self, url: str, *, method: str = "GET", headers: Mapping[str, str] = NOTHING, body: bytes = b""
    ) -> Answer:
        """Return the answer, whatever its status; redirects are not followed, since credentials would go along.

        Waits when the host says for how long (`Retry-After` and what is like it), and asks again. Raises Unreadable
        with `later` for a host that does not answer, wants more time than that, or says more than 50 MB.
        """
        ...


@dataclass(frozen=True, slots=True)
class GitHost:
    """A Git host of `integrations`: `type` as its key there, `url` and `api` without a slash at the end.

    `headers` returns what a request carries that asks on behalf of an owner (empty: of nobody in particular), and
    `owners` those who installed one of its GitHub Apps, None without apps. Both may block, and raise Unreadable.
    """

    type: str
    url: str
    api: str
    headers: Callable[[str], Mapping[str, str]]
    owners: Callable[[], Sequence[str] | None]


class FindHost(Protocol):
    """Looks a Git host up."""

    def __call__(self, type_: str, name: str = "") -> GitHost | None:
        """Return the host of a type with a name, as `host` or URL; without one, the well-known or the only one."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The section `integrations` as configured, with its Git hosts to look up; `ask` is for all of HTTP.

    `section` looks another one up by its path, as `kubernetes.clusterLocatorMethods`; None for what is not there.
    """

    ask: Ask
    host: FindHost = lambda type_, name="": None  # noqa: ARG005 - knows none
    integrations: Mapping[str, Any] = field(default_factory=dict)
    section: Callable[[str], Any] = lambda path: None  # noqa: ARG005 - has none
