"""What was read before, so that an object is fetched again only when it has changed."""

from collections.abc import Collection
from threading import Lock

MOST_BYTES = 64_000_000


class Memory:
    """Contents by key and tag, up to so many bytes; what is more is fetched each time. For any thread."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held: dict[str, tuple[str, bytes]] = {}
        self._bytes = 0
        self._gate = Lock()

    def of(self, key: str, tag: str) -> bytes | None:
        """Return what is remembered of an object with this tag."""
        held_tag, content = self._held.get(key, ("", b""))
        return content if tag and tag == held_tag else None

    def keep(self, key: str, tag: str, content: bytes) -> None:
        """Remember an object, where there is room."""
        with self._gate:
            self._drop(key)
            if self._bytes + len(content) <= self._most:
                self._held[key] = (tag, content)
                self._bytes += len(content)

    def forget_others(self, keys: Collection[str]) -> None:
        """Forget what is not among these."""
        with self._gate:
            for key in self._held.keys() - keys:
                self._drop(key)

    def _drop(self, key: str) -> None:
        _, content = self._held.pop(key, ("", b""))
        self._bytes -= len(content)
