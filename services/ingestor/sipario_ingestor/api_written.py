"""The question by which the gateway lets a reader wait for a write; it is not reached from outside."""

from typing import Annotated

from fastapi import APIRouter, Query
from sipario_kit.waiting import WRITTEN, Seconds, within
from starlette.responses import Response

from sipario_ingestor.receipt import LONGEST, Receipt
from sipario_ingestor.written import Written

WHY = "its source is still being read"


def written_api(written: Written) -> APIRouter:
    """Make the route: 204 once it is published, 400 for what is no token, 503 when it takes too long."""
    api = APIRouter()

    @api.get(WRITTEN, include_in_schema=False, status_code=204)
    async def wait(token: Annotated[str, Query(max_length=LONGEST)], seconds: Seconds) -> Response:
        await within(seconds, written.until(Receipt.read(token)), WHY)
        return Response(status_code=204)

    return api
