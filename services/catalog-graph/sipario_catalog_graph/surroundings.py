"""What is around an entity, answered from the read model: what breaks with it, what is related to it.

Walks go one level at a time over relations in memory, and answer JSON as bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson
from sipario_model.relation import PAIRS

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.impact import Direction, Met, Reach, edges_of, groups_of, node_of
from sipario_catalog_graph.relations import Relations

CANONICAL: Mapping[str, str] = MappingProxyType({backward: forward for forward, backward in PAIRS.items()})
BREAKING: Mapping[Direction, frozenset[str]] = MappingProxyType(
    {
        "dependents": frozenset({"dependencyOf", "apiConsumedBy", "providesApi"}),
        "dependencies": frozenset({"dependsOn", "consumesApi", "apiProvidedBy"}),
    }
)
"""What makes one entity break with another, seen from where a walk stands.

Who depends on something or consumes an API needs it; an API needs the component that provides it.
"""
ANY = frozenset({*PAIRS, *CANONICAL})


def impact(catalog: Catalog, root: str, *, direction: Direction, depth: int, limit: int) -> bytes:
    """Everything that breaks when `root` does (dependents), or that it breaks with, as far as `depth`."""
    found = _answer(catalog, _walked(catalog.relations, root, BREAKING[direction], depth=depth, limit=limit))
    nodes = found["nodes"]
    reached = nodes[-1]["distance"]
    return orjson.dumps({**found, "direction": direction, "depth": reached, "groups": groups_of(nodes)})


def neighbours(catalog: Catalog, root: str, *, depth: int, limit: int) -> bytes:
    """Everything that is related to `root` by any relation, as far as `depth`."""
    return orjson.dumps(_answer(catalog, _walked(catalog.relations, root, ANY, depth=depth, limit=limit)))


def _walked(relations: Relations, root: str, along: frozenset[str], *, depth: int, limit: int) -> Reach:
    reach, frontier, distance = Reach(root, limit), [root], 0
    while frontier and distance < depth and not reach.truncated:
        distance += 1
        frontier = reach.step(_met(relations.of, frontier, along), distance)
    return reach


def _met(
    of: Callable[[str], Iterable[tuple[str, str]]], refs: Iterable[str], along: frozenset[str]
) -> Iterator[Met]:
    for ref in refs:
        for type_, other in of(ref):
            if type_ in along:
                forward = CANONICAL.get(type_)
                yield other, (other, forward, ref) if forward else (ref, type_, other)


def _answer(catalog: Catalog, reach: Reach) -> dict[str, Any]:
    return {
        "root": reach.root,
        "nodes": [node_of(ref, catalog.entry(ref), distance) for ref, distance in reach.nearest_first()],
        "edges": edges_of(reach),
        "truncated": reach.truncated,
    }
