"""The HTTP face of what brings entities back."""

from typing import Any

from fastapi import APIRouter, Request
from sipario_kit.principal import principal_of
from sipario_kit.waiting import WAIT_FOR
from sipario_model import EntityRef
from starlette.responses import Response

from sipario_ingestor.registry import Registry
from sipario_ingestor.restoring import Restoring
from sipario_ingestor.written import Written


def restoring_api(restoring: Restoring, registry: Registry, written: Written) -> APIRouter:
    """Make the routes: both answer with the entity as it is again."""
    api = APIRouter(prefix="/api/catalog/entities", tags=["entities"])

    async def restored(ref: str, request: Request, response: Response) -> dict[str, Any]:
        principal = principal_of(request.scope)
        event = await restoring.restore(ref, principal.ref if principal else "")
        response.headers[WAIT_FOR] = await written.wished()
        return event.entity

    @api.post("/by-name/{kind}/{namespace}/{name}/restore")
    async def by_name(
        kind: str, namespace: str, name: str, request: Request, response: Response
    ) -> dict[str, Any]:
        """Bring back an entity that is gone, until something declares it."""
        return await restored(str(EntityRef(kind, namespace, name)), request, response)

    @api.post("/by-uid/{uid}/restore")
    async def by_uid(uid: str, request: Request, response: Response) -> dict[str, Any]:
        """Bring back an entity that is gone, by the uid that it had."""
        return await restored(await registry.ref_of(uid), request, response)

    return api
