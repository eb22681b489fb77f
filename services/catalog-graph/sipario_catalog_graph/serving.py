"""Answers of the catalog as bytes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import orjson

from sipario_catalog_graph.asked import ByQuery, ByRefs, Counting, FacetsByQuery, Querying
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.fields import parse_fields, picked
from sipario_catalog_graph.query import meant, page

CHUNK = 200


@dataclass(frozen=True)
class Answer:
    """Entities between two pieces of JSON: whole, or in pieces when there are many."""

    catalog: Catalog
    refs: Sequence[str]
    fields: Sequence[str] = ()
    head: bytes = b"["
    tail: bytes = b"]"

    def whole(self) -> bytes:
        """All of it."""
        fields, served = self.fields, self.catalog.served
        items = [picked(served(ref), fields) for ref in self.refs] if fields else map(served, self.refs)
        return b"%b%b%b" % (self.head, b",".join(items), self.tail)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The same in pieces; an entity that goes away meanwhile is left out."""
        catalog, before = self.catalog, self.head
        for start in range(0, len(self.refs), CHUNK):
            refs = self.refs[start : start + CHUNK]
            items = [picked(catalog.served(ref), self.fields) for ref in refs if catalog.entry(ref)]
            if items:
                yield before + b",".join(items)
                before = b","
            await asyncio.sleep(0)
        yield self.tail if before == b"," else before + self.tail


def by_query(catalog: Catalog, asked: Querying | ByQuery) -> Answer:
    """A page with its count and cursors."""
    fields, offset = parse_fields(asked.fields), 0 if asked.cursor else asked.offset
    found = page(catalog, asked.question(), limit=asked.limit, offset=offset)
    cursors = {"nextCursor": found.following, "prevCursor": found.previous}
    info = orjson.dumps({name: cursor for name, cursor in cursors.items() if cursor})
    count = found.total if asked.totalItems == "include" else 0
    return Answer(
        catalog, found.refs, fields, b'{"items":[', b'],"totalItems":%d,"pageInfo":%b}' % (count, info)
    )


def by_refs(
    catalog: Catalog, asked: ByRefs, filters: Sequence[str] = (), fields: Sequence[str] = ()
) -> bytes:
    """Entities in the order of their refs, each exactly as written; null where there is none, or none that is meant."""
    question, fields = asked.question(filters), parse_fields([*asked.fields, *fields])
    items = catalog.all_served(asked.entityRefs)
    if question:
        items = _narrowed(catalog, asked.entityRefs, items, meant(catalog, question))
    if fields:
        items = [each and picked(each, fields) for each in items]
    return _listed([each or b"null" for each in items])


def _narrowed(
    catalog: Catalog, refs: Sequence[str], items: Sequence[bytes | None], among: int
) -> list[bytes | None]:
    entries = map(catalog.entry, refs)
    return [
        item if entry and among >> entry.number & 1 else None
        for item, entry in zip(items, entries, strict=True)
    ]


def _listed(items: list[bytes]) -> bytes:
    # Joined at once: what is put around the whole would copy all of it.
    if not items:
        return b'{"items":[]}'
    items[0] = b'{"items":[' + items[0]
    items[-1] += b"]}"
    return b",".join(items)


def facets(catalog: Catalog, asked: Counting | FacetsByQuery) -> bytes:
    """How often each value of some keys occurs."""
    names, question = asked.names(), asked.question()
    plain = not question.filters and not question.query
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
