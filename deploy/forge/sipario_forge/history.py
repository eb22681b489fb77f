"""Which commits and objects lie between two states of a repository."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator
from stat import S_ISDIR

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Commit, ObjectID, Tag, Tree

Parents = Callable[[Commit], list[ObjectID]]
_GITLINK = 0o160000


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
    """Return the commits reachable from wants and not from haves, youngest first."""
    had, commits, queue = set(haves), dict[ObjectID, Commit](), list[tuple[int, ObjectID]]()

    def enqueue(sha: ObjectID) -> None:
        found = commits.get(sha) or store[sha]
        if sha not in commits and isinstance(found, Commit):
            commits[sha] = found
            heapq.heappush(queue, (-found.commit_time, sha))

    for sha in (*wants, *had):
        enqueue(sha)
    new: dict[ObjectID, Commit] = {}
    waiting = {sha for sha in commits if sha not in had}
    while queue and waiting:
        _, sha = heapq.heappop(queue)
        waiting.discard(sha)
        if sha not in had:
            new[sha] = commits[sha]
        for parent in parents(commits[sha]):
            if sha in had:
                had.add(parent)
                waiting.discard(parent)
            elif parent not in commits and parent not in had:
                waiting.add(parent)
            enqueue(parent)
    return [commit for sha, commit in new.items() if sha not in had]


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
        if mode == _GITLINK or any(sha == other_sha for _, other_sha in same_place):
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
