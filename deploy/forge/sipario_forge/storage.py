"""Bare repositories on disk, in folders whose names no client chooses, with one lock each."""

import shutil
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dulwich.repo import Repo

_LEFT_BEHIND = ("**/*.lock", "objects/pack/tmp_*", "objects/pack/*.tmp", "objects/**/tmp*")


class Storage:
    """The folder of all bare repositories; this process is its only writer."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._naming = threading.Lock()

    def create(self, branch: str) -> str:
        """Make an empty repository whose HEAD names a branch; returns its folder's name."""
        name = f"{uuid.uuid4().hex}.git"
        making = self._folder / f"making-{name}"
        with Repo.init_bare(str(making), mkdir=True, default_branch=branch.encode()) as repo:
            config = repo.get_config()
            config.set((b"gc",), b"auto", b"0")
            config.write_to_path()
        making.rename(self._folder / name)
        return name

    def remove(self, name: str) -> None:
        """Delete a repository's files, after whoever is writing to it."""
        with self.lock(name):
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def path(self, name: str) -> Path:
        """Return where a repository lies."""
        return self._folder / name

    @contextmanager
    def reading(self, name: str) -> Iterator[Repo]:
        """Open a repository of one's own: dulwich's objects are not shared between threads."""
        with Repo(str(self._folder / name)) as repo:
            yield repo

    @contextmanager
    def writing(self, name: str) -> Iterator[Repo]:
        """Open a repository as its only writer."""
        with self.lock(name), self.reading(name) as repo:
            yield repo

    def lock(self, name: str) -> threading.Lock:
        """Return the lock that serialises writers of one repository."""
        with self._naming:
            return self._locks[name]

    def sweep(self, known: set[str]) -> None:
        """Clear what a killed process left: lock files, half packs, folders that no row names."""
        for folder in self._folder.iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            for pattern in _LEFT_BEHIND:
                for leftover in folder.glob(pattern):
                    leftover.unlink(missing_ok=True)
            for pack in folder.glob("objects/pack/*.pack"):
                if not pack.with_suffix(".idx").exists():
                    pack.unlink()
