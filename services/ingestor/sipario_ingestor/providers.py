"""Which repositories of which hosts are read without being named: `catalog.providers`, in Backstage's words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from sipario_kit.configuration import section
from sipario_scm import Host, HostType, Listed, Scope
from sipario_scm.glob import Glob, is_glob

from sipario_ingestor.source import Address

Entry = Mapping[str, Any]
Fits = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """What must be true of a repository. Each of `patterns` must fit the field of `Listed` that stands before it.

    `one_of` and `all_of` are topics that are wanted, `none_of` such that are not; empty sets ask for nothing.
    """

    patterns: tuple[tuple[str, Fits], ...] = ()
    one_of: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    visibility: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    forks: bool = True
    archived: bool = False

    def fit(self, listed: Listed) -> bool:
        """Tell whether a repository is wanted."""
        topics = frozenset(topic.lower() for topic in listed.topics)
        return (
            (self.archived or not listed.archived)
            and (self.forks or not listed.fork)
            and (not self.one_of or bool(self.one_of & topics))
            and self.all_of <= topics
            and not self.none_of & topics
            and (not self.visibility or listed.visibility in self.visibility)
            and listed.path.lower() not in self.left_out
            and all(fits(getattr(listed, name)) for name, fits in self.patterns)
        )

    @property
    def ask(self) -> bool:
        """Tell whether more than an address must be known."""
        return self != Filters(archived=self.archived)


@dataclass(frozen=True, slots=True)
class Provider:
    """An entry of `catalog.providers`: repositories of a part of a host, read at `branch` (empty: the default one).

    `fallback` is the branch of those without a default one, `path` where entity files are.
    """

    id: str
    type: HostType
    host: str
    scope: Scope
    path: str = ""
    branch: str = ""
    fallback: str = ""
    filters: Filters = field(default_factory=Filters)

    def covers(self, repository: str, url: str) -> bool:
        """Tell whether a repository's address lies in this part of the host at `url`."""
        parts = [self.scope.owner.strip("/").lower(), quote(self.scope.project).lower()]
        return f"{repository}/".startswith("/".join([url, *filter(None, parts)]) + "/") and repository != url

    def certain(self) -> bool:
        """Tell whether an address that is covered is wanted for certain, without asking the host for more."""
        return not self.filters.ask and not self.scope.query and not self.fallback

    def wants(self, listed: Listed) -> bool:
        """Tell whether a repository that the host lists is one to read."""
        return self.filters.fit(listed)

    def address(self, host: Host, repository: str, default: str = "certain") -> Address:
        """Return what is read of a repository; `default` is its default branch."""
        branch = self.branch or ("" if default else self.fallback)
        if not branch:
            return Address(f"url:{repository}", repository)
        return Address(f"url:{host.tree(repository, branch, '')}", repository, branch)


def providers(catalog: Mapping[str, Any], entity_files: str) -> tuple[Provider, ...]:
    """Read all entries of all kinds; without a path of their own, they take `entity_files`."""
    found = section(catalog, "providers") or {}
    return tuple(
        read(name if kind == "github" else f"{kind}:{name}", entry, entity_files)
        for kind, read in _READERS.items()
        for name, entry in _named(found.get(kind) or {})
    )


def is_discovery(kind: str) -> bool:
    """Tell whether entries of a kind are about repositories."""
    return kind in _READERS


def _named(entries: Entry) -> Iterator[tuple[str, Entry]]:
    """Give a single entry, which has no name of its own, one; another file may have put named ones beside it."""
    if not _ALONE.isdisjoint(entries):
        beside = {
            name: entry
            for name, entry in entries.items()
            if name not in _ALONE and isinstance(entry, Mapping) and not _ALONE.isdisjoint(entry)
        }
        entries = {"default": {name: entries[name] for name in entries.keys() - beside.keys()}, **beside}
    for name, entry in entries.items():
        yield str(name), entry or {}


def _github(id_: str, entry: Entry, entity_files: str) -> Provider:
    filters = entry.get("filters") or {}
    topics = filters.get("topic") or {}
    patterns = _patterns(name=_whole(filters.get("repository")))
    wanted = Filters(
        patterns,
        one_of=_words(topics.get("include")),
        none_of=_words(topics.get("exclude")),
        visibility=_words(filters.get("visibility")),
        forks=_yes(filters.get("allowForks"), otherwise=True),
        archived=_yes(filters.get("allowArchived")),
    )
    scope = Scope(_text(entry, "organization"))
    return _made(
        id_, "github", entry, entity_files, scope=scope, branch=_text(filters, "branch"), filters=wanted
    )


