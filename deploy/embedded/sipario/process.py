"""One process of the portal: some services, or all of them, on one event loop behind one port."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Any

import structlog
import uvicorn
from sipario_kit.service import Service, all_running
from sipario_kit.settings import CommonSettings
from uvicorn.server import HANDLED_SIGNALS

from sipario.order import ORDER

# Who asks others: they are given the services of their process.
ASKING = ("catalog-graph", "gateway")
# A catalog is much memory with few circles: looking for them as often as Python usually does is work for little.
COLLECT_AFTER = (50_000, 20, 50)
# By itself Python makes four more than there are cores: slow Git hosts would hold them all, and pages of docs wait.
BLOCKING_THREADS = 32
# Longer than clients and proxies keep a connection that is idle, 60 s mostly: whoever closes first must be the one that
# asks, else a request is lost that was sent just then.
KEEP_ALIVE_SECONDS = 75
TICK_SECONDS = 1.0  # the date in answers is as old as that


def make(names: Sequence[str], common: CommonSettings) -> list[Service]:
    """Make services from the environment, in the order in which they start."""
    made: dict[str, Service] = {}
    for name in sorted(names, key=ORDER.index):
        made[name] = _make(name, common, made)
    return list(made.values())


def serve(names: Sequence[str], *, host: str, port: int) -> None:
    """Run services until interrupted; the last of them answers at the port."""
    common = CommonSettings()
    _log(common)
    with suppress(KeyboardInterrupt):
        if sys.platform == "win32":
            asyncio.run(_serve(names, common, host, port))
        else:
            import uvloop  # noqa: PLC0415 - not there on Windows

            uvloop.run(_serve(names, common, host, port))


async def _serve(names: Sequence[str], common: CommonSettings, host: str, port: int) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(BLOCKING_THREADS))
    services = make(names, common)
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()
    config = uvicorn.Config(
        _face(services),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        http="httptools",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        server_header=False,
    )
    async with all_running(services):
        await CalmServer(config).serve()


class CalmServer(uvicorn.Server):
    """A server that costs nothing while nobody asks."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop, self._signalled = asyncio.get_running_loop(), asyncio.Event()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal, as uvicorn does, and wake up for it."""
        super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self._signalled.set)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen for signals; uvicorn raises them again at the end, which kills services that have yet to stop."""
        before = {each: signal.signal(each, self.handle_exit) for each in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def main_loop(self) -> None:
        """Serve until signalled; uvicorn's own loop turns ten times a second, for ever."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._signalled.wait()


def _make(name: str, common: CommonSettings, made: Mapping[str, Service]) -> Service:
    # By name, so that a process loads only what runs in it: six services cost two seconds of imports.
    package = f"sipario_{name.replace('-', '_')}"
    settings = import_module(f"{package}.settings").Settings()
    service: Callable[..., Service] = import_module(f"{package}.app").service
    return service(settings, common, made) if name in ASKING else service(settings, common)


def _face(services: Sequence[Service]) -> Any:
    return services[-1].api


def _log(common: CommonSettings) -> None:
    level = logging.getLevelNamesMapping().get(common.log_level.upper(), logging.INFO)
    logging.basicConfig(level=max(level, logging.WARNING))
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # a broker that is away is told of by the bus
    logging.getLogger("opensearch").setLevel(logging.ERROR)  # as is an index
    renderer = (
        structlog.processors.JSONRenderer()
        if common.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
