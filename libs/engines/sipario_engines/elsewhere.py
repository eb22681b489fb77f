"""Servers that somebody else runs, given by URL."""

import asyncio
from collections.abc import Awaitable, Callable

from sipario_engines.engine import Engine


class Elsewhere(Engine):
    """A server that is asked whether it answers, and neither started nor stopped."""

    advice = "It was given by URL: see that it runs and that address and login are right."
    patience = 20.0

    def __init__(self, name: str, address: str, answers: Callable[[], Awaitable[bool]]) -> None:
        self.name = name
        self._answers = answers
        super().__init__(address)

    async def start(self) -> None:
        """Wait until it answers; raises EngineDidNotStart."""
        await self.ready()

    async def answers(self) -> bool:
        """Whether it speaks its protocol now."""
        return await self._answers()

    def alive(self) -> bool:
        """Take it for alive: its life is not ours to watch."""
        return True

    async def ended(self) -> None:
        """Never return."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Leave it as it is."""
