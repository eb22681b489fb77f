"""The catalog's REST surface, in the shapes of Backstage's clients."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from sipario_kit.errors import NotFound
from starlette.responses import Response, StreamingResponse

from sipario_catalog_graph import serving
from sipario_catalog_graph.answers import (
    AncestryAnswer,
    EntityAnswer,
    EntityList,
    EntityPage,
    EntityPart,
    Facets,
    KindList,
)
from sipario_catalog_graph.asked import ByQuery, ByRefs, Counting, FacetsByQuery, Listing, Querying
from sipario_catalog_graph.catalog import Catalog, named
from sipario_catalog_graph.cursor import Question
from sipario_catalog_graph.fields import parse_fields
from sipario_catalog_graph.kinds import kinds
from sipario_catalog_graph.query import meant, sorted_refs
from sipario_catalog_graph.reading import After, ordering, read_after, write_after


def _none() -> list[str]:
    # Of `list` itself, the framework would read the signature for every request.
    return []


Texts = Annotated[list[str], Query(default_factory=_none)]
JSON = "application/json"


def catalog_api(catalog: Catalog) -> APIRouter:
    """The endpoints under `/api/catalog`. Their answers are bytes; the models tell their shapes."""
    api = APIRouter(prefix="/api/catalog", tags=["catalog"])
    for add in (_listing, _querying, _naming, _counting, _kinds):
        add(api, catalog)
    return api


def existing(catalog: Catalog, kind: str, namespace: str, name: str) -> str:
    """The ref of an entity that is there; raises `NotFound` in Backstage's words."""
    ref = named(kind, namespace, name)
    if catalog.entry(ref) is None:
        raise NotFound(f"No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'")
    return ref


def _listing(api: APIRouter, catalog: Catalog) -> None:
    @api.get("/entities", response_model=list[EntityAnswer | EntityPart])
    async def entities(request: Request, asked: Annotated[Listing, Query()]) -> Response:
        """List entities: all of them, or a page with a `Link` to the next one."""
        among = meant(catalog, Question(filters=tuple(asked.filter)))
        sorting, parts = ordering(asked.order, ":"), parse_fields(asked.fields)
        if asked.limit is None and asked.offset is None and asked.after is None:
            for name, _ in sorting[:1]:
                among &= catalog.index.column(name).present()
            sorting = sorting[:1]
        here = read_after(asked.after, asked.limit) if asked.after else After(asked.limit, asked.offset or 0)
        refs = sorted_refs(catalog, among, sorting)[here.offset :]
        answer = _answer(serving.Answer(catalog, refs[: here.limit], parts))
        if here.limit and len(refs) > here.limit:
            answer.headers["Link"] = _link(request, here)
        return answer


def _querying(api: APIRouter, catalog: Catalog) -> None:
    @api.get("/entities/by-query", response_model=EntityPage)
    async def by_query(asked: Annotated[Querying, Query()]) -> Response:
        """Answer a page of a filtered, searched and ordered list, with its count and cursors both ways."""
        return _answer(serving.by_query(catalog, asked))

    @api.post("/entities/by-query", response_model=EntityPage)
    async def by_predicate(asked: ByQuery) -> Response:
        """Answer the same for a predicate."""
        return _answer(serving.by_query(catalog, asked))


def _naming(api: APIRouter, catalog: Catalog) -> None:
    @api.post("/entities/by-refs", response_model=EntityList)
    async def by_refs(body: ByRefs, filter: Texts, fields: Texts) -> Response:  # noqa: A002 - the wire's word
        """Look entities up by their refs."""
        return _json(serving.by_refs(catalog, body, filter, fields))

    @api.get("/entities/by-uid/{uid}", response_model=EntityAnswer)
    async def by_uid(uid: str) -> Response:
        """Look an entity up by its uid."""
        found = catalog.index.equal("metadata.uid", uid.lower())
        if not found:
            raise NotFound(f"No entity with uid {uid}")
        return _json(catalog.served(catalog.refs[found.bit_length() - 1]))

    @api.get("/entities/by-name/{kind}/{namespace}/{name}", response_model=EntityAnswer)
    async def by_name(kind: str, namespace: str, name: str) -> Response:
        """Look an entity up by its name."""
        return _json(catalog.served(existing(catalog, kind, namespace, name)))

    @api.get("/entities/by-name/{kind}/{namespace}/{name}/ancestry", response_model=AncestryAnswer)
    async def ancestry(kind: str, namespace: str, name: str) -> Response:
        """Tell where an entity comes from."""
        return _json(serving.ancestry(catalog, existing(catalog, kind, namespace, name)))


def _counting(api: APIRouter, catalog: Catalog) -> None:
    @api.get("/entity-facets", response_model=Facets)
    async def facets(asked: Annotated[Counting, Query()]) -> Response:
        """Count the values of some keys."""
        return _json(serving.facets(catalog, asked))

    @api.post("/entity-facets", response_model=Facets)
    async def facets_by_predicate(body: FacetsByQuery) -> Response:
        """Count the same among the entities for which a predicate holds."""
        return _json(serving.facets(catalog, body))


def _kinds(api: APIRouter, catalog: Catalog) -> None:
    @api.get("/kinds", response_model=KindList)
    async def all_kinds() -> Response:
        """Tell of every kind its names, its schema, its relations and how many entities there are."""
        return _json(kinds(catalog))


def _answer(answer: serving.Answer) -> Response:
    if len(answer.refs) <= serving.CHUNK:
        return _json(answer.whole())
    return StreamingResponse(answer.pieces(), media_type=JSON)


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON)


def _link(request: Request, here: After) -> str:
    kept = [
        (key, value) for key, value in request.query_params.multi_items() if key not in ("after", "offset")
    ]
    return f'</entities?{urlencode([*kept, ("after", write_after(here))])}>; rel="next"'
