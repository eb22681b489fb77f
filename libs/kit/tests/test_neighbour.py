"""A service of this process is asked as one elsewhere is: piece by piece."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext

import pytest
from fastapi import FastAPI
from sipario_kit.errors import InvalidInput, NotFound, install_error_handlers
from sipario_kit.neighbour import Neighbour
from sipario_kit.service import Health, Service
from starlette.responses import StreamingResponse

AHEAD = 5


def running() -> AbstractAsyncContextManager[None]:
    return nullcontext()


@pytest.fixture
def told() -> list[int]:
    return []


@pytest.fixture
def neighbour(told: list[int]) -> Neighbour:
    app = FastAPI()
    install_error_handlers(app)

    async def lines(most: int) -> AsyncIterator[bytes]:
        for number in range(most):
            told.append(number)
            yield b"%d\n" % number

    @app.get("/lines")
    async def counted(most: int) -> StreamingResponse:
        return StreamingResponse(lines(most))

    @app.get("/broken")
    async def broken() -> None:
        raise NotFound("nothing there")

    service = Service("counter", running, lambda: Health(ready=True), app)
    return Neighbour("counter", asker="test", here={"counter": service}, url="", key="k" * 40)


async def test_what_is_long_is_passed_on_while_it_is_made(neighbour: Neighbour, told: list[int]) -> None:
    async with aclosing(neighbour.lines("/lines", {"most": "1000000"})) as lines:
        assert [await anext(lines) for _ in range(2)] == ["0", "1"]
    assert len(told) <= AHEAD
    await asyncio.sleep(0)
    assert len(told) <= AHEAD


async def test_all_of_it_arrives(neighbour: Neighbour) -> None:
    assert [line async for line in neighbour.lines("/lines", {"most": "50"})] == [str(n) for n in range(50)]


async def test_a_refusal_is_told_as_it_was_meant(neighbour: Neighbour) -> None:
    with pytest.raises(NotFound, match="nothing there"):
        await anext(neighbour.lines("/broken", {}))
    with pytest.raises(InvalidInput):
        await anext(neighbour.lines("/lines", {"most": "many"}))
