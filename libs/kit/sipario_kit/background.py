"""Endless work beside a service's lifetime."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run works as long as the block lasts, and cancel them at its end.

    One that fails takes the block down with it: a service that lost a part of itself must not look alive, and whoever
    supervises the process starts it again.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
