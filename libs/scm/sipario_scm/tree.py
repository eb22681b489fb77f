"""All files of a repository at one commit."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, cast

from dulwich.object_store import iter_tree_contents
from dulwich.objects import Blob, ObjectID
from dulwich.objects import Commit as GitCommit
from dulwich.repo import Repo

from sipario_scm.commit import Commit
from sipario_scm.damage import sound
from sipario_scm.errors import FileMissing, FileRefused

READ_LIMIT = 10_000_000
MOST_FILES = 500_000


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A plain file: its path with slashes, and the id of its content, equal for equal bytes."""

    path: str
    blob: str


class Tree(Protocol):
    """Files at one state, read without following links. Close it, or use it in a `with` block."""

    @property
    def commit(self) -> Commit:
        """The commit that this is the state of."""
        ...

    @property
    def branch(self) -> str:
        """The branch, or tag, that was read."""
        ...

    @property
    def files(self) -> Mapping[str, TreeFile]:
        """The plain files by path, in the order of their paths."""
        ...

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes; raises FileMissing or FileRefused."""
        ...


class GitTree:
    """A tree in a bare repository on disk. Blocking, and to be used by one thread at a time."""

    def __init__(self, folder: Path, sha: str, branch: str) -> None:
        self._folder = folder
        self._sha = sha
        self.branch = branch
        with sound(folder):
            self._repo = Repo(str(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the pack files."""
        self._repo.close()

    @cached_property
    def commit(self) -> Commit:
        """The commit that this is the state of."""
        return Commit.of(self._git_commit)

    @cached_property
    def files(self) -> Mapping[str, TreeFile]:
        """The plain files by path, in the order of their paths; paths that are not UTF-8 are left out."""
        return {path: TreeFile(path, blob) for path, mode, blob in self._entries if stat.S_ISREG(mode)}

    @cached_property
    def links(self) -> Mapping[str, str]:
        """What is never read, by path: `symbolic link` or `submodule`."""
        return {
            path: "symbolic link" if stat.S_ISLNK(mode) else "submodule"
            for path, mode, _ in self._entries
            if not stat.S_ISREG(mode)
        }

    def commits(self, most: int) -> list[Commit]:
        """Return this commit and those before it, the newest first, as far as they are here."""
        with sound(self._folder):
            walker = self._repo.get_walker(include=[ObjectID(self._sha.encode())], max_entries=most)
            return [Commit.of(entry.commit) for entry in walker]

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes; raises FileMissing or FileRefused."""
        if path in self.links:
            raise FileRefused(f"{path} is a {self.links[path]}; put the file itself there")
        if path not in self.files:
            raise FileMissing(f"{path} is not in the repository at {self._sha[:8]}")
        return self._blob(path, limit)

    def _blob(self, path: str, limit: int) -> bytes:
        sha = ObjectID(self.files[path].blob.encode())
        with sound(self._folder):
            data: bytes = cast("Blob", self._repo[sha]).data
        if len(data) > limit:
            size = f"{len(data) / 1e6:.1f} MB, at most {limit / 1e6:g} MB are read"
            raise FileRefused(f"{path} has {size}: split it")
        return data

    @cached_property
    def _git_commit(self) -> GitCommit:
        with sound(self._folder):
            return cast("GitCommit", self._repo[ObjectID(self._sha.encode())])

    @cached_property
    def _entries(self) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = []
        tree = self._git_commit.tree
        with sound(self._folder):
            for entry in iter_tree_contents(self._repo.object_store, tree):
                if len(found) > MOST_FILES:
                    raise FileRefused(f"the repository has more than {MOST_FILES} files")
                if path := _text(entry.path):
                    found.append((path, entry.mode, cast("bytes", entry.sha).decode()))
        return found


def _text(path: bytes) -> str:
    try:
        return path.decode()
    except UnicodeDecodeError:
        return ""
