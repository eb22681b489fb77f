"""What people ask the graph, over REST."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sipario_kit.errors import NotAllowed
from sipario_kit.principal import principal_of

from sipario_catalog_graph.answers import ImpactAnswer, Neighbours, RebuildAnswer
from sipario_catalog_graph.api_catalog import existing
from sipario_catalog_graph.asking import impact, neighbours
from sipario_catalog_graph.catalog import Catalog, named
from sipario_catalog_graph.impact import Direction
from sipario_catalog_graph.rebuild import Rebuild, Rebuilt
from sipario_catalog_graph.store import GraphQuestions

Depth = Annotated[int, Query(ge=1, le=100)]


def graph_api(catalog: Catalog, graph: GraphQuestions, rebuild: Rebuild, *, limit: int) -> APIRouter:
    """The endpoints under `/api/graph`."""
    api = APIRouter(prefix="/api/graph", tags=["graph"])

    @api.get("/impact/{kind}/{namespace}/{name}", response_model=ImpactAnswer)
    async def what_breaks(
        kind: str, namespace: str, name: str, direction: Direction = "dependents", depth: Depth = 100
    ) -> dict[str, Any]:
        """Tell what breaks when an entity does, through how many steps, and whose it is."""
        ref = pointed_at(catalog, kind, namespace, name)
        return await impact(graph, ref, direction=direction, depth=depth, limit=limit)

    @api.get("/neighbors/{kind}/{namespace}/{name}", response_model=Neighbours)
    async def around(kind: str, namespace: str, name: str, depth: Depth = 1) -> dict[str, Any]:
        """Tell what an entity is related to."""
        ref = pointed_at(catalog, kind, namespace, name)
        return await neighbours(graph, ref, depth=depth, limit=limit)

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
    return ref if catalog.relations.of(ref) else existing(catalog, kind, namespace, name)
