"""What people ask about the surroundings of an entity, over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sipario_kit.errors import NotAllowed
from sipario_kit.principal import principal_of
from starlette.responses import Response

from sipario_catalog_graph.answers import ImpactAnswer, Neighbours, RebuildAnswer
from sipario_catalog_graph.api_catalog import JSON, existing
from sipario_catalog_graph.catalog import Catalog, named
from sipario_catalog_graph.impact import Direction
from sipario_catalog_graph.rebuild import Rebuild, Rebuilt
from sipario_catalog_graph.surroundings import impact, neighbours

Depth = Annotated[int, Query(ge=1, le=100)]


def graph_api(catalog: Catalog, rebuild: Rebuild, *, limit: int) -> APIRouter:
    """The endpoints under `/api/graph`. Answers about surroundings are bytes; the models tell their shapes."""
    api = APIRouter(prefix="/api/graph", tags=["graph"])

    @api.get("/impact/{kind}/{namespace}/{name}", response_model=ImpactAnswer)
    async def what_breaks(
        kind: str, namespace: str, name: str, direction: Direction = "dependents", depth: Depth = 100
    ) -> Response:
        """Tell what breaks when an entity does, through how many steps, and whose it is."""
        ref = pointed_at(catalog, kind, namespace, name)
        answer = impact(catalog, ref, direction=direction, depth=depth, limit=limit)
        return Response(answer, media_type=JSON)

    @api.get("/neighbors/{kind}/{namespace}/{name}", response_model=Neighbours)
    async def around(kind: str, namespace: str, name: str, depth: Depth = 1) -> Response:
        """Tell what an entity is related to."""
        ref = pointed_at(catalog, kind, namespace, name)
        return Response(neighbours(catalog, ref, depth=depth, limit=limit), media_type=JSON)

    @api.post("/rebuild", response_model=RebuildAnswer)
    async def again(request: Request) -> Rebuilt:
        """Write the graph anew while it serves; answers when done. For the operator."""
        principal = principal_of(request.scope)
        if principal is None or principal.kind != "operator":
            raise NotAllowed("Only the operator may rebuild the graph.")
        return await rebuild.run()

    return api


def pointed_at(catalog: Catalog, kind: str, namespace: str, name: str) -> str:
    """The ref of an entity, or of a missing one that others point at; else raises `NotFound`."""
    ref = named(kind, namespace, name)
    return ref if ref in catalog.relations else existing(catalog, kind, namespace, name)
