"""Walks through the graph for people who ask: what breaks with this, what is around it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from sipario_model.relation import Relation

from sipario_catalog_graph.impact import Direction, Reach, described, edges_of, groups_of
from sipario_catalog_graph.store import GraphQuestions

Step = Callable[[list[str]], Awaitable[Iterable[tuple[str, Relation]]]]


async def impact(
    graph: GraphQuestions, root: str, *, direction: Direction, depth: int, limit: int
) -> dict[str, Any]:
    """Everything that breaks when `root` does (dependents), or that it breaks with, as far as `depth`."""
    reach = await _walk(root, lambda refs: graph.needing(refs, direction), depth=depth, limit=limit)
    nodes = described(reach, await graph.described(list(reach.found)))
    return {
        "root": root,
        "direction": direction,
        "depth": max(reach.found.values()),
        "nodes": nodes,
        "edges": edges_of(reach),
        "groups": groups_of(nodes),
        "truncated": reach.truncated,
    }


async def neighbours(graph: GraphQuestions, root: str, *, depth: int, limit: int) -> dict[str, Any]:
    """Everything that is related to `root` by any relation, as far as `depth`."""
    reach = await _walk(root, graph.around, depth=depth, limit=limit)
    nodes = described(reach, await graph.described(list(reach.found)))
    return {"root": root, "nodes": nodes, "edges": edges_of(reach), "truncated": reach.truncated}


async def _walk(root: str, step: Step, *, depth: int, limit: int) -> Reach:
    reach, frontier, distance = Reach(root, limit), [root], 0
    while frontier and distance < depth and not reach.truncated:
        distance += 1
        frontier = reach.step(await step(frontier), distance)
    return reach
