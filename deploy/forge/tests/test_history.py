"""Which commits are new, judged against the plain definition on random histories."""

import random

import pytest
from dulwich.object_store import MemoryObjectStore
from dulwich.objects import Commit, ObjectID, Tree
from sipario_forge.history import new_commits
from sipario_forge.merging import merged_lines


def history(chance: random.Random, size: int) -> tuple[MemoryObjectStore, list[ObjectID]]:
    """Make commits with up to two parents each, many of them of the same second."""
    store, shas = MemoryObjectStore(), list[ObjectID]()
    store.add_object(Tree())
    seconds = 1_700_000_000
    for number in range(size):
        commit = Commit()
        seconds += chance.choice([0, 0, 1])
        commit.tree, commit.author, commit.committer = Tree().id, b"a <a>", b"a <a>"
        commit.author_time = commit.commit_time = seconds
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = str(number).encode()
        commit.parents = chance.sample(shas[-6:], min(len(shas), chance.choice([1, 1, 2])))
        store.add_object(commit)
        shas.append(commit.id)
    return store, shas


def reachable(store: MemoryObjectStore, starts: list[ObjectID]) -> set[ObjectID]:
    """Return all ancestors, the slow and certain way."""
    found, left = set[ObjectID](), list(starts)
    while left:
        sha = left.pop()
        commit = store[sha]
        assert isinstance(commit, Commit)
        left += [] if sha in found else commit.parents
        found.add(sha)
    return found


@pytest.mark.parametrize("seed", range(150))
def test_new_commits_are_those_reachable_from_wants_only(seed: int) -> None:
    chance = random.Random(seed)
    store, shas = history(chance, 40)
    wants, haves = chance.sample(shas, chance.randint(1, 3)), chance.sample(shas, chance.randint(0, 3))
    found = [commit.id for commit in new_commits(store, wants, haves)]
    assert set(found) == reachable(store, wants) - reachable(store, haves)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("abcX", "Yabc", "YabcX"),
        ("abc", "aXc", "aXc"),
        ("aXc", "aXc", "aXc"),
        ("aXc", "aYc", None),
        ("ac", "aXc", None),
        ("ac", "ac", "ac"),
        ("", "abc", ""),
        ("abcX", "abcY", None),
        ("Xbc", "abY", "XbY"),
    ],
)
def test_lines_of_both_sides_are_merged_or_conflict(ours: str, theirs: str, merged: str | None) -> None:
    base, *sides = ([char.encode() for char in text] for text in ("abc", ours, theirs))
    result = merged_lines(base, *sides)
    assert (None if result is None else b"".join(result).decode()) == merged
    swapped = merged_lines(base, *reversed(sides))
    assert swapped == result
