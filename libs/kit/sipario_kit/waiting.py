"""How a reader waits until a service shows what was written: the words, and the question that the gateway asks it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import FastAPI, Query
from starlette.responses import Response

from sipario_kit.errors import Unavailable

WAIT_FOR = "Sipario-Wait-For"
"""The header of an answer to a write that holds its token; a read that sends it back waits."""

WRITTEN = "/internal/written"
CAUGHT_UP = "/internal/caught-up"
LONGEST_SECONDS = 60.0

Seconds = Annotated[float, Query(gt=0, le=LONGEST_SECONDS)]


def install_catching_up(app: FastAPI, caught_up: Callable[[], Awaitable[None]]) -> None:
    """Answer `/internal/caught-up` once the service shows all that its topics hold now; 503 after `seconds`."""

    @app.get(CAUGHT_UP, include_in_schema=False, status_code=204)
    async def wait(seconds: Seconds) -> Response:
        await within(seconds, caught_up(), f"{app.title} has yet to hear of it")
        return Response(status_code=204)


async def within(seconds: float, work: Awaitable[None], why: str) -> None:
    """Wait for some work; raises `Unavailable`, and says why, when it takes too long."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError as error:
        message = (
            f"What was written is not visible yet after {seconds:.3g} seconds, because {why}; ask again."
        )
        raise Unavailable(message) from error
