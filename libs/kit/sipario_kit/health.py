"""The two questions that whoever runs a service asks it."""

from collections.abc import Callable
from dataclasses import asdict

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from sipario_kit.service import Health


def install_health(app: FastAPI, health: Callable[[], Health]) -> None:
    """Answer `/health/live` (200 while the loop turns) and `/health/ready` (503 with the reason when not)."""

    @app.get("/health/live", include_in_schema=False)
    async def live() -> Response:
        return JSONResponse({"live": True})

    @app.get("/health/ready", include_in_schema=False)
    async def ready() -> Response:
        now = health()
        return JSONResponse({**asdict(now), "lag": dict(now.lag)}, 200 if now.ready else 503)
