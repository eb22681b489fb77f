"""A server process: started on a leash, logged to a file, stopped for certain."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sipario_engines import leash

GRACE = 10.0
# By itself glibc gives each of a few dozen threads an arena of its own, and each keeps what was once needed.
FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
LOG_LIMIT = 5_000_000


class ServerProcess:
    """One command, run again and again with the same log; at most one life at a time.

    It holds no event loop: started in one loop, it can be stopped from another.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        folder: Path,
        env: Mapping[str, str],
        slack: int = 0,
        nice: int = 0,
        account: str | None = None,
    ) -> None:
        self.command = list(command)
        self._leash = [str(slack), str(nice), account or ""]
        self.log = log
        self._folder = folder
        self._env = {**FEW_ARENAS, **os.environ, **env}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the current or last life, None before the first."""
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """How the last life ended; None while alive."""
        return self._process.poll() if self._process else None

    def alive(self) -> bool:
        """Whether the process runs now."""
        return self._process is not None and self._process.poll() is None

    def spawn(self) -> None:
        """Begin a life; OSError when the program cannot be run."""
        _keep_small(self.log)
        leashed = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *self._leash, *self.command]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in a terminal must reach the services before their engines.
            self._process = subprocess.Popen(  # noqa: S603 - the command is Sipario's own
                leashed,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._env,
                start_new_session=True,
            )

    async def ended(self) -> None:
        """Return when the process is gone, at once where the kernel can tell, else within 0.25 s."""
        if self._process is None or not self.alive():
            return
        if not hasattr(os, "pidfd_open"):
            while self.alive():  # noqa: ASYNC110 - the kernel has no event for it here
                await asyncio.sleep(0.25)
            return
        await _readable(os.pidfd_open(self._process.pid))
        self._process.wait()

    async def stop(self, grace: float = GRACE) -> None:
        """Ask to end, and after a grace in seconds make sure; safe to call twice."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + grace
        while self.alive() and time.monotonic() < deadline:  # noqa: ASYNC110 - must work in any loop
            await asyncio.sleep(0.02)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def last_words(self, lines: int = 15) -> list[str]:
        """Return the end of the log."""
        try:
            text = self.log.read_bytes()[-20_000:].decode(errors="replace")
        except FileNotFoundError:
            return []
        return [line[:300] for line in text.splitlines()[-lines:]]

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.alive():
            self._process.send_signal(number)


def _keep_small(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    loop.add_reader(descriptor, event.set)
    try:
        await event.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
