"""`sipario up`: from a data folder to a portal that is ready, and back to nothing."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.status import Status
from sipario_engines import train
from sipario_engines.ports import free_port

from sipario.data import Data, DataError
from sipario.portal import FORGE_USER, HOST, Plan, Portal

USUAL_PORT = 7007
# The embedded index is filled anew at each start, which takes longest; until then search says that it is catching up.
LATER = ("search",)


def up(folder: Path | None, *, port: int | None, files: Sequence[Path], empty: bool, split: bool) -> None:
    """Run until interrupted. Raises `DataError`, `EngineDidNotStart`, `TimeoutError`."""
    data = Data.of(folder)
    with data.locked():
        plan = Plan(data, _port(port), files, split)
        asyncio.run(_up(plan, Console(), empty=empty))


async def _up(plan: Plan, console: Console, *, empty: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    portal = Portal(plan)
    begun = asyncio.create_task(_run(portal, console, stopped, empty=empty))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({begun, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if stopped.is_set():
        console.print("Stopping …")
        begun.cancel()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await begun


async def _run(portal: Portal, console: Console, stopped: asyncio.Event, *, empty: bool) -> None:
    with console.status("") as status:
        _tell(status, console, "Starting engines and services …")
        async with portal.running(console.print):
            _tell(status, console, "Waiting until catalog, graph and docs have caught up …")
            await portal.ready(but=LATER)
            if portal.ground.data.is_new():
                if not empty:
                    _tell(status, console, "Seeding the demo organisation …")
                await _begin(portal, empty=empty)
            status.stop()
            console.print(f"Sipario is ready at {portal.ground.gateway}", soft_wrap=True, highlight=False)
            training = asyncio.create_task(train())
            try:
                await stopped.wait()
            finally:
                training.cancel()
                with suppress(asyncio.CancelledError):
                    await training


def _tell(status: Status, console: Console, stage: str) -> None:
    """Show what goes on now: in place of what was before, or as a line of its own where no terminal is."""
    status.update(stage)
    if not console.is_terminal:
        console.print(stage)


async def _begin(portal: Portal, *, empty: bool) -> None:
    if not empty:
        from sipario_demo import seed  # noqa: PLC0415 - once in a portal's life

        await seed(portal.ground.forge, FORGE_USER, portal.ground.secrets["forge"])
        await portal.ready()
    portal.ground.data.settle("nothing" if empty else "the demo organisation")


def _port(wanted: int | None) -> int:
    if wanted is None:
        return USUAL_PORT if _free(USUAL_PORT) else free_port()
    if not _free(wanted):
        raise DataError(f"Port {wanted} is taken by another program. Choose another with --port.")
    return wanted


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False
