"""What search answers over HTTP."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from sipario_kit.errors import InvalidInput, NotAllowed
from sipario_kit.principal import principal_of
from starlette.datastructures import QueryParams
from starlette.responses import Response

from sipario_search.answers import RebuildAnswer, ResultSet, question, result_set
from sipario_search.rebuild import Rebuild, Rebuilt
from sipario_search.serving import Serving

FILTER = re.compile(r"filters\[([^\[\]]*)\](?:\[\d*\])?")
TYPES = re.compile(r"types(?:\[\d*\])?")


def search_api(serving: Serving, rebuild: Rebuild) -> APIRouter:
    """The endpoints under `/api/search`."""
    api = APIRouter(prefix="/api/search", tags=["search"])

    @api.get("/query", response_model=ResultSet, response_model_exclude_none=True)
    async def query(
        request: Request,
        term: str = "",
        page_cursor: Annotated[str, Query(alias="pageCursor")] = "",
        page_limit: Annotated[int, Query(alias="pageLimit", ge=1, le=100)] = 25,
    ) -> Response:
        """Find documents. `types[]` and `filters[kind]` (or `filters[kind][]`) may be repeated: any of the values."""
        types, filters = asked_for(request.query_params)
        asked = question(term, types, filters, cursor=page_cursor, limit=page_limit)
        answer: dict[str, Any] = result_set(await serving.find(asked), asked)
        return Response(orjson.dumps(answer), media_type="application/json")

    @api.post("/rebuild", response_model=RebuildAnswer)
    async def again(request: Request) -> Rebuilt:
        """Make the index anew while the old one serves; answers when done. For the operator."""
        principal = principal_of(request.scope)
        if principal is None or principal.kind != "operator":
            raise NotAllowed("Only the operator may rebuild the index.")
        return await rebuild.run()

    return api


def asked_for(parameters: QueryParams) -> tuple[list[str], Mapping[str, list[str]]]:
    """Read types and filters as Backstage's clients write them; raises `InvalidInput`."""
    types: list[str] = []
    filters: dict[str, list[str]] = {}
    for name, value in parameters.multi_items():
        if TYPES.fullmatch(name):
            types.append(value)
        elif found := FILTER.fullmatch(name):
            filters.setdefault(found[1], []).append(value)
        elif name.startswith(("filters", "types")):
            raise InvalidInput(
                f"The parameter {name[:50]!r} cannot be understood; write filters[kind]=component."
            )
    return types, filters
