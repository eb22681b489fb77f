"""What a service is, and how several of them live together."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
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
    """Start in order, stop in reverse: what listens last, stops first."""
    async with AsyncExitStack() as stack:
        for service in services:
            await stack.enter_async_context(service.running())
        yield
