"""What a processor may see of the place that an entity was read from."""

from collections.abc import Callable, Hashable, MutableMapping
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Unreadable(ValueError):
    """A file could not be had; `later` tells that another time it may."""

    def __init__(self, message: str, *, later: bool = False) -> None:
        super().__init__(message)
        self.later = later


class Sight:
    """One entity file and its surroundings: `path` in its repository, `location` as a ref, `host` as its type.

    The type is `github`, `gitlab`, `bitbucket`, `gitea` or `git`; empty for what is in no repository. Whatever is
    read through it has the entity processed again when it changes.
    """

    def __init__(
        self,
        path: str,
        location: str,
        host: str = "",
        *,
        reads: Callable[[str, str], bytes],
        memory: MutableMapping[Hashable, Any] | None = None,
    ) -> None:
        self.path = path
        self.location = location
        self.host = host
        self.outward = False
        self._reads = reads
        self._memory = {} if memory is None else memory
        self._gate = Lock()
        self._open = True

    def read(self, reference: str) -> bytes:
        """Return the file at a URL, or at a path beside the entity's file; raises Unreadable."""
        return self._read(reference, self.path)

    def file(self, path: str) -> bytes | None:
        """Return the file at a path of the repository; None when it is not there. Raises Unreadable."""
        try:
            return self._read(path, "")
        except Unreadable as error:
            if error.later:
                raise
            return None

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned for this key before, in the reading of this repository."""
        self.outward = True
        if key not in self._memory:
            self._memory[key] = make()
        made: T = self._memory[key]
        return made

    def close(self) -> None:
        """Let nothing be read any more; waits for what is being read."""
        with self._gate:
            self._open = False

    def _read(self, reference: str, path: str) -> bytes:
        self.outward = True
        with self._gate:
            if not self._open:
                raise Unreadable("the processor's time is over")
            return self._reads(reference, path)
