"""Who breaks with whom: what an answer about the surroundings of an entity is made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Direction = Literal["dependents", "dependencies"]
Edge = tuple[str, str, str]
Met = tuple[str, Edge]


@dataclass
class Reach:
    """A walk through the graph, level by level, each node met once: cycles end, and paths are never counted.

    Nodes go by ids of the graph; an edge is source, relation type and target. `found` maps ids to their distances.
    A walk that meets more than `limit` nodes stops and is `truncated`.
    """

    root: str
    limit: int
    found: dict[str, int] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    truncated: bool = False

    def __post_init__(self) -> None:
        self.found[self.root] = 0

    def step(self, met: Iterable[Met], distance: int) -> list[str]:
        """Take in what was met from the last level; returns the ids to go on from."""
        fresh = []
        for node, edge in met:
            if node not in self.found:
                if len(self.found) > self.limit:
                    self.truncated = True
                    continue
                self.found[node] = distance
                fresh.append(node)
            self.edges.add(edge)
        return fresh


def described(reach: Reach, known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entities of a walk, nearest first; `known` holds what their nodes say."""
    nodes = (_described(known[each], distance) for each, distance in reach.found.items() if each in known)
    return sorted(nodes, key=lambda node: (node["distance"], node["ref"]))


def edges_of(reach: Reach, known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """The relations of a walk, sorted, in their canonical direction."""
    refs = {each: node["ref"] for each, node in known.items()}
    there = (edge for edge in reach.edges if edge[0] in refs and edge[2] in refs)
    named = sorted((refs[source], type_, refs[target]) for source, type_, target in there)
    return [{"source": source, "type": type_, "target": target} for source, type_, target in named]


def groups_of(nodes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who owns what was met, most entities first; the root itself does not count."""
    counts = Counter(node["owner"] for node in nodes if node["owner"] and node["distance"])
    return [
        {"ref": ref, "entities": n} for ref, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def undiscovered(ref: str) -> dict[str, Any]:
    """What can be said of an entity that the graph does not know."""
    kind, _, rest = ref.partition(":")
    return _described({"ref": ref, "kind": kind, "name": rest.partition("/")[2]}, 0)


def _described(node: Mapping[str, Any], distance: int) -> dict[str, Any]:
    ref: str = node["ref"]
    return {
        "ref": ref,
        "kind": node.get("kind"),
        "name": node.get("name"),
        "title": node.get("title"),
        "type": node.get("type"),
        "owner": node.get("owner"),
        "distance": distance,
        "missing": node.get("version") is None or bool(node.get("gone")),
    }
