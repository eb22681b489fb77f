"""Running a forge by itself, under uvicorn on a loopback port."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from sipario_forge.app import Forge
from sipario_forge.settings import Settings

TICK_SECONDS = 1.0  # the date in answers is as old as that


async def serve(settings: Settings, ready: Callable[[str], None] = print) -> None:
    """Serve until cancelled or signalled; `ready` is called with the URL when it answers."""
    with contextlib.closing(_listening(settings)) as listener:
        port = listener.getsockname()[1]
        url = settings.url or f"http://{settings.host}:{port}"
        with contextlib.closing(forge_of(settings, url)) as forge:
            config = uvicorn.Config(forge, log_config=None, access_log=False, timeout_graceful_shutdown=5)
            await _Announced(config, lambda: ready(url)).serve(sockets=[listener])


def forge_of(settings: Settings, url: str) -> Forge:
    """Make the forge that settings describe."""
    return Forge(
        settings.data,
        settings.user,
        settings.token.get_secret_value(),
        url=url,
        hosts=settings.hosts,
        hooks=settings.hooks,
        most_push_bytes=settings.most_push_bytes,
    )


def _listening(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    return listener


class _Announced(uvicorn.Server):
    """A server that says when it is up, and costs nothing while nobody asks."""

    def __init__(self, config: uvicorn.Config, up: Callable[[], None]) -> None:
        super().__init__(config)
        self._up = up
        self._loop, self._signalled = asyncio.get_running_loop(), asyncio.Event()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal, as uvicorn does, and wake up for it."""
        super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self._signalled.set)

    async def main_loop(self) -> None:
        """Serve until signalled; uvicorn's own loop turns ten times a second, for ever."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._signalled.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        self._up()
