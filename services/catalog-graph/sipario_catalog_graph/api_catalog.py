"""The catalog's REST surface, in the shapes of Backstage's clients."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from sipario_kit.errors import InvalidInput, NotFound
from starlette.responses import Response, StreamingResponse

from sipario_catalog_graph import serving
from sipario_catalog_graph.answers import (
    AncestryAnswer,
    ByQuery,
    ByRefs,
    EntityAnswer,
    EntityList,
    EntityPage,
    Facets,
    FacetsByQuery,
    OrderBy,
)
from sipario_catalog_graph.catalog import Catalog, named
from sipario_catalog_graph.cursor import Question, decode
from sipario_catalog_graph.fields import parse_fields
from sipario_catalog_graph.query import meant, sorted_refs
from sipario_catalog_graph.reading import After, ordering, read_after, write_after

Texts = Annotated[list[str], Query()]
Count = Annotated[int, Query(ge=0)]
Limit = Annotated[int | None, Query(ge=1)]
PAGE = 200


def json(body: bytes) -> Response:
    """Answer bytes that are JSON already."""
    return Response(body, media_type="application/json")


def catalog_api(catalog: Catalog) -> APIRouter:  # noqa: C901 - one closure an endpoint
    """The endpoints under `/api/catalog`."""
    api = APIRouter(prefix="/api/catalog", tags=["catalog"])

    @api.get("/entities", response_model=list[EntityAnswer])
    async def entities(
        request: Request,
        filter: Texts = [],  # noqa: A002, B006 - the wire's word; FastAPI copies it
        fields: Texts = [],  # noqa: B006 - as above
        order: Texts = [],  # noqa: B006 - as above
        limit: Limit = None,
        offset: Count = 0,
        after: str = "",
    ) -> Response:
        """List entities: all of them, or a page with a `Link` to the next one."""
        question = Question(filters=tuple(filter))
        among, sorting = meant(catalog, question), ordering(order, ":")
        parts = parse_fields(fields)
        if limit is None and not offset and not after:
            for name, _ in sorting[:1]:
                among &= catalog.index.column(name).present()
            refs = sorted_refs(catalog, among, sorting[:1])
            return StreamingResponse(serving.streamed(catalog, refs, parts), media_type="application/json")
        here = read_after(after) if after else After(limit or PAGE, offset)
        refs = sorted_refs(catalog, among, sorting)[here.offset :]
        answer = json(serving.listed(catalog, refs[: here.limit], parts))
        if len(refs) > here.limit:
            answer.headers["Link"] = _link(request, here)
        return answer

    @api.get("/entities/by-query", response_model=EntityPage)
    async def by_query(
        filter: Texts = [],  # noqa: A002, B006 - as above
        fields: Texts = [],  # noqa: B006 - as above
        orderField: Texts = [],  # noqa: B006, N803 - as above
        fullTextFilterTerm: str = "",  # noqa: N803 - as above
        fullTextFilterFields: Texts = [],  # noqa: B006, N803 - as above
        limit: Count = PAGE,
        offset: Count = 0,
        cursor: str = "",
        totalItems: Literal["include", "exclude"] = "include",  # noqa: N803 - as above
    ) -> Response:
        """Answer a page of a filtered, searched and ordered list, with its count and cursors both ways."""
        sorting = ordering(orderField, ",")
        name, descending = sorting[0] if sorting else ("", False)
        searched = tuple(field.lower() for field in parse_fields(fullTextFilterFields))
        asked = Question(tuple(filter), None, name, descending, fullTextFilterTerm, searched)
        question = decode(cursor) if cursor else asked
        parts, total = parse_fields(fields), totalItems == "include"
        return json(
            serving.by_query(
                catalog, question, limit=limit, offset=0 if cursor else offset, fields=parts, total=total
            )
        )

    @api.post("/entities/by-query", response_model=EntityPage)
    async def by_predicate(body: ByQuery) -> Response:
        """Answer the same for a predicate."""
        first = body.orderBy[0] if body.orderBy else OrderBy(field="")
        asked = Question(
            predicate=body.query,
            order=first.field.lower(),
            descending=first.order == "desc",
            term=body.fullTextFilter.term,
            fields=tuple(field.lower() for field in body.fullTextFilter.fields),
        )
        question, offset = (decode(body.cursor), 0) if body.cursor else (asked, body.offset)
        parts, total = parse_fields(body.fields), body.totalItems == "include"
        return json(
            serving.by_query(catalog, question, limit=body.limit, offset=offset, fields=parts, total=total)
        )

    @api.post("/entities/by-refs", response_model=EntityList)
    async def by_refs(body: ByRefs, filter: Texts = []) -> Response:  # noqa: A002, B006 - as above
        """Look entities up by their refs."""
        question = Question(filters=tuple(filter), predicate=body.query)
        among = meant(catalog, question) if filter or body.query else None
        return json(serving.by_refs(catalog, body.entityRefs, fields=parse_fields(body.fields), among=among))

    @api.get("/entities/by-uid/{uid}", response_model=EntityAnswer)
    async def by_uid(uid: str) -> Response:
        """Look an entity up by its uid."""
        found = catalog.index.equal("metadata.uid", uid.lower())
        if not found:
            raise NotFound(f"No entity with uid {uid} found")
        return json(catalog.served(catalog.refs[found.bit_length() - 1]))

    @api.get("/entities/by-name/{kind}/{namespace}/{name}", response_model=EntityAnswer)
    async def by_name(kind: str, namespace: str, name: str) -> Response:
        """Look an entity up by its name."""
        return json(catalog.served(existing(catalog, kind, namespace, name)))

    @api.get("/entities/by-name/{kind}/{namespace}/{name}/ancestry", response_model=AncestryAnswer)
    async def ancestry(kind: str, namespace: str, name: str) -> Response:
        """Tell where an entity comes from."""
        return json(serving.ancestry(catalog, existing(catalog, kind, namespace, name)))

    @api.get("/entity-facets", response_model=Facets)
    async def facets(facet: Texts = [], filter: Texts = []) -> Response:  # noqa: A002, B006 - as above
        """Count the values of some keys."""
        if not facet:
            raise InvalidInput("Missing facet parameter")
        return json(serving.facets(catalog, facet, Question(filters=tuple(filter))))

    @api.post("/entity-facets", response_model=Facets)
    async def facets_by_predicate(body: FacetsByQuery) -> Response:
        """Count the same among the entities for which a predicate holds."""
        return json(serving.facets(catalog, body.facets, Question(predicate=body.query)))

    return api


def existing(catalog: Catalog, kind: str, namespace: str, name: str) -> str:
    """The ref of an entity that is there; raises `NotFound` in Backstage's words."""
    ref = named(kind, namespace, name)
    if catalog.entry(ref) is None:
        raise NotFound(f"No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'")
    return ref


def _link(request: Request, here: After) -> str:
    kept = [
        (key, value) for key, value in request.query_params.multi_items() if key not in ("after", "offset")
    ]
    return f'</entities?{urlencode([*kept, ("after", write_after(here))])}>; rel="next"'
