"""Reads a source from its mirror, and turns it into an outcome. Blocking: runs on a thread."""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sipario_events import Cause, EntityChanged
from sipario_model import BUILT_IN, LocationRef, Vocabulary
from sipario_scm import (
    Commit,
    FileMissing,
    GitTree,
    Host,
    Mirrors,
    SafeFetcher,
    ScmError,
    Tree,
    UrlRefused,
    serves_files,
)
from sipario_scm.glob import is_glob, matching

from sipario_ingestor.configuration import LOCATION_TYPES, Configuration
from sipario_ingestor.finding import NAMES, entity_files
from sipario_ingestor.folder import FolderTree, WebPlace, WebTree, parted
from sipario_ingestor.found import FoundTree
from sipario_ingestor.outcome import Outcome, Remembered, SourceProblem
from sipario_ingestor.pipeline import Passage, Pipeline
from sipario_ingestor.place import FolderPlace, GitPlace, Place
from sipario_ingestor.processing import Context
from sipario_ingestor.rules import PROVIDED, Rules
from sipario_ingestor.source import Address, Source
from sipario_ingestor.walk import Walk

MOST_FILES = 5_000

Take = Callable[[Sequence[EntityChanged]], None]


def _leave(_events: Sequence[EntityChanged]) -> None:
    """Take nothing before the end."""


class UnknownHost(ScmError):
    """A URL of a host that no integration names."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to read: the source, the locations that led to it, and the files that its provider names.

    `afresh`: whatever was read of it before. `found` is what a provider gave.
    """

    source: Source
    origins: tuple[LocationRef, ...] = ()
    pattern: str = ""
    afresh: bool = False
    vocabulary: Vocabulary = BUILT_IN
    found: FoundTree | None = None


@dataclass(slots=True)
class Sighting:
    """One tree being read, and which other repositories, and URLs of none, it takes text from."""

    tree: Tree
    place: Place
    reads: set[str] = field(default_factory=set)


