"""Waiting for a condition, never for a time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

BOUND_SECONDS = 30.0
LOOK_SECONDS = 0.01


async def until(
    condition: Callable[[], bool | Awaitable[bool]],
    *,
    within: float = BOUND_SECONDS,
    every: float = LOOK_SECONDS,
) -> None:
    """Return once the condition holds; raises TimeoutError when it does not within the bound, in seconds."""
    async with asyncio.timeout(within):
        while True:
            holds = condition()
            if await holds if inspect.isawaitable(holds) else holds:
                return
            await asyncio.sleep(every)
