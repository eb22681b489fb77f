"""The ingestor's HTTP face: the webhook door, registered locations, refresh and the list of sources."""

from dataclasses import dataclass
from typing import Any, cast, get_args

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from sipario_kit.errors import NotFound, install_error_handlers
from sipario_kit.waiting import WAIT_FOR
from sipario_scm import Sender
from starlette.responses import JSONResponse, Response

from sipario_ingestor.api_history import history_api
from sipario_ingestor.api_locations import locations_api, trial_api
from sipario_ingestor.api_orphans import orphans_api
from sipario_ingestor.api_proposals import proposals_api
from sipario_ingestor.api_restoring import restoring_api
from sipario_ingestor.api_unprocessed import unprocessed_api
from sipario_ingestor.api_written import written_api
from sipario_ingestor.door import Door
from sipario_ingestor.errors import TooLarge
from sipario_ingestor.history import History
from sipario_ingestor.orphans import Orphans
from sipario_ingestor.proposals import Proposals
from sipario_ingestor.registry import Registry
from sipario_ingestor.restoring import Restoring
from sipario_ingestor.review import Review
from sipario_ingestor.trial import Trial
from sipario_ingestor.unprocessed import Unprocessed
from sipario_ingestor.written import Written

LARGEST_WEBHOOK = 25 << 20


class Refresh(BaseModel):
    """An entity whose source is to be read again."""

    model_config = ConfigDict(populate_by_name=True)

    entity_ref: str = Field(alias="entityRef")


@dataclass(frozen=True)
class Parts:
    """All that the endpoints need."""

    door: Door
    registry: Registry
    trial: Trial
    history: History
    proposals: Proposals
    review: Review
    written: Written
    unprocessed: Unprocessed
    orphans: Orphans
    restoring: Restoring


def api(parts: Parts) -> FastAPI:
    """Make the app."""
    app = FastAPI(title="Sipario ingestor", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    install_error_handlers(app)
    _webhooks(app, parts.door, parts.written)
    app.include_router(locations_api(parts.registry, parts.written))
    app.include_router(trial_api(parts.trial))
    _sources(app, parts.registry, parts.unprocessed, parts.written)
    app.include_router(written_api(parts.written))
    app.include_router(history_api(parts.history))
    app.include_router(proposals_api(parts.proposals, parts.review))
    app.include_router(unprocessed_api(parts.unprocessed))
    app.include_router(orphans_api(parts.orphans))
    app.include_router(restoring_api(parts.restoring, parts.registry, parts.written))
    return app


def _webhooks(app: FastAPI, door: Door, written: Written) -> None:
    @app.post("/api/events/http/{sender}", status_code=202)
    async def webhook(sender: str, request: Request) -> Response:
        if sender not in get_args(Sender):
            raise NotFound(f"There is no webhook for {sender}; there are {', '.join(get_args(Sender))}.")
        body = await _body(request)
        headers = dict(request.headers)
        if "secret" in request.query_params:  # Gerrit can send neither a header of ours nor a password
            headers["x-sipario-secret"] = request.query_params["secret"]
        recorded = await door.knock(cast("Sender", sender), headers, body)
        token = written.told(entry.key for entry in recorded.entries)
        return JSONResponse(
            {"accepted": len(recorded.entries)}, 202, headers={WAIT_FOR: token} if token else None
        )


def _sources(app: FastAPI, registry: Registry, unprocessed: Unprocessed, written: Written) -> None:
    @app.delete("/api/catalog/entities/by-uid/{uid}", status_code=204)
    async def remove(uid: str, response: Response) -> None:
        response.headers[WAIT_FOR] = await written.wished(*await registry.remove(uid))

    @app.post("/api/catalog/refresh")
    async def refresh(wish: Refresh) -> Response:
        sources = await unprocessed.refresh(wish.entity_ref)
        return Response(status_code=200, headers={WAIT_FOR: await written.wished(*sources)})

    @app.get("/api/catalog/sources")
    async def sources() -> list[dict[str, Any]]:
        return await registry.sources()


async def _body(request: Request) -> bytes:
    """Read the raw bytes, and stop as soon as they are too many."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_WEBHOOK:
            raise TooLarge(f"A webhook has at most {LARGEST_WEBHOOK >> 20} MiB.")
        chunks.append(chunk)
    return b"".join(chunks)
