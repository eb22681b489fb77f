"""What is around an entity, answered from the read model: what breaks with it, what is related to it.

Walks go one level at a time over relations in memory, and answer JSON as bytes.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.impact import Direction, Met, Reach, edges_of, groups_of, node_of
from sipario_catalog_graph.relations import Relations

ANY = -1
"""All bits: relations of every type."""


def impact(catalog: Catalog, root: str, *, direction: Direction, depth: int, limit: int) -> bytes:
    """Everything that breaks when `root` does (dependents), or that it breaks with, as far as `depth`."""
    along = catalog.relations.types.breaking[direction]
    found = _answer(catalog, _walked(catalog.relations, root, along, depth=depth, limit=limit))
    nodes = found["nodes"]
    reached = nodes[-1]["distance"]
    return orjson.dumps({**found, "direction": direction, "depth": reached, "groups": groups_of(nodes)})


def neighbours(catalog: Catalog, root: str, *, depth: int, limit: int) -> bytes:
    """Everything that is related to `root` by any relation, as far as `depth`."""
    return orjson.dumps(_answer(catalog, _walked(catalog.relations, root, ANY, depth=depth, limit=limit)))


def _walked(relations: Relations, root: str, along: int, *, depth: int, limit: int) -> Reach:
    reach, frontier, distance = Reach(root, limit), [root], 0
    while frontier and distance < depth and not reach.truncated:
        distance += 1
        frontier = reach.step(_met(relations, frontier, along), distance)
    return reach


def _met(relations: Relations, refs: Iterable[str], along: int) -> Iterator[Met]:
    types = relations.types
    for ref in refs:
        for other, bits in relations.around(ref).items():
            if bits & along:
                for type_, bit in types.within(bits & along):
                    forward = types.canonical(bit)
                    yield other, (other, forward, ref) if forward else (ref, type_, other)


def _answer(catalog: Catalog, reach: Reach) -> dict[str, Any]:
    return {
        "root": reach.root,
        "nodes": [node_of(ref, catalog.entry(ref), distance) for ref, distance in reach.nearest_first()],
        "edges": edges_of(reach),
        "truncated": reach.truncated,
    }
