import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

AUTHOR = b"Ada <ada@example.org>"


@dataclass
class Origin:
    """A bare repository on disk that is fetched from by its file: URL."""

    folder: Path

    @property
    def url(self) -> str:
        return f"file://{self.folder}"

    def commit(self, files: Mapping[str, bytes | tuple[int, bytes]], branch: str = "main") -> str:
        """Commit exactly these files, each with an optional mode; returns the commit's id."""
        with Repo(str(self.folder)) as repo:
            ref = Ref(b"refs/heads/" + branch.encode())
            root = _tree(
                repo,
                {path: each if isinstance(each, tuple) else (0o100644, each) for path, each in files.items()},
            )
            commit = Commit()
            commit.tree, commit.author, commit.committer = root, AUTHOR, AUTHOR
            commit.author_time = commit.commit_time = 1_700_000_000
            commit.author_timezone = commit.commit_timezone = 0
            commit.message = os.urandom(4).hex().encode()
            commit.parents = [repo.refs[ref]] if ref in repo.refs else []
            repo.object_store.add_object(commit)
            repo.refs[ref] = commit.id
            return commit.id.decode()

    def drop(self, branch: str) -> None:
        with Repo(str(self.folder)) as repo:
            del repo.refs[Ref(b"refs/heads/" + branch.encode())]


def _tree(repo: Repo, files: Mapping[str, tuple[int, bytes]]) -> ObjectID:
    tree = Tree()
    folders: dict[str, dict[str, tuple[int, bytes]]] = {}
    for path, (mode, data) in files.items():
        folder, _, rest = path.partition("/")
        if rest:
            folders.setdefault(folder, {})[rest] = (mode, data)
        elif stat.S_IFMT(mode) == 0o160000:
            tree.add(folder.encode(), mode, ObjectID(data))
        else:
            blob = Blob.from_string(data)
            repo.object_store.add_object(blob)
            tree.add(folder.encode(), mode, blob.id)
    for folder, inside in folders.items():
        tree.add(folder.encode(), 0o040000, _tree(repo, inside))
    repo.object_store.add_object(tree)
    return tree.id


@pytest.fixture
def origin(tmp_path: Path) -> Callable[[str], Origin]:
    def made(name: str = "origin") -> Origin:
        folder = tmp_path / f"{name}.git"
        folder.mkdir()
        porcelain.init(str(folder), bare=True).close()
        with Repo(str(folder)) as repo:
            repo.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(b"refs/heads/main"))
        return Origin(folder)

    return made
