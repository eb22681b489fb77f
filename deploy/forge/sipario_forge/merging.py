"""Three-way merges of trees and lines."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from stat import S_ISDIR, S_ISREG

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, ObjectID, Tree

from sipario_forge.history import entries
from sipario_forge.writing import DIRECTORY

Entry = tuple[int, ObjectID]
Lines = Sequence[bytes]


class MergeConflict(Exception):
    """Both sides changed the same place; the message is its path."""


def merged_tree(
    store: BaseObjectStore, base: ObjectID | None, *, ours: ObjectID, theirs: ObjectID, path: bytes = b""
) -> ObjectID:
    """Store and return the tree that has both sides' changes; raises MergeConflict."""
    sides = [entries(store, sha) if sha else {} for sha in (base, ours, theirs)]
    tree = Tree()
    for name in sorted(set().union(*sides)):
        entry = _merged_entry(store, [side.get(name) for side in sides], path=path + b"/" + name)
        if entry is not None:
            tree[name] = entry
    store.add_object(tree)
    return tree.id


def _merged_entry(store: BaseObjectStore, three: list[Entry | None], *, path: bytes) -> Entry | None:
    base, ours, theirs = three
    if theirs in (ours, base):
        return ours
    if base == ours:
        return theirs
    if ours is None or theirs is None:
        raise MergeConflict(_shown(path))
    if S_ISDIR(ours[0]) and S_ISDIR(theirs[0]):
        below = base[1] if base and S_ISDIR(base[0]) else None
        return DIRECTORY, merged_tree(store, below, ours=ours[1], theirs=theirs[1], path=path)
    if base is None or not all(S_ISREG(mode) for mode, _ in (base, ours, theirs)):
        raise MergeConflict(_shown(path))
    mode = theirs[0] if base[0] == ours[0] else ours[0]
    return mode, _merged_blob(store, (base[1], ours[1], theirs[1]), path=path)


def _merged_blob(store: BaseObjectStore, three: tuple[ObjectID, ...], *, path: bytes) -> ObjectID:
    contents = [store[sha].as_raw_string() for sha in three]
    lines = merged_lines(*(content.splitlines(keepends=True) for content in contents))
    if lines is None or any(b"\0" in content for content in contents):
        raise MergeConflict(_shown(path))
    blob = Blob.from_string(b"".join(lines))
    store.add_object(blob)
    return blob.id


def merged_lines(base: Lines, ours: Lines, theirs: Lines) -> list[bytes] | None:
    """Return the lines with both sides' changes, or None when both changed the same ones differently."""
    merged: list[bytes] = []
    at_base = at_ours = at_theirs = 0
    for start, in_ours, in_theirs, size in _unchanged(base, ours, theirs):
        old, mine, other = base[at_base:start], ours[at_ours:in_ours], theirs[at_theirs:in_theirs]
        if old not in (mine, other) and mine != other:
            return None
        merged += other if old == mine else mine
        merged += base[start : start + size]
        at_base, at_ours, at_theirs = start + size, in_ours + size, in_theirs + size
    return merged


def _unchanged(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Yield runs of base lines that both sides kept, as (start, start in ours, start in theirs, length)."""
    left = SequenceMatcher(None, base, ours, autojunk=False).get_matching_blocks()
    right = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(left) and j < len(right):
        (a, in_ours, a_size), (b, in_theirs, b_size) = left[i], right[j]
        start, end = max(a, b), min(a + a_size, b + b_size)
        if end > start:
            yield start, in_ours + start - a, in_theirs + start - b, end - start
        if a + a_size < b + b_size:
            i += 1
        else:
            j += 1
    yield len(base), len(ours), len(theirs), 0


def _shown(path: bytes) -> str:
    return path.lstrip(b"/").decode("utf-8", "replace")
