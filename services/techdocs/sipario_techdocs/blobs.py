"""Bytes by their digest, on disk: what is there is complete and never changes."""

import hashlib
import os
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

KEPT_SECONDS = 3600.0


def digest_of(data: bytes) -> str:
    """Name bytes."""
    return hashlib.sha256(data).hexdigest()


class Blobs:
    """A folder of blobs. Its methods block: call them on a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, many: Iterable[bytes]) -> list[str]:
        """Keep bytes, flushed to the disk when this returns; answers their digests, in order."""
        touched: set[Path] = set()
        digests = [self._put(data, touched) for data in many]
        for folder in touched:
            _sync(folder)
        return digests

    def get(self, digest: str) -> bytes:
        """Return the bytes; KeyError when they are not here."""
        try:
            return self._path(digest).read_bytes()
        except OSError as error:
            raise KeyError(digest) from error

    def has(self, digest: str) -> bool:
        """Tell whether the bytes are here."""
        return self._path(digest).is_file()

    def keep_only(self, wanted: Collection[str], *, older_than: float = KEPT_SECONDS) -> int:
        """Delete what nobody refers to any more and is older than some seconds: a build may be on its way."""
        deleted = 0
        for path in self._folder.glob("??/*"):
            # What is gone by now was being written, and has its name.
            with suppress(FileNotFoundError):
                if path.name not in wanted and time.time() - path.stat().st_mtime >= older_than:
                    path.unlink()
                    deleted += 1
        return deleted

    def _put(self, data: bytes, touched: set[Path]) -> str:
        digest = digest_of(data)
        path = self._path(digest)
        try:
            # Young again: the sweep must not take what this build is about to refer to.
            os.utime(path)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
            touched.update((path.parent, self._folder))
        return digest

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.{uuid4().hex}")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
