"""A portal for tests and benchmarks: in a data folder of its own, on a loop of its own, stopped for certain."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sipario_engines.ports import free_port

from sipario.data import Data
from sipario.portal import Plan, Portal

STOP_SECONDS = 60.0


@dataclass(frozen=True)
class RunningPortal:
    """A portal that is ready; `said` are the sentences that a person would read."""

    portal: Portal
    said: list[str]

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.portal.ground.data.folder

    def state(self) -> dict[str, Any]:
        """Tell what runs where now."""
        return self.portal.state()

    def pid(self, name: str) -> int:
        """The process id of an engine or a process in its present life; KeyError when it is not ours."""
        state = self.state()
        return int({**state["engines"], **state["processes"]}[name]["pid"])

    def restarts(self, name: str) -> int:
        """How often an engine or a process was started again."""
        state = self.state()
        return int({**state["engines"], **state["processes"]}[name]["restarts"])


@contextmanager
def running_portal(
    folder: Path, environ: Mapping[str, str], *, files: tuple[Path, ...] = (), split: bool = False
) -> Iterator[RunningPortal]:
    """Run an empty portal until the block ends. Engines that `environ` names are used where they are."""
    data = Data(folder)
    with data.locked():
        data.settle("nothing")
        portal = Portal(Plan(data, free_port(), files, split, environ))
        said: list[str] = []
        with _in_background(portal, said):
            yield RunningPortal(portal, said)


@contextmanager
def _in_background(portal: Portal, said: list[str]) -> Iterator[None]:
    # A loop of its own, because each test has its own loop and the portal outlives them all.
    loop, ready, over = asyncio.new_event_loop(), Future[None](), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_live(portal, said, ready, over),))
    thread.start()
    try:
        ready.result()
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(STOP_SECONDS)
        loop.close()


async def _live(portal: Portal, said: list[str], ready: "Future[None]", over: asyncio.Event) -> None:
    try:
        async with portal.running(said.append):
            await portal.ready()
            ready.set_result(None)
            await over.wait()
    except Exception as error:
        if ready.done():
            raise
        ready.set_exception(error)
