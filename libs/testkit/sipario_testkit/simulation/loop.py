"""An event loop whose clock jumps to the next timer instead of waiting for it."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only when there is nothing else to do, and then at once."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self._now = 0.0

    def time(self) -> float:
        """Seconds since this world began."""
        return self._now

    def _run_once(self) -> None:
        # The base class sorts its timers here; looking at the earliest is all that virtual time needs of it.
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self._now = max(self._now, self._scheduled[0]._when)  # type: ignore[attr-defined] # noqa: SLF001
        super()._run_once()  # type: ignore[misc]


def simulate(world: Coroutine[Any, Any, Result]) -> Result:
    """Run a world to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(world)
