"""Entities as the graph keeps them: nodes, and edges that belong to whoever declared them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sipario_events import EntityChanged, GraphChanged
from sipario_model.ref import EntityRef
from sipario_model.relation import PAIRS, Relation

IDENTIFIER = re.compile(r"[a-z][a-z0-9]{0,62}")
SPELLED = MappingProxyType({"api": "API", "airesource": "AiResource"})
STRANGE = "Other"
MOST_TYPES = 1000  # of relations, by definitions

WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")


@dataclass(frozen=True)
class Node:
    """One version of an entity, as much of it as the graph keeps."""

    ref: str
    version: int
    gone: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()

    @property
    def label(self) -> str:
        """The label of its kind."""
        return label_of(self.ref)


def node_of(event: EntityChanged) -> Node:
    """Take from an event what the graph keeps; relations of types that the graph does not know are left out."""
    if event.gone:
        return Node(event.ref, event.version, gone=True)
    types = {each.type for each in event.types if WORD.fullmatch(each.type)}.union(PAIRS)
    relations = tuple(sorted({each for each in event.relations if each.type in types}))
    return Node(event.ref, event.version, properties=_properties(event, relations), relations=relations)


def label_of(ref: str) -> str:
    """The label of a ref's kind: a plain identifier whatever the ref says, for labels cannot be parameters."""
    kind = ref.partition(":")[0]
    if kind in SPELLED:
        return SPELLED[kind]
    return kind.capitalize() if IDENTIFIER.fullmatch(kind) else STRANGE


@lru_cache(MOST_TYPES)
def relationship_of(type_: str) -> str:
    """The relationship type of a relation type: dependsOn, DEPENDS_ON. A plain identifier, as its type is a word."""
    return re.sub(r"([A-Z])", r"_\1", type_).upper()


def stub_of(ref: str) -> dict[str, Any]:
    """The properties of an end that nobody has declared yet."""
    known = EntityRef.parse(ref)
    return {"ref": ref, "kind": known.kind, "namespace": known.namespace, "name": known.name, "missing": True}


def newest(nodes: Iterable[Node]) -> dict[str, Node]:
    """Of several versions of an entity keep the greatest."""
    found: dict[str, Node] = {}
    for node in nodes:
        if node.ref not in found or node.version > found[node.ref].version:
            found[node.ref] = node
    return found


def change_of(node: Node, before: Sequence[Relation]) -> GraphChanged:
    """What to say about a node that replaced an older version with these relations."""
    added = sorted(set(node.relations).difference(before))
    removed = sorted(set(before).difference(node.relations))
    ends = {ref for each in (*added, *removed) for ref in (each.source, each.target)} - {node.ref}
    return GraphChanged(
        ref=node.ref,
        version=node.version,
        gone=node.gone,
        added=tuple(added),
        removed=tuple(removed),
        affected=tuple(sorted(ends)),
    )


def _properties(event: EntityChanged, relations: Sequence[Relation]) -> dict[str, Any]:
    metadata, spec = event.entity.get("metadata", {}), event.entity.get("spec") or {}
    known = EntityRef.parse(event.ref)
    owner = next(
        (each.target for each in relations if each.type == "ownedBy" and each.source == event.ref), None
    )
    found = {
        "ref": event.ref,
        "kind": known.kind,
        "namespace": known.namespace,
        "name": _text(metadata.get("name")) or known.name,
        "title": _text(metadata.get("title")),
        "description": _text(metadata.get("description")),
        "type": _text(spec.get("type")),
        "lifecycle": _text(spec.get("lifecycle")),
        "owner": owner,
        "tags": [tag for tag in metadata.get("tags") or () if isinstance(tag, str)],
    }
    return {key: value for key, value in found.items() if value is not None}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
