"""A part that fails is never lost in silence."""

import asyncio

import pytest
from sipario_kit.background import beside


async def test_work_ends_with_the_block() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with beside(work()):
        await asyncio.sleep(0)  # it begins
    assert ended.is_set()


async def test_work_that_fails_takes_the_block_down() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ExceptionGroup) as raised:
        async with beside(work()):
            await asyncio.Event().wait()
    assert raised.group_contains(ValueError, match="broken")
