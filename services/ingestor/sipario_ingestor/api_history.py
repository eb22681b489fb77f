"""The HTTP face of history, under `/api/history`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field
from sipario_model import EntityRef
from starlette.responses import StreamingResponse

from sipario_ingestor.history import Blame, DifferencePage, EntityVersion, History, HistoryPage

NDJSON = "application/x-ndjson"
MOST = 200
LARGEST_VERSION = 1 << 53


def _moment(text: object) -> object:
    """Take a plus sign that a query string turned into a space, and a moment without a zone as UTC."""
    if not isinstance(text, str):
        return text
    read = datetime.fromisoformat(text.strip().replace(" ", "+" if "T" in text else "T"))
    return read if read.tzinfo else read.replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(_moment), Query()]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Version = Annotated[int, Field(ge=1, le=LARGEST_VERSION)]


def history_api(history: History) -> APIRouter:
    """The endpoints; moments are ISO 8601, UTC where no zone is given."""
    api = APIRouter(prefix="/api/history", tags=["history"])

    @api.get("/changes")
    async def changes(
        since: Moment, until: Moment | None = None, after: str = "", limit: Limit = 50
    ) -> DifferencePage:
        """Tell what is different between two moments."""
        return await history.changes(since, until or datetime.now(UTC), after=after, limit=limit)

    @api.get("/state", responses={200: {"content": {NDJSON: {}}}})
    async def state(as_of: Annotated[Moment, Query(alias="asOf")]) -> StreamingResponse:
        """Stream all entities as they were at a moment: a line of JSON each, the event that told it."""
        return StreamingResponse(await history.state(as_of), media_type=NDJSON)

    @api.get("/entities/{kind}/{namespace}/{name}")
    async def versions(
        kind: str, namespace: str, name: str, before: Version | None = None, limit: Limit = 20
    ) -> HistoryPage:
        """List the versions of an entity, newest first, each with what it changed and who did it."""
        return await history.versions(_ref(kind, namespace, name), before=before, limit=limit)

    @api.get("/entities/{kind}/{namespace}/{name}/blame")
    async def blame(kind: str, namespace: str, name: str) -> Blame:
        """Tell for each field which version brought it."""
        return await history.blame(_ref(kind, namespace, name))

    @api.get("/entities/{kind}/{namespace}/{name}/versions/{version}")
    async def version(kind: str, namespace: str, name: str, version: Version) -> EntityVersion:
        """Show an entity as it was in one version."""
        return await history.version(_ref(kind, namespace, name), version)

    return api


def _ref(kind: str, namespace: str, name: str) -> str:
    return str(EntityRef(kind, namespace, name))
