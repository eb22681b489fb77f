"""Who breaks with whom: what an answer about the surroundings of an entity is made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sipario_catalog_graph.entry import Entry

Direction = Literal["dependents", "dependencies"]
Edge = tuple[str, str, str]
Met = tuple[str, Edge]


@dataclass
class Reach:
    """A walk over relations, level by level, each ref met once: cycles end, and paths are never counted.

    An edge is source, relation type and target, in its canonical direction. `found` maps refs to their distances.
    A walk that meets more than `limit` refs stops and is `truncated`.
    """

    root: str
    limit: int
    found: dict[str, int] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    truncated: bool = False

    def __post_init__(self) -> None:
        self.found[self.root] = 0

    def step(self, met: Iterable[Met], distance: int) -> list[str]:
        """Take in what was met from the last level; returns the refs to go on from."""
        fresh = []
        for ref, edge in met:
            if ref not in self.found:
                if len(self.found) > self.limit:
                    self.truncated = True
                    continue
                self.found[ref] = distance
                fresh.append(ref)
            self.edges.add(edge)
        return fresh

    def nearest_first(self) -> list[tuple[str, int]]:
        """What was met, with distances: by distance, then by ref."""
        return sorted(self.found.items(), key=lambda each: (each[1], each[0]))


def edges_of(reach: Reach) -> list[dict[str, str]]:
    """The relations of a walk, sorted."""
    return [
        {"source": source, "type": type_, "target": target} for source, type_, target in sorted(reach.edges)
    ]


def groups_of(nodes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who owns what was met, most entities first; the root itself does not count."""
    counts = Counter(node["owner"] for node in nodes if node["owner"] and node["distance"])
    return [
        {"ref": ref, "entities": n} for ref, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def node_of(ref: str, entry: Entry | None, distance: int) -> dict[str, Any]:
    """What an answer says of an entity, or of a ref that nobody declares: that it is missing."""
    kind, _, rest = ref.partition(":")
    about = entry.about if entry else None
    return {
        "ref": ref,
        "kind": kind,
        "name": about.name if about else rest.partition("/")[2],
        "title": about.title if about else None,
        "type": about.type if about else None,
        "owner": about.owner if about else None,
        "distance": distance,
        "missing": about is None,
    }
