"""The HTTP face of what fails or waits; paths and shapes are those of Backstage's module."""

from fastapi import APIRouter

from sipario_ingestor.unprocessed import Reason, Unprocessed, UnprocessedEntities


def unprocessed_api(unprocessed: Unprocessed) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/api/catalog/entities/unprocessed", tags=["unprocessed entities"])

    @api.get("/{reason}", response_model_exclude_none=True)
    async def listed(reason: Reason, owner: str = "") -> UnprocessedEntities:
        """List the entities that fail, or those that wait to be read for the first time."""
        return await unprocessed.listed(reason, owner)

    @api.delete("/delete/{entity_id}", status_code=204)
    async def delete(entity_id: str) -> None:
        """Forget a registered location that fails, or let go of an entity's last good version."""
        await unprocessed.delete(entity_id)

    return api
