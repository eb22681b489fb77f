"""What is to be written for a batch of nodes, seen from what the graph holds: pure planning, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sipario_events import GraphChanged
from sipario_model.relation import Relation

from sipario_catalog_graph.graph import Node, change_of, label_of, relationship_of, stub_of

Row = dict[str, Any]
Link = tuple[str, str, str]
"""An edge to connect: source, target, who declares it."""
Held = Mapping[str, Mapping[str, Any]]


@dataclass
class Plan:
    """Rows for each query: nodes to create by label and to replace, edges to connect and disconnect by type."""

    create: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    replace: list[Row] = field(default_factory=list)
    connect: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    disconnect: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    left: set[str] = field(default_factory=set)
    changes: list[GraphChanged] = field(default_factory=list)


def mentioned(nodes: Iterable[Node]) -> list[str]:
    """All refs that these nodes are or point at."""
    refs = {node.ref for node in nodes}
    return sorted(
        refs | {ref for node in nodes for each in node.relations for ref in (each.source, each.target)}
    )


def plan(nodes: Mapping[str, Node], held: Held, epoch: int, *, anew: bool = False) -> Plan:
    """Plan the writes for those nodes that are newer than what is held.

    `anew`: also for those of the same version, and those that are held since an older epoch, whatever they say.
    """
    made = Plan()
    written = due(nodes, held, epoch, anew=anew)
    for ref, node in written.items():
        before = () if anew else declared(held.get(ref, {}))
        _put(made, ref, _row(node, epoch), held)
        _connect(made, node, set(node.relations).difference(before))
        _disconnect(made, node, set(before).difference(node.relations))
        made.changes.append(change_of(node, before))
    _stubs(made, written, held, epoch)
    return made


def due(nodes: Mapping[str, Node], held: Held, epoch: int, *, anew: bool = False) -> dict[str, Node]:
    """Pick the nodes that are to be written."""
    return {ref: node for ref, node in nodes.items() if _is_due(node, held.get(ref), epoch, anew=anew)}


def declared(row: Mapping[str, Any]) -> tuple[Relation, ...]:
    """The relations that a node of the graph declares."""
    return tuple(_relation(row["ref"], each) for each in orjson.loads(row.get("declares") or "[]"))


def _relation(ref: str, told: Any) -> Relation:
    if isinstance(told, dict):  # as graphs of the first builds have it
        return Relation(**told)
    return Relation(ref, *told) if len(told) == 2 else Relation(*told)


def _told(node: Node) -> str:
    # Nearly every relation begins at who declares it: that ref is not repeated in each.
    brief = (
        (each.type, each.target) if each.source == node.ref else (each.source, each.type, each.target)
        for each in node.relations
    )
    return orjson.dumps(list(brief)).decode()


def _is_due(node: Node, row: Mapping[str, Any] | None, epoch: int, *, anew: bool) -> bool:
    version = (row or {}).get("version")
    if not isinstance(version, int) or node.version > version:
        return True
    return anew and (node.version == version or ((row or {}).get("epoch") or 0) < epoch)


def _row(node: Node, epoch: int) -> Row:
    kept = {**stub_of(node.ref), "missing": None, "gone": True} if node.gone else node.properties
    row = {**kept, "version": node.version, "epoch": epoch, "declares": _told(node)}
    return {key: value for key, value in row.items() if value is not None}


def stub_row(ref: str, epoch: int) -> Row:
    """The node of an end that nobody declares."""
    return {**stub_of(ref), "epoch": epoch}


def _put(made: Plan, ref: str, row: Row, held: Held) -> None:
    if ref in held:
        made.replace.append(row)
    else:
        made.create[label_of(ref)].append(row)


def _connect(made: Plan, node: Node, relations: Iterable[Relation]) -> None:
    for each in sorted(relations):
        made.connect[relationship_of(each.type)].append((each.source, each.target, node.ref))


def _disconnect(made: Plan, node: Node, relations: Iterable[Relation]) -> None:
    for each in sorted(relations):
        row = {"declared_by": node.ref}
        made.disconnect[relationship_of(each.type)].append(
            {"source": each.source, "target": each.target, **row}
        )
        made.left |= {each.source, each.target} - {node.ref}


def _stubs(made: Plan, written: Mapping[str, Node], held: Held, epoch: int) -> None:
    for ref in mentioned(written.values()):
        row = held.get(ref)
        stale = row is not None and row.get("version") is None and (row.get("epoch") or 0) < epoch
        if ref not in written and (row is None or stale):
            _put(made, ref, stub_row(ref, epoch), held)


def batches(rows: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Cut a list into parts of a size."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
