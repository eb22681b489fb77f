"""Which commits and objects lie between two states of a repository."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator
from stat import S_ISDIR

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Commit, ObjectID, Tag, Tree

Parents = Callable[[Commit], list[ObjectID]]
GITLINK = 0o160000


def real_parents(commit: Commit) -> list[ObjectID]:
    """Return a commit's parents, with no boundary anywhere."""
    return commit.parents


def new_commits(
    store: BaseObjectStore,
    wants: Iterable[ObjectID],
    haves: Iterable[ObjectID],
    *,
    parents: Parents = real_parents,
) -> list[Commit]:
    """Return the commits reachable from wants and not from haves, youngest first.

    Exact as long as no commit claims to be older than its parents; several of the same second are no trouble.
    """
    painting = _Painting(store, set(haves), parents)
    for sha in (*painting.had, *wants):
        painting.see(sha)
    while painting.unfinished():
        painting.step()
    return list(painting.new.values())


class _Painting:
    """A walk from the youngest commit down that finds out which of them somebody has already."""

    def __init__(self, store: BaseObjectStore, had: set[ObjectID], parents: Parents) -> None:
        self.new: dict[ObjectID, Commit] = {}
        self.had = had
        self._store, self._parents = store, parents
        self._seen: dict[ObjectID, Commit] = {}
        self._queue: list[tuple[int, ObjectID]] = []
        self._waiting: set[ObjectID] = set()
        self._oldest = 0

    def see(self, sha: ObjectID) -> None:
        """Put a commit into the queue; also one that passed before, when it turned out to be had."""
        found = self._seen.get(sha) or self._store[sha]
        if not isinstance(found, Commit) or (sha in self._seen and sha not in self.had):
            return
        self._seen[sha] = found
        heapq.heappush(self._queue, (-found.commit_time, sha))
        if sha not in self.had:
            self._waiting.add(sha)

    def unfinished(self) -> bool:
        """Whether a new commit waits, or one that is had could still have a new one below it."""
        return bool(self._queue and (self._waiting or (self.new and -self._queue[0][0] >= self._oldest)))

    def step(self) -> None:
        """Take the youngest commit and look at its parents."""
        _, sha = heapq.heappop(self._queue)
        commit, below = self._seen[sha], self._parents(self._seen[sha])
        if sha in self.had:
            self.new.pop(sha, None)
            below = [parent for parent in below if parent not in self.had]
            self.had.update(below)
        else:
            self._oldest = min(self._oldest, commit.commit_time) if self.new else commit.commit_time
            self.new[sha] = commit
        self._waiting.discard(sha)
        self._waiting.difference_update(below if sha in self.had else ())
        for parent in below:
            self.see(parent)


def changed_objects(
    store: BaseObjectStore, tree: ObjectID, known: Collection[ObjectID]
) -> Iterator[ObjectID]:
    """Yield the trees and blobs of a tree that are not at the same place in one of the known trees."""
    if tree in known:
        return
    yield tree
    others = [entries(store, other) for other in known]
    for name, (mode, sha) in entries(store, tree).items():
        same_place = [entry for other in others if (entry := other.get(name))]
        if mode == GITLINK or any(sha == other_sha for _, other_sha in same_place):
            continue
        if S_ISDIR(mode):
            yield from changed_objects(store, sha, [other for kind, other in same_place if S_ISDIR(kind)])
        else:
            yield sha


def entries(store: BaseObjectStore, tree: ObjectID) -> dict[bytes, tuple[int, ObjectID]]:
    """Return a tree's entries by name."""
    found = store[tree]
    assert isinstance(found, Tree)
    return {entry.path: (entry.mode, entry.sha) for entry in found.iteritems()}


def objects_of(
    store: BaseObjectStore, commits: Iterable[Commit], *, parents: Parents
) -> dict[ObjectID, None]:
    """Return these commits with everything that their parents do not have already, each object once."""
    found: dict[ObjectID, None] = {}
    for commit in commits:
        found[commit.id] = None
        before = [parent.tree for sha in parents(commit) if isinstance(parent := store[sha], Commit)]
        found.update(dict.fromkeys(changed_objects(store, commit.tree, before)))
    return found


def unwrapped(store: BaseObjectStore, sha: ObjectID) -> tuple[list[ObjectID], ObjectID]:
    """Follow tags to what they name: the tags on the way, and the first object that is none."""
    tags: list[ObjectID] = []
    while isinstance(found := store[sha], Tag):
        tags.append(sha)
        sha = found.object[1]
    return tags, sha
