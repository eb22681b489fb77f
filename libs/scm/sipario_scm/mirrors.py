"""All mirrors of a service, in one folder of its own."""

import time
from collections.abc import Collection
from pathlib import Path
from threading import Lock

from sipario_scm.hosts import Host
from sipario_scm.mirror import Mirror, folder_of, remove
from sipario_scm.packs import USUAL, Limits

KEPT_SECONDS = 3600.0


class Mirrors:
    """The mirrors below a folder, one for each repository, kept so that connections stay open. For any thread."""

    def __init__(self, data: Path, limits: Limits = USUAL) -> None:
        self._data = data
        self._limits = limits
        self._mirrors: dict[str, Mirror] = {}
        self._lock = Lock()

    def of(self, host: Host, repository: str) -> Mirror:
        """Return a repository's mirror; blocks while a new token is asked for. Raises ScmError."""
        url = host.clone_url(repository)
        login = host.login(repository)
        with self._lock:
            former = self._mirrors.get(url)
            if former and former.has(login.token):
                return former
            if former:  # whoever reads with it still may: connections are opened again as needed
                former.close()
            mirror = Mirror.under(self._data, url, login.token, user=login.git_user, limits=self._limits)
            self._mirrors[url] = mirror
            return mirror

    def discard(self, host: Host, repository: str) -> None:
        """Remove a repository's mirror from the disk."""
        url = host.clone_url(repository)
        remove(folder_of(self._data, url))
        self._let_go([url])

    def keep_only(self, wanted: Collection[str], *, older_than: float = KEPT_SECONDS) -> int:
        """Remove mirrors of all but these clone URLs that were not read for some seconds; blocks. Answers how many."""
        kept = {folder_of(self._data, url) for url in wanted}
        old = [path for path in self._data.glob("*.git") if path not in kept and _age(path) >= older_than]
        for folder in old:
            remove(folder)
        with self._lock:
            gone = [url for url, mirror in self._mirrors.items() if mirror.folder in old]
        self._let_go(gone)
        return len(old)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for mirror in self._mirrors.values():
                mirror.close()

    def _let_go(self, urls: Collection[str]) -> None:
        for url in urls:
            with self._lock:
                mirror = self._mirrors.pop(url, None)
            if mirror:
                mirror.close()


def _age(folder: Path) -> float:
    """Tell how long ago a mirror was read: every reader opens its lock for writing."""
    lock = folder.with_suffix(".lock")
    return time.time() - (lock if lock.exists() else folder).stat().st_mtime
