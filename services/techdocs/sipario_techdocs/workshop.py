"""Renders pages in another process, which is stopped when a page takes too long."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

import structlog

from sipario_techdocs.markup import Markup
from sipario_techdocs.page import Rendered, unrendered
from sipario_techdocs.rendering import PATIENCE, TOO_LONG, answered, page_line, site_line
from sipario_techdocs.shelf import Shelf
from sipario_techdocs.site import Source

LARGEST_LINE = 64 << 20
START_SECONDS = 60.0
END_SECONDS = 5.0
SLOW_PAGES = 6
"""How many pages of one site may take too long before the rest of it is shown as text, so that others have a turn."""
IDLE_SECONDS = 60.0
"""How long a process is kept that renders nothing: it has 48 MB, and takes half a second to start."""
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH", "VIRTUAL_ENV")

log = structlog.get_logger(__name__)


class Workshop:
    """One process for one site at a time; started when needed, and again whenever it died or was let go.

    A page may take `page_seconds` of the processor, so that it comes out alike on a busy machine.
    """

    def __init__(self, *, page_seconds: float) -> None:
        self._seconds = page_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._head = b""
        self._slow = 0
        self._used = 0.0
        self._turn = asyncio.Lock()

    @property
    def process(self) -> int | None:
        """The process that is there now, by its id."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def rest(self, *, after: float) -> None:
        """Let the process go when it has rendered nothing for some seconds."""
        if not self._turn.locked() and time.monotonic() >= self._used + after:
            async with self._turn:
                await self.stop()

    async def stop(self) -> int:
        """End the process; answers how it ended, negative by a signal."""
        process, self._process, self._head = self._process, None, b""
        if process is None:
            return 0
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        return await process.wait()

    async def render(self, markup: Markup, shelf: Shelf, sources: Sequence[Source]) -> Sequence[Rendered]:
        """Render pages of one site, in order. A page that cannot be rendered comes as plain text."""
        head = site_line(markup, shelf, self._seconds)
        async with self._turn:
            self._slow = 0
            try:
                pages = [await self._page(head, source, shelf) for source in sources]
                if self._head:
                    await self._write(b"\n")
            except BaseException:
                # Whatever the process was about, its next answer would be taken for another's.
                await self.stop()
                raise
            self._head, self._used = b"", time.monotonic()
            return pages

    async def _page(self, head: bytes, source: Source, shelf: Shelf) -> Rendered:
        if self._slow >= SLOW_PAGES:
            reason = "too much of these docs is slow"
            return unrendered(shelf.sources[source.path], source.text, reason=reason, cut=0)
        await self._started()  # not within `try`: that no process can be had now says nothing about the page
        try:
            async with asyncio.timeout(self._seconds * PATIENCE):
                if self._head != head:
                    await self._write(head)
                    self._head = head
                return answered(await self._asked(page_line(source)))
        except (
            TimeoutError,
            OSError,
            ValueError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ) as error:
            reason = await self._reason(error)
            log.warning("page not rendered", page=source.path, reason=reason, error=repr(error))
            self._slow += 1
            return unrendered(shelf.sources[source.path], source.text, reason=reason, cut=1)

    async def _reason(self, error: Exception) -> str:
        """End the process, and tell why it did not answer."""
        if isinstance(error, asyncio.IncompleteReadError) and self._process is not None:
            # It is ending: killed now, how it ended could not be told any more.
            with suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await self._process.wait()
        ended = await self.stop()
        if isinstance(error, TimeoutError) or ended == -TOO_LONG:
            return f"it takes more than {self._seconds:g} s to render"
        return "it is more than can be rendered"

    async def _asked(self, line: bytes) -> bytes:
        await self._write(line)
        assert self._process is not None
        assert self._process.stdout is not None
        return await self._process.stdout.readuntil(b"\n")

    async def _write(self, line: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        await self._process.stdin.drain()

    async def _started(self) -> None:
        if self._process is not None and self._process.returncode is None:
            return
        self._head = b""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "sipario_techdocs.rendering",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
            limit=LARGEST_LINE,
            start_new_session=True,
        )
        async with asyncio.timeout(START_SECONDS):
            await self._asked(b"")


class Workshops:
    """Several workshops, so that a slow site holds up one of them."""

    def __init__(self, count: int, *, page_seconds: float, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._all = [Workshop(page_seconds=page_seconds) for _ in range(count)]
        self._free: asyncio.LifoQueue[Workshop] = asyncio.LifoQueue()
        for workshop in reversed(self._all):
            self._free.put_nowait(workshop)

    async def run(self) -> None:
        """Let processes go that nobody needs, until cancelled."""
        while True:
            await asyncio.sleep(self._idle_seconds / 2)
            for workshop in self._all:
                await workshop.rest(after=self._idle_seconds)

    async def stop(self) -> None:
        """End all processes."""
        for workshop in self._all:
            await workshop.stop()

    async def render(self, markup: Markup, shelf: Shelf, sources: Sequence[Source]) -> Sequence[Rendered]:
        """Render pages of one site in the next free workshop."""
        workshop = await self._free.get()
        try:
            return await workshop.render(markup, shelf, sources)
        finally:
            self._free.put_nowait(workshop)
