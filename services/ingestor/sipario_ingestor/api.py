"""The ingestor's HTTP face: the webhook door, registered locations, refresh and the list of sources."""

from typing import Annotated, Any, cast, get_args

from fastapi import FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sipario_kit.errors import NotFound, install_error_handlers
from sipario_scm import Sender
from starlette.responses import JSONResponse, Response

from sipario_ingestor.api_history import history_api
from sipario_ingestor.door import Door
from sipario_ingestor.errors import TooLarge
from sipario_ingestor.history import History
from sipario_ingestor.registry import Registry

LARGEST_WEBHOOK = 25 << 20


class NewLocation(BaseModel):
    """A location to register."""

    type: str
    target: str


class Refresh(BaseModel):
    """An entity whose source is to be read again."""

    model_config = ConfigDict(populate_by_name=True)

    entity_ref: str = Field(alias="entityRef")


def api(door: Door, registry: Registry, history: History) -> FastAPI:
    """Make the app."""
    app = FastAPI(title="Sipario ingestor", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    install_error_handlers(app)
    _webhooks(app, door)
    _locations(app, registry)
    _sources(app, registry)
    app.include_router(history_api(history))
    return app


def _webhooks(app: FastAPI, door: Door) -> None:
    @app.post("/api/events/http/{sender}", status_code=202)
    async def webhook(sender: str, request: Request) -> Response:
        if sender not in get_args(Sender):
            raise NotFound(f"There is no webhook for {sender}; there are {', '.join(get_args(Sender))}.")
        body = await _body(request)
        accepted = await door.knock(cast("Sender", sender), dict(request.headers), body)
        return JSONResponse({"accepted": accepted}, 202)


def _locations(app: FastAPI, registry: Registry) -> None:
    @app.get("/api/catalog/locations")
    async def locations() -> list[dict[str, Any]]:
        return [{"data": each} for each in await registry.locations()]

    @app.post("/api/catalog/locations", status_code=201)
    async def register(
        location: NewLocation, dry_run: Annotated[bool, Query(alias="dryRun")] = False
    ) -> dict[str, Any]:
        if dry_run:
            return await registry.try_out(location.type, location.target)
        return await registry.register(location.type, location.target)

    @app.get("/api/catalog/locations/by-entity/{kind}/{namespace}/{name}")
    async def of_entity(kind: str, namespace: str, name: str) -> dict[str, Any]:
        return await registry.of_entity(f"{kind}:{namespace}/{name}".lower())

    @app.get("/api/catalog/locations/{id_}")
    async def location(id_: str) -> dict[str, Any]:
        return await registry.location(id_)

    @app.delete("/api/catalog/locations/{id_}", status_code=204)
    async def unregister(id_: str) -> None:
        await registry.unregister(id_)


def _sources(app: FastAPI, registry: Registry) -> None:
    @app.post("/api/catalog/refresh")
    async def refresh(wish: Refresh) -> Response:
        await registry.refresh(wish.entity_ref)
        return Response(status_code=200)

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
