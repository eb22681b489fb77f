"""Answers of the catalog as bytes."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice

import orjson

from sipario_catalog_graph.asked import ByQuery, ByRefs, Counting, FacetsByQuery, Querying
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.fields import parse_fields, picked
from sipario_catalog_graph.query import meant, page

CHUNK = 200


def by_query(catalog: Catalog, asked: Querying | ByQuery) -> bytes:
    """A page with its count and cursors."""
    fields, offset = parse_fields(asked.fields), 0 if asked.cursor else asked.offset
    found = page(catalog, asked.question(), limit=asked.limit, offset=offset)
    cursors = {"nextCursor": found.following, "prevCursor": found.previous}
    info = orjson.dumps({name: cursor for name, cursor in cursors.items() if cursor})
    count = found.total if asked.totalItems == "include" else 0
    return b'{"items":%b,"totalItems":%d,"pageInfo":%b}' % (listed(catalog, found.refs, fields), count, info)


def by_refs(catalog: Catalog, asked: ByRefs, filters: Sequence[str] = ()) -> bytes:
    """Entities in the order of their refs, each exactly as written; null where there is none, or none that is meant."""
    question, fields = asked.question(filters), parse_fields(asked.fields)
    among = meant(catalog, question) if question else None
    items = []
    for ref in asked.entityRefs:
        entry = catalog.entry(ref)
        there = entry and (among is None or among >> entry.number & 1)
        whole = catalog.served(ref) if there else b"null"
        items.append(picked(whole, fields) if there and fields else whole)
    return b'{"items":[%b]}' % b",".join(items)


def listed(catalog: Catalog, refs: Iterable[str], fields: Sequence[str]) -> bytes:
    """A JSON list of entities."""
    return b"[%b]" % b",".join(picked(catalog.served(ref), fields) for ref in refs)


async def streamed(catalog: Catalog, refs: Iterable[str], fields: Sequence[str]) -> AsyncIterator[bytes]:
    """The same in pieces; an entity that goes away meanwhile is left out."""
    left, first = iter(refs), True
    yield b"["
    while part := list(islice(left, CHUNK)):
        items = [picked(catalog.served(ref), fields) for ref in part if catalog.entry(ref)]
        if items:
            yield (b"" if first else b",") + b",".join(items)
            first = False
        await asyncio.sleep(0)
    yield b"]"


def facets(catalog: Catalog, asked: Counting | FacetsByQuery) -> bytes:
    """How often each value of some keys occurs."""
    names, question = asked.names(), asked.question()
    plain = not question.filters and not question.predicate
    among = None if plain else meant(catalog, question)
    catalog.index.want(name.lower() for name in names)
    found = {
        name: [
            {"value": value, "count": count}
            for value, count in sorted(catalog.index.column(name.lower()).facet(among).items())
        ]
        for name in names
    }
    return orjson.dumps({"facets": found})


def ancestry(catalog: Catalog, ref: str) -> bytes:
    """An entity and the Locations that lead to it; each once, also when they lead to one another."""
    items, left, seen = [], [ref], {ref}
    while left:
        here = left.pop(0)
        entry = catalog.entry(here)
        if entry:
            parents = catalog.ancestry.parents(here, entry.declared())
            items.append(
                b'{"entity":%b,"parentEntityRefs":%b}' % (catalog.served(here), orjson.dumps(parents))
            )
            left += [parent for parent in parents if parent not in seen]
            seen.update(parents)
    return b'{"rootEntityRef":%b,"items":[%b]}' % (orjson.dumps(ref), b",".join(items))