class Reader:
    """Fetches, finds, processes. Raises ScmError when the repository can't be read at all."""

    def __init__(
        self,
        mirrors: Mirrors,
        configuration: Configuration,
        fetcher: SafeFetcher,
        pipeline: Pipeline | None = None,
    ) -> None:
        self.pipeline = pipeline or Pipeline()
        self._mirrors = mirrors
        self._configuration = configuration
        self._fetcher = fetcher
        self._remembered: dict[str, tuple[str, Mapping[str, Remembered]]] = {}

    def remember(self, request: Request, outcome: Outcome) -> None:
        """Keep that an outcome was recorded whole, so that files that stay as they are need not be read again."""
        self._remembered[request.source.id] = (_context(request, outcome.branch), outcome.files)

    def forget(self, id_: str, repository: str) -> None:
        """Read everything of a source next time; with a repository, remove its mirror too."""
        self._remembered.pop(id_, None)
        host = self._configuration.hosts.of(repository)
        if host:
            self._mirrors.discard(host, repository)

    def _memory(self, request: Request, place: Place) -> Mapping[str, Remembered]:
        branch = place.ref if isinstance(place, GitPlace) else ""
        context, files = self._remembered.get(request.source.id, ("", {}))
        return files if context == _context(request, branch) and not request.afresh else {}

    def host(self, repository: str) -> Host:
        """Return the host of a repository; raises UnknownHost."""
        host = self._configuration.hosts.of(repository)
        if host is None:
            raise UnknownHost(f"no integration names the host of {repository}; add one to integrations")
        return host

    def read(self, request: Request, take: Take = _leave) -> Outcome:
        """Read the repository at the head of the source's branch; gives away to `take` what is done meanwhile."""
        source, address = request.source, request.source.address
        if request.found is not None:
            return self._provided(request, request.found, take)
        if not address.repository:
            return self._outcome(request, self._plain(address), _inside_path(address), take)
        host = self.host(address.repository)
        mirror = self._mirrors.of(host, address.repository)
        branch = address.ref or (source.branch if source.wanted else "")
        with mirror.read(branch, source.wanted) as tree:
            place = GitPlace(host, address.repository, tree.branch)
            return self._outcome(request, Sighting(tree, place), address.path or request.pattern, take)

    def _plain(self, address: Address) -> Sighting:
        """Open what is no repository: a folder, or a URL that the fetcher permits."""
        location = LocationRef.parse(address.id)
        if location.type == "file":
            folder = parted(location.target)[0]
            return Sighting(FolderTree(folder), FolderPlace(str(folder)))
        if location.type not in LOCATION_TYPES:
            raise UrlRefused(
                f"there is no location type {location.type}; there are {', '.join(LOCATION_TYPES)}"
            )
        web = WebTree(location.target, self._fetcher)
        return Sighting(web, WebPlace(web))

    def _outcome(self, request: Request, sighting: Sighting, pattern: str, take: Take) -> Outcome:
        tree, place = sighting.tree, sighting.place
        remembered = self._memory(request, place)
        walk = Walk(tree, lambda url: self._here(url, place), remembered, most_files=MOST_FILES)
        cause = _cause(request.source, tree.commit)
        passage = self._passage(sighting)
        roots = _roots(tree, pattern)
        for path in roots:
            own = LocationRef.parse(place.location(path))
            context = Context(
                source=request.source.id,
                place=place,
                path=path,
                origins=request.origins or (own,),
                rules=self._configuration.rules,
                cause=cause,
                passage=passage,
                vocabulary=request.vocabulary,
            )
            walk.start(path, context)
        for events in walk.run():
            take(events)
        outcome = _came_of(walk, sighting, request, cause)
        return outcome if roots else replace(outcome, problems=(_nothing(pattern),))

    def _provided(self, request: Request, found: FoundTree, take: Take) -> Outcome:
        """Take up what a provider found; files are judged by the rules, entities are the provider's own word."""
        sighting = Sighting(found, found)
        walk = Walk(found, lambda _: None, {}, most_files=len(found.files))
        passage = self._passage(sighting)

        def context(path: str, rules: Rules) -> Context:
            return Context(
                source=request.source.id,
                place=found,
                path=path,
                origins=(found.origin(path),),
                rules=rules,
                cause=Cause(),
                passage=passage,
                vocabulary=request.vocabulary,
            )

        for path, entity in found.entities:
            walk.declare(entity, context(path, PROVIDED))
        for path in found.files:
            walk.start(path, context(path, self._configuration.rules))
        for events in walk.run():
            take(events)
        return _came_of(walk, sighting, request, Cause())

    def _passage(self, sighting: Sighting) -> Passage:
        place = sighting.place
        return Passage(
            self.pipeline,
            lambda reference, inside: self._referred(reference, inside, sighting),
            host=place.host.type if isinstance(place, GitPlace) else "",
            watch=lambda url: self._watch(url, sighting),
        )

    def _watch(self, url: str, sighting: Sighting) -> None:
        """Have the source read again when the repository of a file changes, or the file itself when it is in none."""
        found = self._configuration.hosts.parse(url)
        if found:
            sighting.reads.add(found[1].repository)
        elif self._fetcher.permits(url):
            sighting.reads.add(url)

    def _here(self, url: str, place: Place) -> str | None:
        """Turn an absolute URL into a path of the tree at hand, when it points into it."""
        found = self._configuration.hosts.parse(url)
        if (
            isinstance(place, GitPlace)
            and found
            and found[1].repository == place.repository
            and found[1].ref in ("", place.ref)
        ):
            return found[1].path or None
        return None

    def _referred(self, reference: str, path: str, sighting: Sighting) -> bytes:
        """Return what a placeholder of the file at `path` points at."""
        if "://" not in reference:
            return _inside(sighting.tree, path, reference)
        here = self._here(reference, sighting.place)
        if here:
            return _inside(sighting.tree, "", here)
        self._watch(reference, sighting)
        return self.text(reference)

    def text(self, url: str) -> bytes:
        """Return the file at a URL of a known host, or of one that may be read; raises ScmError."""
        found = self._configuration.hosts.parse(url)
        if found is None:
            return self._fetcher.url(url)
        host, target = found
        if serves_files(host):
            return self._fetcher.file(host, target)
        with self.tree(target.repository, target.ref) as tree:
            return tree.read(target.path)

    def tree(self, repository: str, ref: str = "") -> GitTree:
        """Open a repository at the head of a branch, to be closed by the caller; raises ScmError."""
        return self._mirrors.of(self.host(repository), repository).read(ref)

    def at(self, repository: str, commit: str) -> GitTree:
        """Open a repository at a commit that was read before, to be closed by the caller; raises ScmError."""
        return self._mirrors.of(self.host(repository), repository).at(commit)


def _came_of(walk: Walk, sighting: Sighting, request: Request, cause: Cause) -> Outcome:
    return Outcome(
        walk.entities,
        tuple(walk.problems),
        frozenset(walk.children),
        frozenset(sighting.reads),
        sighting.tree.commit.sha,
        sighting.tree.branch,
        walk.later,
        cause,
        frozenset(walk.unchanged),
        walk.files,
        walk.lacking,
        request.vocabulary,
    )


def _context(request: Request, branch: str) -> str:
    return "|".join([branch, request.vocabulary.digest, *map(str, request.origins)])


def _roots(tree: Tree, path: str) -> list[str]:
    if path and not is_glob(path):
        return [path]
    return matching(path, tree.files) if path else entity_files(tree)


def _inside(tree: Tree, path: str, reference: str) -> bytes:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference))
    if joined.startswith(("../", "/")):
        raise ValueError("it leads out of the repository")
    try:
        return tree.read(joined)
    except FileMissing as error:
        raise ValueError(str(error)) from error


def _inside_path(address: Address) -> str:
    """Return the file's name, or its pattern, in its folder; of a folder, nothing."""
    location = LocationRef.parse(address.id)
    if location.type == "file":
        return parted(location.target)[1]
    return location.target.rpartition("/")[2].partition("?")[0]


def _cause(source: Source, commit: Commit) -> Cause:
    if not commit.sha:
        return Cause()
    return Cause(
        repository=source.address.repository,
        commit=commit.sha,
        author=commit.author,
        committed_at=commit.committed_at,
        actor=source.actor if source.wanted == commit.sha else "",
    )


def _nothing(pattern: str) -> SourceProblem:
    wanted = pattern or f"{NAMES[0]}, nor YAML files that speak of backstage.io"
    return SourceProblem(f"there is no {wanted} in this repository", level="info")
