"""Finding commits, trees and files by what people call them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from stat import S_ISDIR, S_ISLNK

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from sipario_forge.errors import Conflict, NotFound
from sipario_forge.history import GITLINK, unwrapped

_SHORT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class Found:
    """An entry of a tree: its path from the root, mode and id."""

    path: bytes
    mode: int
    sha: ObjectID

    @property
    def kind(self) -> str:
        """`file`, `dir`, `symlink` or `submodule`, as the contents API says."""
        if S_ISDIR(self.mode):
            return "dir"
        if self.mode == GITLINK:
            return "submodule"
        return "symlink" if S_ISLNK(self.mode) else "file"


def commit_of(repo: Repo, name: str) -> Commit:
    """Return the commit that a branch, tag, full ref or (shortened) id names; raises NotFound, Conflict."""
    if name == "HEAD" and not any(ref.startswith(b"refs/heads/") for ref in repo.get_refs()):
        raise Conflict("Git Repository is empty.")
    sha = _named(repo, name) or _abbreviated(repo, name)
    if sha is None:
        raise NotFound(f"No commit found for the ref {name}")
    found = repo.object_store[unwrapped(repo.object_store, sha)[1]]
    if not isinstance(found, Commit):
        raise NotFound(f"No commit found for the ref {name}")
    return found


def branch_head(repo: Repo, branch: str) -> ObjectID | None:
    """Return where a branch is, if there is one."""
    return repo.get_refs().get(Ref(f"refs/heads/{branch}".encode()))


def _named(repo: Repo, name: str) -> ObjectID | None:
    refs = repo.get_refs()
    for prefix in ("refs/heads/", "refs/tags/", "refs/", ""):
        if sha := refs.get(Ref(f"{prefix}{name}".encode())):
            return sha
    return None


def _abbreviated(repo: Repo, name: str) -> ObjectID | None:
    if not _SHORT.fullmatch(name.lower()):
        return None
    found = list(repo.object_store.iter_prefix(name.lower().encode()))
    return found[0] if len(set(found)) == 1 else None


def entry_at(store: BaseObjectStore, root: ObjectID, path: tuple[bytes, ...]) -> Found:
    """Return what lies at a path below a tree, the tree itself for the empty one; raises NotFound."""
    found = Found(b"", 0o040000, root)
    for name in path:
        tree = store[found.sha] if S_ISDIR(found.mode) else None
        if not isinstance(tree, Tree) or name not in tree:
            raise NotFound
        mode, sha = tree[name]
        found = Found(found.path + b"/" + name if found.path else name, mode, sha)
    return found


def children(store: BaseObjectStore, folder: Found) -> Iterator[Found]:
    """Yield a folder's entries, by name."""
    tree = store[folder.sha]
    assert isinstance(tree, Tree)
    for entry in sorted(tree.iteritems(), key=lambda entry: entry.path):
        yield Found(folder.path + b"/" + entry.path if folder.path else entry.path, entry.mode, entry.sha)


def descendants(store: BaseObjectStore, folder: Found) -> Iterator[Found]:
    """Yield everything below a folder, each folder before what is in it."""
    for child in children(store, folder):
        yield child
        if child.kind == "dir":
            yield from descendants(store, child)


def content(store: BaseObjectStore, found: Found) -> bytes:
    """Return a file's bytes, or where a symbolic link points; raises NotFound for folders."""
    blob = store[found.sha] if found.kind in {"file", "symlink"} else None
    if not isinstance(blob, Blob):
        raise NotFound
    return blob.data


def split_reference(repo: Repo, text: str) -> tuple[Commit, str]:
    """Split `{ref}/{path}`, where a branch's name may have slashes itself; raises NotFound."""
    parts = text.split("/")
    for size in range(1, len(parts) + 1):
        try:
            return commit_of(repo, "/".join(parts[:size])), "/".join(parts[size:])
        except NotFound:
            continue
    raise NotFound
