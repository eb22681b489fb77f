"""What a service is, and how several of them live together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Health:
    """Whether a service can do its work now; if not, why. `lag` counts what each projection has yet to apply."""

    ready: bool
    reason: str = ""
    lag: Mapping[str, int] = field(default_factory=dict)
    parked: int = 0


@dataclass(frozen=True)
class Service:
    """A service is a name, a lifetime, a health, and perhaps an HTTP face.

    The lifetime belongs to `running`, never to the app's own lifespan: that of a mounted app is not run.
    """

    name: str
    running: Callable[[], AbstractAsyncContextManager[None]]
    health: Callable[[], Health]
    api: ASGIApp | None = None


@asynccontextmanager
async def all_running(services: Sequence[Service]) -> AsyncIterator[None]:
    """Start all at once, stop in reverse order: the door closes first. One that fails ends all, with its error."""
    lives = [_Life(service) for service in services]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(life.run()) for life in lives]
            for life in lives:
                await life.begun.wait()
            try:
                yield
            finally:
                for life, task in zip(reversed(lives), reversed(tasks), strict=True):
                    life.over.set()
                    await asyncio.wait([task])
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


class _Life:
    """A service's lifetime in a task of its own, so that several can begin side by side."""

    def __init__(self, service: Service) -> None:
        self.begun, self.over = asyncio.Event(), asyncio.Event()
        self._service = service

    async def run(self) -> None:
        async with self._service.running():
            self.begun.set()
            await self.over.wait()
