"""What entries of `catalog.providers` have in common: the host they name, and who is meant by an event."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from sipario_plugin import Found, GitHost, Provider, Surroundings, Unreadable

from sipario_git_org.directory import Directory

Entry = Mapping[str, Any]
Fill = Callable[[Directory], None]


def host_of(type_: str, entry: Entry, key: str, surroundings: Surroundings) -> GitHost:
    """Return the host that an entry names at a key; raises ValueError when `integrations` does not know it."""
    name = str(entry.get(key) or "")
    host = surroundings.host(type_, name)
    if host is None:
        raise ValueError(f"{key}: integrations.{type_} does not name {name or 'a host'}")
    return host


def texts(entry: Entry, key: str) -> tuple[str, ...]:
    """Return a list of texts; raises ValueError when it is none."""
    found = entry.get(key) or ()
    if not isinstance(found, (list, tuple)) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{key}: a list of texts is expected")
    return tuple(found)


def is_on(value: Any) -> bool:
    """Read a flag, which may be a text."""
    return str(value).lower() in ("true", "yes", "1")


def domain(host: GitHost) -> str:
    """Return the host's name: with what annotations begin."""
    return urlsplit(host.url).netloc


def provider(host: GitHost, fill: Fill, owners: tuple[str, ...] = ()) -> Provider:
    """Make a provider that fills a directory; it hears of changes of these owners' people, or of all of its host."""

    def read() -> Iterator[Found]:
        directory = Directory()
        try:
            fill(directory)
        except (KeyError, TypeError, AttributeError) as error:
            raise Unreadable(f"{host.url} does not answer as its kind of host does: {error!r}") from error
        return directory.found()

    wanted = {f"{host.url}/{owner}".lower() for owner in owners}

    def hears(change: str, fact: Mapping[str, Any]) -> bool:
        where = str(fact.get("repository"))
        of_host = where == host.url or where.startswith(f"{host.url}/")
        return change == "membership" and of_host and (not wanted or where in {host.url, *wanted})

    return Provider(read, hears=hears)
