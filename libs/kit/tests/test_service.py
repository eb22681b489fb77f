"""Services that share a process begin side by side, end in order, and fail together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from sipario_kit.service import Health, Service, all_running


def service(name: str, running: Callable[[], AbstractAsyncContextManager[None]]) -> Service:
    return Service(name, running, lambda: Health(ready=True))


async def test_all_begin_at_once_and_end_in_reverse_order() -> None:
    told: list[str] = []
    meeting = asyncio.Barrier(2)

    def one(name: str) -> Service:
        @asynccontextmanager
        async def running() -> AsyncIterator[None]:
            await meeting.wait()
            yield
            told.append(name)

        return service(name, running)

    async with asyncio.timeout(5), all_running([one("first"), one("second")]):
        assert told == []
    assert told == ["second", "first"]


async def test_one_that_cannot_begin_says_so_and_the_others_end() -> None:
    ended: list[str] = []

    @asynccontextmanager
    async def steady() -> AsyncIterator[None]:
        try:
            yield
        finally:
            ended.append("steady")

    @asynccontextmanager
    async def broken() -> AsyncIterator[None]:
        await asyncio.sleep(0)
        raise TimeoutError("no broker")
        yield

    with pytest.raises(TimeoutError, match="no broker"):
        async with all_running([service("steady", steady), service("broken", broken)]):
            pytest.fail("it must not begin")
    assert ended == ["steady"]


async def test_one_that_fails_later_ends_the_block() -> None:
    fail = asyncio.Event()

    @asynccontextmanager
    async def frail() -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(_failing(fail))
            yield
            task.cancel()

    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        await _lived([service("frail", frail)], fail)


async def _lived(services: list[Service], fail: asyncio.Event) -> None:
    async with asyncio.timeout(5), all_running(services):
        fail.set()
        await asyncio.Event().wait()


async def _failing(when: asyncio.Event) -> None:
    await when.wait()
    raise ValueError("lost a part of itself")
