"""Where the ledger's statements run: on threads of their own, or at once in the calling task."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from sipario_ledger.database import READERS, Database
from sipario_ledger.errors import LedgerUnavailable, translated

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

_LARGEST_GROUP = 256


class Running(Protocol):
    """Runs work in transactions."""

    async def write(self, work: Work[Result], then: Callable[[Result], None], *, durable: bool) -> Result:
        """Run `work` in a transaction and call `then` once it is committed, even if nobody waits any more."""
        ...

    async def read(self, work: Work[Result]) -> Result:
        """Run `work` in a transaction that only reads."""
        ...

    async def close(self) -> None:
        """Finish what was asked, then stop."""
        ...


@dataclass(slots=True, eq=False)
class _Job:
    work: Work[Any]
    then: Callable[[Any], None]
    durable: bool
    answer: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None

    def attempt(self, connection: Connection) -> None:
        """Run within a savepoint, so that its failure is its own."""
        connection.exec_driver_sql("SAVEPOINT job")
        try:
            self.result = self.work(connection)
        except Exception as error:  # noqa: BLE001 - edge: whatever the caller's work raises is the caller's
            self.error = translated(error)
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
        connection.exec_driver_sql("RELEASE SAVEPOINT job")

    def deliver(self) -> None:
        """Answer on the event loop."""
        if self.error is None:
            self.then(self.result)
        if self.answer.done():  # the caller was cancelled while it waited
            return
        if self.error is None:
            self.answer.set_result(self.result)
        else:
            self.answer.set_exception(self.error)


@dataclass(slots=True)
class Threads:
    """One thread writes, some read.

    All that arrives while a commit is on its way to the disk shares the next commit: a lone call costs one
    flush, and a crowd costs hardly more.
    """

    database: Database
    _jobs: "SimpleQueue[_Job | None]" = field(default_factory=SimpleQueue)
    _closed: bool = False
    _readers: ThreadPoolExecutor = field(init=False)
    _writer: threading.Thread = field(init=False)
    _loop: asyncio.AbstractEventLoop = field(init=False)

    def __post_init__(self) -> None:
        """Start; needs a running event loop."""
        self._loop = asyncio.get_running_loop()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="ledger-read")
        self._writer = threading.Thread(target=self._serve, name="ledger-write", daemon=True)
        self._writer.start()

    async def write(self, work: Work[Result], then: Callable[[Result], None], *, durable: bool) -> Result:
        """Queue for the writer and wait for the commit."""
        self._refuse_if_closed()
        answer: asyncio.Future[Result] = self._loop.create_future()
        self._jobs.put(_Job(work, then, durable, answer))
        return await answer

    async def read(self, work: Work[Result]) -> Result:
        """Read on another thread."""
        self._refuse_if_closed()
        return await self._loop.run_in_executor(self._readers, self._read, work)

    async def close(self) -> None:
        """Finish what was asked, then stop the threads."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            await asyncio.to_thread(self._writer.join)
            await asyncio.to_thread(self._readers.shutdown)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise LedgerUnavailable("The ledger is closed.")

    def _read(self, work: Work[Result]) -> Result:
        with self.database.reading() as connection:
            return work(connection)

    def _serve(self) -> None:
        while group := self._next_group():
            self._commit(group)
            self._loop.call_soon_threadsafe(_deliver, group)

    def _next_group(self) -> list[_Job]:
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == _LARGEST_GROUP:
                return group
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return group
        if group:
            self._jobs.put(None)  # closing: first what came before
        return group

    def _commit(self, group: list[_Job]) -> None:
        try:
            with self.database.writing(durable=any(job.durable for job in group)) as connection:
                if len(group) == 1:
                    group[0].result = group[0].work(connection)
                    return
                for job in group:
                    job.attempt(connection)
        except Exception as error:  # noqa: BLE001 - edge: nothing was committed, and all who wait must hear it
            for job in group:
                job.error = job.error or translated(error)


@dataclass(slots=True)
class Inline:
    """Everything at once in the calling task, which yields before and after: for simulations."""

    database: Database

    async def write(self, work: Work[Result], then: Callable[[Result], None], *, durable: bool) -> Result:
        """Write now."""
        await asyncio.sleep(0)
        with self.database.writing(durable=durable) as connection:
            result = work(connection)
        then(result)
        await asyncio.sleep(0)
        return result

    async def read(self, work: Work[Result]) -> Result:
        """Read now."""
        await asyncio.sleep(0)
        with self.database.reading() as connection:
            return work(connection)

    async def close(self) -> None:
        """Nothing to stop."""


def _deliver(group: list[_Job]) -> None:
    for job in group:
        job.deliver()
