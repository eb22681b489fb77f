"""Hosts and addresses that did not answer are not asked again for a while."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import httpx2

from sipario_scm.errors import HostUnavailable, ScmError

FORGET_SECONDS = 30.0
IN_A_ROW = 3
_MOST_KEPT = 1_000

_NOT_THERE = (httpx2.ConnectError, httpx2.ConnectTimeout)


class Silence:
    """Remembers who did not answer: a URL, or its whole host.

    The host, when it can't be reached or fails several times in a row. For any thread. `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, tuple[float, str]] = {}
        self._failures: dict[str, int] = {}
        self._lock = Lock()

    @contextmanager
    def asking(self, host: str, url: str) -> Iterator[None]:
        """Ask within this block; raises HostUnavailable at once for what is silent, and for what does not answer."""
        self._refuse(host, url)
        try:
            yield
        except (httpx2.HTTPError, OSError) as error:
            reason = f"{host} does not answer: {str(error) or type(error).__name__}"
            self._failed(host, url, reason, there=not isinstance(error, (*_NOT_THERE, OSError)))
            raise HostUnavailable(reason) from error
        except ScmError:  # an answer all the same
            self._answered(host)
            raise
        self._answered(host)

    def _answered(self, host: str) -> None:
        with self._lock:
            self._failures.pop(host, None)

    def _refuse(self, host: str, url: str) -> None:
        now = self._clock()
        with self._lock:
            for name in (host, url):
                until, reason = self._until.get(name, (0.0, ""))
                if now < until:
                    raise HostUnavailable(reason)

    def _failed(self, host: str, url: str, reason: str, *, there: bool) -> None:
        now = self._clock()
        with self._lock:
            self._failures[host] = self._failures.get(host, 0) + 1
            whole = not there or self._failures[host] >= IN_A_ROW
            if whole:
                del self._failures[host]
            if len(self._until) > _MOST_KEPT:
                self._until = {name: kept for name, kept in self._until.items() if kept[0] > now}
            self._until[host if whole else url] = (now + FORGET_SECONDS, reason)
