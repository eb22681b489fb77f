"""The Git hosts that configuration names, and how a URL is one of theirs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sipario_scm.address import address, spelt_out
from sipario_scm.github_app import App, GitHubApps
from sipario_scm.layout import LAYOUTS, HostType
from sipario_scm.login import USER, Login

_WELL_KNOWN: Mapping[HostType, str] = {
    "github": "github.com",
    "gitlab": "gitlab.com",
    "bitbucketCloud": "bitbucket.org",
    "azure": "dev.azure.com",
}
_APIS: Mapping[HostType, str] = {
    "github": "{url}/api/v3",
    "gitlab": "{url}/api/v4",
    "bitbucketCloud": "https://api.bitbucket.org/2.0",
    "bitbucketServer": "{url}/rest/api/1.0",
    "azure": "{url}",
    "gitea": "{url}/api/v1",
}
CASE_MATTERS = ("git", "gerrit")
"""Kinds of hosts where repositories may differ by the case of their names alone."""

_USERS: Mapping[HostType, str] = {
    "gitlab": "oauth2",
    "bitbucketCloud": "x-token-auth",
    "bitbucketServer": "x-token-auth",
}
_WITH_MAIL = "x-bitbucket-api-token-auth"
_COMMIT = re.compile(r"[0-9a-f]{40}")
_REVISIONS = {"azure": ("GB", "GC"), "gerrit": ("refs/heads/", "")}


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a repository: `ref` empty means the default branch, `path` empty its root. Globs stay as written."""

    repository: str
    ref: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """A Git host: `url` is where the web pages of repositories begin, without a slash at the end.

    `user` goes with the token where the host wants to know whose it is; `tokens` are those of single owners, in lower
    case, and `apps` give others. `clone` is where Git fetches, `label` the host's name, when `url` does not tell.
    """

    type: HostType
    url: str
    token: str = field(default="", repr=False)
    api: str = ""
    user: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    apps: GitHubApps | None = field(default=None, repr=False, compare=False)
    clone: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """Host and port, as configuration spells it."""
        return self.label or urlsplit(self.url).netloc

    def login(self, repository: str = "") -> Login:
        """Return with what a repository, or anything below an owner's address, is asked for.

        Blocks when a GitHub App must ask for a token first; raises AccessDenied and HostUnavailable then.
        """
        owner = repository.removeprefix(self.url).strip("/").partition("/")[0].lower()
        token = self.tokens.get(owner, self.token)
        if self.apps and owner:
            token = self.apps.token(owner) or token
        user = self.user or _USERS.get(self.type, USER)
        mail = self.type == "bitbucketCloud" and "@" in user
        return Login(token, user, _WITH_MAIL if mail else user, basic=bool(self.user) or self.type == "azure")

    def owns(self, url: str) -> bool:
        """Tell whether an address is below this host's."""
        return url == self.url or url.startswith(self.url + "/")

    def clone_url(self, repository: str) -> str:
        """Return where Git fetches a repository from, by its web address."""
        path = repository.removeprefix(self.url)
        if self.type == "bitbucketServer":
            _, _, project, _, name = path.split("/")[:5]
            return f"{self.url}/scm/{project}/{name}.git"
        if self.type == "gerrit":
            return f"{self.clone}{'/a' if self.token else ''}{path}"
        if self.type == "azure":
            return repository
        return repository if self.type == "git" else f"{self.url}{path}.git"

    def view(self, repository: str, ref: str, path: str) -> str:
        """Return the page that shows a file."""
        return self._filled(LAYOUTS[self.type].view, repository, ref, path)

    def line(self, view: str, line: int) -> str:
        """Return where a page of `view` shows a line."""
        return view + LAYOUTS[self.type].line.format(line=line)

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
        found, query = match.groupdict(), parse_qs(parts.query)
        repository = address(self.url + found["repository"], lower=self.type not in CASE_MATTERS)
        if self.type == "azure":
            repository = spelt_out(repository)
            version = query.get("version", [""])[0]
            return Target(repository, version[2:], query.get("path", [""])[0].strip("/"))
        ref = found.get("ref") or query.get("at", [""])[0].removeprefix("refs/heads/")
        return Target(repository, unquote(ref), unquote(found.get("path") or "").strip("/"))

    def _filled(self, template: str, repository: str, ref: str, path: str) -> str:
        branch, commit = _REVISIONS.get(self.type, ("", ""))
        quoted = quote(ref, safe="")
        return template.format(
            repository=repository,
            inside=repository.removeprefix(self.url),
            base=self.api.removesuffix("/a"),
            rest=repository.replace("/_git/", "/_apis/git/repositories/"),
            ref=quoted,
            revision=(commit if _COMMIT.fullmatch(ref) else branch) + quoted,
            path=quote(path, safe="/*?"),
        )


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
        """Find a host of a type by the name that configuration gives it.

        An empty name means the well-known one, or the only one where there is none.
        """
        wanted = name.lower() or _WELL_KNOWN.get(type, "")
        alike = [host for host in self._hosts if host.type == type]
        if not wanted and len(alike) == 1:
            return alike[0]
        return next((host for host in alike if host.name == wanted), None)

    def parse(self, url: str) -> tuple[Host, Target] | None:
        """Find the host of an address, and what it means there; None for text that is no address too."""
        try:
            normal = _normal(url)
            host = self.of(normal)
            target = host.parse(normal) if host else None
        except ValueError:
            return None
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
    api = _address(entry, "apiBaseUrl")
    scheme = urlsplit(api).scheme if api and urlsplit(api).netloc.lower() == name else "https"
    url = _address(entry, "baseUrl") or f"{scheme}://{name}"
    if not api and type_ == "github" and name == "github.com":
        api = "https://api.github.com"
    token = str(entry.get("token") or entry.get("appPassword") or entry.get("password") or "")
    user = str(entry.get("username") or "")
    if type_ == "gerrit":
        return _gerrit(name, url, user, token, entry)
    api = api or _APIS.get(type_, "").format(url=url)
    tokens = dict(_owned(entry.get("credentials") or ()))
    apps = [App.of(each) for each in entry.get("apps") or ()]
    return Host(
        type_,
        url,
        token or tokens.pop("", ""),
        api,
        user=user,
        tokens=tokens,
        apps=GitHubApps(api, apps) if apps else None,
        label=name if name != urlsplit(url).netloc.lower() else "",
    )


def _gerrit(name: str, url: str, user: str, token: str, entry: Mapping[str, Any]) -> Host:
    """Read a Gerrit: its repositories are shown by Gitiles, beside or elsewhere; signed in, all begins with /a."""
    pages = _address(entry, "gitilesBaseUrl") or f"{url}/plugins/gitiles"
    clone = _address(entry, "cloneUrl") or url
    api = f"{url}/a" if token else url
    return Host("gerrit", pages, token, api, user=user, clone=clone, label=name or urlsplit(url).netloc)


def _owned(credentials: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Read the tokens of Azure DevOps by organisation; by the empty name, the one for all others."""
    for each in credentials:
        token = str(each.get("personalAccessToken") or "")
        if token:
            for owner in each.get("organizations") or ("",):
                yield str(owner).lower(), token


def _address(entry: Mapping[str, Any], key: str) -> str:
    return str(entry.get(key) or "").rstrip("/")


def _normal(url: str) -> str:
    """Lower the case of scheme and host, which never matters."""
    parts = urlsplit(url.strip())
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
