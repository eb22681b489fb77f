"""Who breaks with whom: what an answer about the surroundings of an entity is made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sipario_model.relation import Relation

Direction = Literal["dependents", "dependencies"]


@dataclass
class Reach:
    """A walk through the graph, level by level, each entity met once: cycles end, and paths are never counted.

    `found` maps refs to their distances; a walk that meets more than `limit` entities stops and is `truncated`.
    """

    root: str
    limit: int
    found: dict[str, int] = field(default_factory=dict)
    edges: set[Relation] = field(default_factory=set)
    truncated: bool = False

    def __post_init__(self) -> None:
        self.found[self.root] = 0

    def step(self, neighbours: Iterable[tuple[str, Relation]], distance: int) -> list[str]:
        """Take in what was met from the last level, (ref, edge) pairs; returns the refs to go on from."""
        fresh = []
        for ref, edge in neighbours:
            if ref not in self.found:
                if len(self.found) > self.limit:
                    self.truncated = True
                    continue
                self.found[ref] = distance
                fresh.append(ref)
            self.edges.add(edge)
        return fresh


def described(reach: Reach, known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entities of a walk, nearest first; `known` holds the properties of their nodes."""
    nodes = sorted(reach.found.items(), key=lambda each: (each[1], each[0]))
    return [_described(ref, distance, known.get(ref, {})) for ref, distance in nodes]


def edges_of(reach: Reach) -> list[dict[str, str]]:
    """The relations of a walk, sorted, in their canonical direction."""
    return [{"source": each.source, "type": each.type, "target": each.target} for each in sorted(reach.edges)]


def groups_of(nodes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who owns what was met, most entities first; the root itself does not count."""
    counts = Counter(node["owner"] for node in nodes if node["owner"] and node["distance"])
    return [
        {"ref": ref, "entities": n} for ref, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def _described(ref: str, distance: int, node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ref": ref,
        "kind": node.get("kind", ref.partition(":")[0]),
        "name": node.get("name", ref.partition("/")[2]),
        "title": node.get("title"),
        "type": node.get("type"),
        "owner": node.get("owner"),
        "distance": distance,
        "missing": node.get("version") is None or bool(node.get("gone")),
    }
