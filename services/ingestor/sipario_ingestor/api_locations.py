"""The HTTP face of locations, and of what can be asked before one is registered; shapes as Backstage's."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sipario_kit.errors import ErrorAnswer
from sipario_kit.waiting import WAIT_FOR
from sipario_model import LocationRef
from starlette.responses import JSONResponse, Response

from sipario_ingestor.location_query import holds, page, read_cursor
from sipario_ingestor.registry import Registry
from sipario_ingestor.trial import Trial
from sipario_ingestor.written import Written

MOST = 1_000


class NewLocation(BaseModel):
    """A location to register."""

    type: str
    target: str


class Location(BaseModel):
    """A registered location, and the ref of the entity that stands for it."""

    id: str
    type: str
    target: str
    entityRef: str  # noqa: N815 - as clients spell it


class Listed(BaseModel):
    """A location in a list."""

    data: Location


class Registered(BaseModel):
    """A location that was registered or tried out; `entities` and `exists` only of the latter."""

    location: Location
    entities: list[dict[str, Any]]
    exists: bool | None = None


class LocationQuery(BaseModel):
    """A predicate over locations, or the cursor of an earlier answer."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=MOST)
    query: dict[str, Any] | None = None


class PageInfo(BaseModel):
    """How to go on; without a cursor, this was the last page."""

    nextCursor: str | None = None  # noqa: N815 - as clients spell it


class LocationPage(BaseModel):
    """Some of the locations that a query found."""

    items: list[Location]
    totalItems: int  # noqa: N815 - as clients spell it
    pageInfo: PageInfo  # noqa: N815 - as clients spell it


class WhereToLook(BaseModel):
    """A place to analyze."""

    type: str
    target: str


class AnalyzeLocation(BaseModel):
    """A repository, or a folder or file in it, and the name of entity files there when it is not the usual one."""

    location: WhereToLook
    catalogFilename: str = ""  # noqa: N815 - as clients spell it


class ExistingFile(BaseModel):
    """An entity of a file that is there."""

    location: WhereToLook
    isRegistered: bool  # noqa: N815 - as clients spell it
    entity: dict[str, Any]


class AnalyzedField(BaseModel):
    """A field of a generated entity, and whether a person has to fill it."""

    field: str
    state: Literal["analysisSuggestedValue", "analysisSuggestedNoValue", "needsUserInput"]
    value: str | None
    description: str


class GeneratedEntity(BaseModel):
    """An entity to begin with."""

    entity: dict[str, Any]
    fields: list[AnalyzedField]


class Analysis(BaseModel):
    """What a repository has, or else what it could begin with."""

    existingEntityFiles: list[ExistingFile]  # noqa: N815 - as clients spell it
    generateEntities: list[GeneratedEntity]  # noqa: N815 - as clients spell it


class ValidateEntity(BaseModel):
    """An entity, and where it would stand."""

    entity: Any
    location: str


class Flaws(BaseModel):
    """What is wrong with an entity."""

    errors: list[dict[str, str]]


def locations_api(registry: Registry, written: Written) -> APIRouter:
    """The endpoints of registered locations."""
    api = APIRouter(prefix="/api/catalog/locations", tags=["locations"])
    _reading(api, registry)
    _changing(api, registry, written)
    return api


def _reading(api: APIRouter, registry: Registry) -> None:
    @api.get("")
    async def locations() -> list[Listed]:
        """List all registered locations."""
        return [Listed.model_validate({"data": each}) for each in await registry.locations()]

    @api.post("/by-query", response_model_exclude_none=True)
    async def by_query(asked: LocationQuery) -> LocationPage:
        """Find locations by a predicate, page by page."""
        begin, query = read_cursor(asked.cursor) if asked.cursor else (0, asked.query or {})
        found = [each for each in await registry.locations() if holds(query, each)]
        holds(query, {})  # what is wrong with a query is told without any location too
        return LocationPage.model_validate(page(found, asked.limit, begin, query))

    @api.get("/by-entity/{kind}/{namespace}/{name}")
    async def of_entity(kind: str, namespace: str, name: str) -> Location:
        """Return the registered location that an entity came from."""
        return Location.model_validate(await registry.of_entity(f"{kind}:{namespace}/{name}".lower()))

    @api.get("/{id_}")
    async def location(id_: str) -> Location:
        """Return a registered location."""
        return Location.model_validate(await registry.location(id_))


def _changing(api: APIRouter, registry: Registry, written: Written) -> None:
    @api.post("", status_code=201, response_model_exclude_none=True)
    async def register(
        location: NewLocation,
        response: Response,
        dry_run: Annotated[bool, Query(alias="dryRun")] = False,
        on_conflict: Annotated[Literal["refresh", "reject"], Query(alias="onConflict")] = "reject",
    ) -> Registered:
        """Read a location from now on; with `dryRun` read it once, and keep nothing."""
        type_, target = location.type, location.target
        if dry_run:
            return Registered.model_validate(await registry.try_out(type_, target))
        found = await registry.register(type_, target, refresh=on_conflict == "refresh")
        response.headers[WAIT_FOR] = await written.wished(_source(location))
        return Registered.model_validate(found)

    @api.put("/{id_}")
    async def replace(id_: str, location: NewLocation, response: Response) -> Location:
        """Let a registered location lead elsewhere."""
        former = Location.model_validate(await registry.location(id_))
        now = Location.model_validate(await registry.replace(id_, location.type, location.target))
        response.headers[WAIT_FOR] = await written.wished(_source(former), _source(now))
        return now

    @api.delete("/{id_}", status_code=204)
    async def unregister(id_: str, response: Response) -> None:
        """Forget a location, and what only it declared."""
        former = Location.model_validate(await registry.location(id_))
        await registry.unregister(id_)
        response.headers[WAIT_FOR] = await written.wished(_source(former))


def _source(location: NewLocation | Location) -> str:
    """Name the source that a location is read as."""
    return str(LocationRef(location.type, location.target))


def trial_api(trial: Trial) -> APIRouter:
    """The endpoints that judge, and keep nothing."""
    api = APIRouter(prefix="/api/catalog", tags=["locations"])

    @api.post("/analyze-location")
    async def analyze(asked: AnalyzeLocation) -> Analysis:
        """Tell which entity files a repository has, or else which entity it could begin with."""
        found = await trial.analyze(asked.location.type, asked.location.target, asked.catalogFilename)
        return Analysis.model_validate(found)

    @api.post("/validate-entity", responses={400: {"model": Flaws | ErrorAnswer}})
    async def validate(asked: ValidateEntity) -> Response:
        """Answer 200 for a good entity, and 400 with all that is wrong with another."""
        flaws = await trial.validate(asked.entity, asked.location)
        if not flaws:
            return Response(status_code=200)
        return JSONResponse(
            Flaws(errors=[{"name": each.name, "message": each.message} for each in flaws]).model_dump(), 400
        )

    return api