def _gitea(id_: str, entry: Entry, entity_files: str) -> Provider:
    return _made(id_, "gitea", entry, entity_files, scope=Scope(_text(entry, "organization")))


def _gitlab(id_: str, entry: Entry, entity_files: str) -> Provider:
    wanted = Filters(
        _patterns(path=_part(entry.get("projectPattern"))),
        all_of=_words(entry.get("topics")),
        left_out=_words(entry.get("excludeRepos")),
        forks=not _yes(entry.get("skipForkedRepos")),
        archived=_yes(entry.get("includeArchivedRepos")),
    )
    made = _made(id_, "gitlab", entry, entity_files, scope=Scope(_text(entry, "group")), filters=wanted)
    path = _text(entry, "entityFilename").strip("/")
    return replace(made, path=path or made.path, fallback=_text(entry, "fallbackBranch"))


def _bitbucket(type_: HostType) -> Callable[[str, Entry, str], Provider]:
    def read(id_: str, entry: Entry, entity_files: str) -> Provider:
        filters = entry.get("filters") or {}
        patterns = _patterns(name=_part(filters.get("repoSlug")), project=_part(filters.get("projectKey")))
        server = type_ == "bitbucketServer"
        wanted = Filters(patterns, archived=server and not _yes(filters.get("skipArchivedRepos")))
        return _made(id_, type_, entry, entity_files, scope=Scope(_text(entry, "workspace")), filters=wanted)

    return read


def _azure(id_: str, entry: Entry, entity_files: str) -> Provider:
    project, repository = _text(entry, "project"), _text(entry, "repository")
    several = is_glob(project)
    patterns = _patterns(project=_glob(project if several else ""), name=_glob(repository))
    scope = Scope(_text(entry, "organization"), "" if several else project)
    made = _made(id_, "azure", entry, entity_files, scope=scope, filters=Filters(patterns))
    return replace(made, path=_text(entry, "path").strip("/") or made.path)


def _gerrit(id_: str, entry: Entry, entity_files: str) -> Provider:
    return _made(id_, "gerrit", entry, entity_files, scope=Scope(query=_text(entry, "query")))


_READERS: Mapping[str, Callable[[str, Entry, str], Provider]] = {
    "github": _github,
    "gitlab": _gitlab,
    "bitbucketCloud": _bitbucket("bitbucketCloud"),
    "bitbucketServer": _bitbucket("bitbucketServer"),
    "azureDevOps": _azure,
    "gitea": _gitea,
    "gerrit": _gerrit,
}
_ALONE = {
    *(
        "host",
        "organization",
        "group",
        "workspace",
        "project",
        "repository",
        "query",
        "catalogPath",
        "path",
        "filters",
    ),
    *("branch", "fallbackBranch", "entityFilename", "projectPattern", "topics", "excludeRepos"),
    *("skipForkedRepos", "includeArchivedRepos"),
}
"""Keys of an entry: with one of them, there is a single entry, and no names."""


def _made(
    id_: str,
    type_: HostType,
    entry: Entry,
    entity_files: str,
    *,
    scope: Scope,
    branch: str = "",
    filters: Filters | None = None,
) -> Provider:
    return Provider(
        id_,
        type_,
        _text(entry, "host"),
        scope,
        (_text(entry, "catalogPath") or entity_files).strip("/"),
        branch or _text(entry, "branch"),
        filters=filters or Filters(),
    )


def _text(entry: Entry, key: str) -> str:
    return str(entry.get(key) or "")


def _words(value: Any) -> frozenset[str]:
    """Read a list, or a text with commas, in lower case."""
    words: Sequence[Any] = value.split(",") if isinstance(value, str) else value or ()
    return frozenset(str(word).strip().lower() for word in words if str(word).strip())


def _yes(value: Any, *, otherwise: bool = False) -> bool:
    return otherwise if value is None else str(value).lower() in ("true", "yes", "1")


def _patterns(**patterns: Fits | None) -> tuple[tuple[str, Fits], ...]:
    return tuple((name, fits) for name, fits in patterns.items() if fits)


def _part(text: Any) -> Fits | None:
    return re.compile(str(text)).search if text else None


def _whole(text: Any) -> Fits | None:
    return re.compile(rf"\A(?:{text})\Z").search if text else None


def _glob(text: str) -> Fits | None:
    return Glob.of(text, any_case=True).matches if text else None
