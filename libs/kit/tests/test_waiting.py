"""A reader waits for what was written, and not for ever."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from sipario_kit.errors import Unavailable, install_error_handlers
from sipario_kit.waiting import CAUGHT_UP, install_catching_up, within


def asked(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service")


def made(arrived: asyncio.Event) -> FastAPI:
    async def caught_up() -> None:
        await arrived.wait()

    app = FastAPI(title="The service")
    install_error_handlers(app)
    install_catching_up(app, caught_up)
    return app


async def test_it_answers_once_everything_has_arrived() -> None:
    arrived = asyncio.Event()
    async with asked(made(arrived)) as client:
        answer = asyncio.create_task(client.get(CAUGHT_UP, params={"seconds": 30}))
        await asyncio.sleep(0)
        arrived.set()
        assert (await answer).status_code == 204


async def test_what_takes_too_long_is_told_as_503_with_the_reason() -> None:
    async with asked(made(asyncio.Event())) as client:
        answer = await client.get(CAUGHT_UP, params={"seconds": 0.01})
    assert answer.status_code == 503
    assert answer.json()["error"]["message"] == (
        "What was written is not visible yet after 0.01 seconds, because The service has yet to hear of it; ask again."
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "61", "nan", "x"])
async def test_nobody_waits_for_ever(seconds: str) -> None:
    async with asked(made(asyncio.Event())) as client:
        assert (await client.get(CAUGHT_UP, params={"seconds": seconds})).status_code == 400


async def test_what_fails_is_not_taken_for_slow() -> None:
    async def fails() -> None:
        raise Unavailable("the broker is away")

    with pytest.raises(Unavailable, match="the broker is away"):
        await within(30, fails(), "never")
