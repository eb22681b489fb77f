"""Running a forge by itself, under uvicorn on a loopback port."""

import contextlib
import socket
from collections.abc import Callable

import uvicorn

from sipario_forge.app import Forge
from sipario_forge.settings import Settings


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
    """A server that says when it is up."""

    def __init__(self, config: uvicorn.Config, up: Callable[[], None]) -> None:
        super().__init__(config)
        self._up = up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        self._up()
