"""The HTTP face of orphans: entities that nothing declares any more, while their grace lasts."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sipario_kit.errors import InvalidInput
from sipario_ledger.clock import from_micros
from sipario_model import EntityRef, RefError

from sipario_ingestor.orphans import Orphans


class KeepOrphan(BaseModel):
    """An orphan that is to stay."""

    entityRef: str  # noqa: N815 - as clients spell it


class OrphanItem(BaseModel):
    """An orphan: what held it last, since when it is one, and when it goes; null when it stays."""

    entityRef: str  # noqa: N815 - as clients spell it
    source: str
    since: datetime
    goesAt: datetime | None  # noqa: N815 - as clients spell it
    kept: bool


def orphans_api(orphans: Orphans) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/api/catalog/orphans", tags=["orphans"])

    @api.get("")
    async def listed() -> list[OrphanItem]:
        """List all orphans, by ref."""
        return [
            OrphanItem(
                entityRef=each.ref,
                source=each.source,
                since=from_micros(each.since),
                goesAt=None if goes is None else from_micros(goes),
                kept=each.kept,
            )
            for each, goes in await orphans.all()
        ]

    @api.post("/keep", status_code=204)
    async def keep(wish: KeepOrphan) -> None:
        """Let an orphan stay, until somebody deletes it or it is declared again."""
        try:
            ref = str(EntityRef.parse(wish.entityRef))
        except RefError as error:
            raise InvalidInput(str(error)) from error
        await orphans.keep(ref)

    return api
