"""Walks through the graph for people who ask: what breaks with this, what is around it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from sipario_catalog_graph.impact import Direction, Met, Reach, described, edges_of, groups_of, undiscovered
from sipario_catalog_graph.store import GraphQuestions

Step = Callable[[list[str]], Awaitable[Iterable[Met]]]


async def impact(
    graph: GraphQuestions, root: str, *, direction: Direction, depth: int, limit: int
) -> dict[str, Any]:
    """Everything that breaks when `root` does (dependents), or that it breaks with, as far as `depth`."""
    found = await _walked(graph, root, lambda ids: graph.needing(ids, direction), depth=depth, limit=limit)
    reached = max(node["distance"] for node in found["nodes"])
    return {**found, "direction": direction, "depth": reached, "groups": groups_of(found["nodes"])}


async def neighbours(graph: GraphQuestions, root: str, *, depth: int, limit: int) -> dict[str, Any]:
    """Everything that is related to `root` by any relation, as far as `depth`."""
    return await _walked(graph, root, graph.around, depth=depth, limit=limit)


async def _walked(graph: GraphQuestions, root: str, step: Step, *, depth: int, limit: int) -> dict[str, Any]:
    start = await graph.find(root)
    if start is None:
        return {"root": root, "nodes": [undiscovered(root)], "edges": [], "truncated": False}
    reach, frontier, distance = Reach(start, limit), [start], 0
    while frontier and distance < depth and not reach.truncated:
        distance += 1
        frontier = reach.step(await step(frontier), distance)
    known = await graph.described(list(reach.found))
    return {
        "root": root,
        "nodes": described(reach, known),
        "edges": edges_of(reach, known),
        "truncated": reach.truncated,
    }
