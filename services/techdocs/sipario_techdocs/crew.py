"""Takes jobs off the queue and has them done, a few at a time; what cannot be done now is put off."""

import asyncio
from contextlib import suppress
from typing import Protocol

import structlog
from sipario_ledger import LedgerUnavailable
from sipario_scm.errors import ScmError

from sipario_techdocs.store import Again, Job, Queue

TRIES_BEFORE_TELLING = 3
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 60.0
LEDGER_PAUSE = 1.0

log = structlog.get_logger(__name__)


class Builds(Protocol):
    """Does one job."""

    async def build(self, job: Job) -> None:
        """Do it and finish it; raises when it must wait."""
        ...

    async def tell(self, job: Job, error: str, again: Again | None = None) -> None:
        """Finish a job by telling why it is not done."""
        ...


class Crew:
    """Workers that empty the queue; woken when something was put in it."""

    def __init__(self, queue: Queue, builder: Builds, *, workers: int) -> None:
        self._queue = queue
        self._builder = builder
        self._workers = workers
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self.pending = 0

    def wake(self) -> None:
        """Look into the queue."""
        self._wake.set()

    async def emptied(self) -> None:
        """Return once nothing waits to be built; what failed is not waited for."""
        ended = self._ended
        while (await self._queue.look(1)).pending:
            await ended.wait()
            ended = self._ended

    async def run(self) -> None:
        """Build until cancelled."""
        try:
            while True:
                self._wake.clear()
                pause = await self._assign()
                # (Not wait_for: under Python 3.11 it may swallow the cancellation that ends us.)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _assign(self) -> float | None:
        """Give jobs to free workers; answers in how many seconds to look again without being woken."""
        try:
            waiting = await self._queue.look(self._workers + len(self._busy))
        except LedgerUnavailable:
            return LEDGER_PAUSE
        self.pending = waiting.pending
        for job in waiting.due:
            if len(self._busy) >= self._workers:
                break
            if job.ref not in self._busy:
                self._busy[job.ref] = asyncio.create_task(self._work(job), name=f"docs of {job.ref}")
        return waiting.then

    async def _work(self, job: Job) -> None:
        try:
            await self._tried(job)
        except LedgerUnavailable as error:
            log.warning("docs wait for the ledger", ref=job.ref, error=str(error))
            await asyncio.sleep(LEDGER_PAUSE)
        finally:
            del self._busy[job.ref]
            self.wake()
            self._ended.set()
            self._ended = asyncio.Event()

    async def _tried(self, job: Job) -> None:
        try:
            await self._builder.build(job)
        except LedgerUnavailable:
            raise
        except ScmError as error:
            await self._put_off(job, str(error))
        except Exception as error:  # the worker's edge: no site may stop the others
            log.exception("docs failed", ref=job.ref)
            await self._put_off(job, str(error))

    async def _put_off(self, job: Job, error: str) -> None:
        again = Again(min(FIRST_PAUSE * 2.0 ** min(job.tries + 1, 16), LONGEST_PAUSE))
        log.warning("docs wait", ref=job.ref, tries=job.tries + 1, error=error)
        if job.tries + 1 >= TRIES_BEFORE_TELLING:
            await self._builder.tell(job, error, again)
        else:
            await self._queue.finish(job, again)
