"""Trees that are no repositories: a folder on this machine, and a file on the web."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from sipario_scm import Commit, FileMissing, FileRefused, SafeFetcher, TreeFile
from sipario_scm.glob import is_glob

READ_LIMIT = 10_000_000
MOST_FILES = 100_000


def parted(target: str) -> tuple[Path, str]:
    """Part the target of a `file:` location into a folder, and a file or pattern in it; of a folder, nothing."""
    path = Path(target)
    if path.is_dir():
        return path, ""
    parts = path.parts
    first = next((index for index, part in enumerate(parts) if is_glob(part)), len(parts) - 1)
    return Path(*parts[:first]), "/".join(parts[first:])


class FolderTree:
    """The plain files below a folder; links are not followed. Raises FileMissing when there is no such folder."""

    branch = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise FileMissing(f"{folder} is not there")

    @property
    def commit(self) -> Commit:
        """Nobody committed this."""
        return NO_COMMIT

    @cached_property
    def files(self) -> Mapping[str, TreeFile]:
        """The plain files by path."""
        found: dict[str, TreeFile] = {}
        for folder, folders, names in os.walk(self._folder):
            folders.sort()
            inside = Path(folder).relative_to(self._folder)
            for name in sorted(names):
                if not (Path(folder) / name).is_symlink():
                    path = (inside / name).as_posix()
                    found[path] = TreeFile(path, "")
            if len(found) > MOST_FILES:
                raise FileRefused(f"{self._folder} has more than {MOST_FILES} files")
        return found

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes; raises FileMissing or FileRefused."""
        file = self._folder / path
        if not file.resolve().is_relative_to(self._folder.resolve()) or file.is_symlink():
            raise FileRefused(f"{path} is a symbolic link; put the file itself there")
        try:
            if file.stat().st_size > limit:
                raise FileRefused(f"{path} has more than {limit / 1e6:g} MB: split it")
            return file.read_bytes()
        except FileNotFoundError as error:
            raise FileMissing(f"{path} is not in {self._folder}") from error
        except OSError as error:
            raise FileRefused(f"{path} can't be read: {error.strerror}") from error


@dataclass(slots=True)
class WebTree:
    """A file at a URL of `backend.reading.allow`, and what relative targets name beside it."""

    url: str
    fetcher: SafeFetcher
    branch: str = ""
    _read: dict[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The path of the file itself."""
        return urlsplit(self.url).path.rpartition("/")[2]

    @property
    def commit(self) -> Commit:
        """Nobody committed this."""
        return NO_COMMIT

    @property
    def files(self) -> Mapping[str, TreeFile]:
        """The file itself: the web has no lists."""
        return {self.name: TreeFile(self.name, hashlib.sha256(self.read(self.name)).hexdigest())}

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes:
        """Fetch a file, once; raises ScmError."""
        if path not in self._read:
            self._read[path] = self.fetcher.url(self.address(path))
        if len(self._read[path]) > limit:
            raise FileRefused(f"{path} has more than {limit / 1e6:g} MB: split it")
        return self._read[path]

    def address(self, path: str) -> str:
        """Return the URL of a path."""
        return self.url if path == self.name else urljoin(self.url, path)


@dataclass(frozen=True, slots=True)
class WebPlace:
    """Where files of a `WebTree` come from."""

    tree: WebTree

    def location(self, path: str) -> str:
        """Return `url:` and the file's address."""
        return f"url:{self.tree.address(path)}"

    def annotations(self, path: str) -> dict[str, str]:
        """Return location, folder and page."""
        address = self.tree.address(path)
        return {
            "backstage.io/managed-by-location": f"url:{address}",
            "backstage.io/source-location": f"url:{address.rpartition('/')[0]}/",
            "backstage.io/view-url": address,
        }


NO_COMMIT = Commit("", "", "", datetime.fromtimestamp(0, UTC), "")
