"""Commits that the forge makes itself: files put or removed through REST, and merges."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from stat import S_ISDIR

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.repo import Repo

from sipario_forge.errors import Invalid

FILE = 0o100644
DIRECTORY = 0o040000


@dataclass(frozen=True)
class Signature:
    """Who authored or committed, as git writes it."""

    name: str
    email: str

    def written(self) -> bytes:
        """Return `Name <address>`; raises Invalid for what would break a commit's header."""
        if any(char in f"{self.name}{self.email}" for char in "<>\n\0"):
            raise Invalid("names and addresses have no < > or line ends")
        return f"{self.name} <{self.email}>".encode()


@dataclass(frozen=True)
class Note:
    """What a commit says about itself."""

    message: str
    author: Signature
    committer: Signature


def add_commit(repo: Repo, tree: ObjectID, parents: Sequence[ObjectID], note: Note) -> ObjectID:
    """Store a commit, in UTC, and return its id."""
    commit, seconds = Commit(), int(time.time())
    commit.tree, commit.parents = tree, list(parents)
    commit.author, commit.committer = note.author.written(), note.committer.written()
    commit.author_time = commit.commit_time = seconds
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding, commit.message = b"UTF-8", note.message.encode()
    repo.object_store.add_object(commit)
    return commit.id


def with_file(
    store: BaseObjectStore, root: ObjectID | None, path: tuple[bytes, ...], content: bytes | None
) -> ObjectID:
    """Return a tree like root with one file put, or removed when the content is None; raises Invalid."""
    tree = _tree(store, root)
    name = path[0]
    if len(path) > 1:
        below = tree[name] if name in tree else None  # noqa: SIM401 - a tree has no get
        if below is not None and not S_ISDIR(below[0]):
            raise Invalid(f"{name.decode(errors='replace')} is a file, not a folder")
        changed = with_file(store, below[1] if below else None, path[1:], content)
        _put(store, tree, name, (DIRECTORY, changed))
    elif content is None:
        del tree[name]
    else:
        _put_file(store, tree, name, content)
    store.add_object(tree)
    return tree.id


def _put_file(store: BaseObjectStore, tree: Tree, name: bytes, content: bytes) -> None:
    mode = tree[name][0] if name in tree else FILE
    if S_ISDIR(mode):
        raise Invalid(f"{name.decode(errors='replace')} is a folder")
    blob = Blob.from_string(content)
    store.add_object(blob)
    tree[name] = (mode, blob.id)


def _put(store: BaseObjectStore, tree: Tree, name: bytes, entry: tuple[int, ObjectID]) -> None:
    """Put an entry, or remove it when it is a folder in which nothing is left."""
    if len(_tree(store, entry[1])):
        tree[name] = entry
    elif name in tree:
        del tree[name]


def _tree(store: BaseObjectStore, sha: ObjectID | None) -> Tree:
    if sha is None:
        return Tree()
    found = store[sha]
    assert isinstance(found, Tree)
    return found.copy()  # type: ignore[return-value]
