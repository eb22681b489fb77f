"""Who goes first while a process catches up: what a portal needs to be ready, before what may come a little later."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

LOOK_SECONDS = 0.1
LONGEST_SECONDS = 30.0


class Precedence:
    """The services of a process that go first, as long as they run; each tells whether it has caught up."""

    def __init__(self) -> None:
        self._first: list[Callable[[], bool]] = []

    @contextmanager
    def first(self, caught_up: Callable[[], bool]) -> Iterator[None]:
        """Go first."""
        self._first.append(caught_up)
        try:
            yield
        finally:
            self._first.remove(caught_up)

    def free(self) -> bool:
        """Tell whether all have caught up."""
        return all(caught_up() for caught_up in self._first)


class Turn:
    """Waits for those who go first, once in a life of the broker, `longest` seconds at most, and not after `end`."""

    def __init__(self, precedence: Precedence, *, longest: float = LONGEST_SECONDS) -> None:
        self._precedence = precedence
        self._longest = longest
        self._ended = False
        self._had: str | None = None

    async def come(self, life: str) -> None:
        """Return when the turn has come."""
        if life == self._had:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._longest):
                while not self._ended and not self._precedence.free():  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(LOOK_SECONDS)
        self._had = life

    def end(self) -> None:
        """Wait no more: the service stops."""
        self._ended = True
