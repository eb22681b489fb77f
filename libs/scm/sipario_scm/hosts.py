"""The Git hosts that configuration names, and how a URL is one of theirs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sipario_scm.address import address
from sipario_scm.layout import LAYOUTS, HostType

_WELL_KNOWN: Mapping[HostType, str] = {
    "github": "github.com",
    "gitlab": "gitlab.com",
    "bitbucketCloud": "bitbucket.org",
}
_APIS: Mapping[HostType, str] = {
    "github": "{url}/api/v3",
    "gitlab": "{url}/api/v4",
    "bitbucketCloud": "https://api.bitbucket.org/2.0",
    "bitbucketServer": "{url}/rest/api/1.0",
    "gitea": "{url}/api/v1",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a repository: `ref` empty means the default branch, `path` empty its root. Globs stay as written."""

    repository: str
    ref: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """A Git host: `url` is where its web pages begin, without a slash at the end."""

    type: HostType
    url: str
    token: str = field(default="", repr=False)
    api: str = ""

    @property
    def name(self) -> str:
        """Host and port, as configuration spells it."""
        return urlsplit(self.url).netloc

    def owns(self, url: str) -> bool:
        """Tell whether an address is below this host's."""
        return url == self.url or url.startswith(self.url + "/")

    def clone_url(self, repository: str) -> str:
        """Return where Git fetches a repository from, by its web address."""
        path = repository.removeprefix(self.url)
        if self.type == "bitbucketServer":
            _, _, project, _, name = path.split("/")[:5]
            return f"{self.url}/scm/{project}/{name}.git"
        return repository if self.type == "git" else f"{self.url}{path}.git"

    def view(self, repository: str, ref: str, path: str) -> str:
        """Return the page that shows a file."""
        return self._filled(LAYOUTS[self.type].view, repository, ref, path)

    def tree(self, repository: str, ref: str, path: str) -> str:
        """Return the page that shows a folder; its path ends with a slash, or is empty."""
        return self._filled(LAYOUTS[self.type].tree, repository, ref, path)

    def edit(self, repository: str, ref: str, path: str) -> str:
        """Return the page where a file can be edited; empty when the host has none."""
        return self._filled(LAYOUTS[self.type].edit, repository, ref, path)

    def raw(self, repository: str, ref: str, path: str) -> str:
        """Return where a file's bytes are; empty when the host does not say."""
        return self._filled(LAYOUTS[self.type].raw, repository, ref, path)

    def parse(self, url: str) -> Target | None:
        """Read the address of a file, folder or repository of this host; None for anything else.

        One that climbs (`..`) is nobody's: made into an address of the API, it would lead our token elsewhere.
        """
        if not self.owns(url):
            return None
        if ".." in re.split(r"[/\\?&=]", unquote(url)):
            return None
        parts = urlsplit(url.removeprefix(self.url))
        match = LAYOUTS[self.type].pattern.fullmatch(parts.path)
        if match is None:
            return None
        found = match.groupdict()
        ref = found.get("ref") or parse_qs(parts.query).get("at", [""])[0].removeprefix("refs/heads/")
        return Target(
            address(self.url + found["repository"], lower=self.type != "git"),
            unquote(ref),
            unquote(found.get("path") or "").strip("/"),
        )

    def _filled(self, template: str, repository: str, ref: str, path: str) -> str:
        return template.format(repository=repository, ref=quote(ref, safe=""), path=quote(path, safe="/*?"))


class Hosts:
    """All hosts that may be read, looked up by URL."""

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._hosts = tuple(hosts)

    def __iter__(self) -> "Any":
        return iter(self._hosts)

    def of(self, url: str) -> Host | None:
        """Find the host that an address belongs to."""
        return next((host for host in self._hosts if host.owns(url)), None)

    def named(self, name: str, type: HostType = "github") -> Host | None:  # noqa: A002 - the word of integrations
        """Find a host of a type by the name that configuration gives it; an empty name means the well-known one."""
        wanted = name or _WELL_KNOWN.get(type, "")
        return next((host for host in self._hosts if host.type == type and host.name == wanted), None)

    def parse(self, url: str) -> tuple[Host, Target] | None:
        """Find the host of an address, and what it means there."""
        normal = _normal(url)
        host = self.of(normal)
        target = host.parse(normal) if host else None
        return (host, target) if host and target else None

    @classmethod
    def of_integrations(cls, integrations: Mapping[str, Any]) -> "Hosts":
        """Read the section `integrations`; the well-known hosts are there without being named, without a token."""
        found: list[Host] = []
        for type_ in get_args(HostType):
            entries = integrations.get(type_) or ()
            found += [_host(type_, each) for each in entries if isinstance(each, Mapping)]
            known = _WELL_KNOWN.get(type_)
            if known and all(host.name != known for host in found):
                found.append(_host(type_, {"host": known}))
        return cls(found)


def _host(type_: HostType, entry: Mapping[str, Any]) -> Host:
    name = str(entry.get("host") or _WELL_KNOWN.get(type_, "")).lower().rstrip("/")
    api = str(entry.get("apiBaseUrl") or "").rstrip("/")
    base = str(entry.get("baseUrl") or "").rstrip("/")
    scheme = urlsplit(api).scheme if api and urlsplit(api).netloc.lower() == name else "https"
    url = base or f"{scheme}://{name}"
    if not api and type_ == "github" and name == "github.com":
        api = "https://api.github.com"
    token = entry.get("token") or entry.get("appPassword") or entry.get("password") or ""
    return Host(type_, url, str(token), api or _APIS.get(type_, "").format(url=url))


def _normal(url: str) -> str:
    """Lower the case of scheme and host, which never matters."""
    parts = urlsplit(url.strip())
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
