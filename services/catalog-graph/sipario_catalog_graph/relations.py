"""The relations of all entities, seen from both ends."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from sys import intern
from types import MappingProxyType

from sipario_model.relation import PAIRS, Relation, RelationType

from sipario_catalog_graph.types import Types

Triple = tuple[str, str, str]
View = tuple[str, str, str]
"""What one end shows: its ref, the relation type seen from there, and the other ref."""
NOTHING: Mapping[str, int] = MappingProxyType({})


class Relations:
    """What each ref is related to, and who declared it; two entities may declare the same, from one end each.

    Kept small: for each ref the refs around it, with the types of their relations as bits of one number.
    """

    def __init__(self) -> None:
        self.types = Types()
        self._around: dict[str, dict[str, int]] = {}
        self._declared: dict[str, tuple[str, ...]] = {}
        self._again: Counter[Triple] = Counter()

    def __contains__(self, ref: str) -> bool:
        return ref in self._around

    def of(self, ref: str) -> Iterator[tuple[str, str]]:
        """The relations of a ref as types and other refs, in no order; the ref need not be an entity."""
        for other, bits in self._around.get(ref, NOTHING).items():
            for type_, _ in self.types.within(bits):
                yield type_, other

    def around(self, ref: str) -> Mapping[str, int]:
        """The refs around a ref, with the bits of their relations."""
        return self._around.get(ref, NOTHING)

    def declare(
        self, ref: str, relations: Iterable[Relation], types: Iterable[RelationType] = ()
    ) -> tuple[list[View], list[View]]:
        """Let an entity declare these instead of what it did; returns what is shown now, and what no more.

        Relations of types that have no pair are left out.
        """
        before = set(_triples(self._declared.pop(ref, ())))
        keys = self.types.keys(types)
        now = {
            (intern(each.source), keys.get(each.type) or intern(each.type), intern(each.target))
            for each in relations
            if each.type in PAIRS or each.type in keys
        }
        if now:
            self._declared[ref] = tuple(part for triple in now for part in triple)
        gone = [view for triple in before - now for view in self._remove(triple)]
        come = [view for triple in now - before for view in self._add(triple)]
        return come, gone

    def _add(self, triple: Triple) -> list[View]:
        source, key, target = triple
        forward, backward = self.types.bits(key)
        if self._around.get(source, NOTHING).get(target, 0) & forward:
            self._again[triple] += 1
            return []
        ends = ((source, target, forward), (target, source, backward))
        return [view for ref, other, bit in ends for view in self._set(ref, other, bit)]

    def _set(self, ref: str, other: str, bit: int) -> list[View]:
        around = self._around.setdefault(ref, {})
        there = around.get(other, 0)
        around[other] = there | bit if there else bit
        return [] if there & self.types.alike(bit) else [(ref, self.types.shown(bit), other)]

    def _remove(self, triple: Triple) -> list[View]:
        if triple in self._again:
            self._again[triple] -= 1
            if not self._again[triple]:
                del self._again[triple]
            return []
        source, key, target = triple
        forward, backward = self.types.bits(key)
        ends = ((source, target, forward), (target, source, backward))
        return [view for ref, other, bit in ends for view in self._clear(ref, other, bit)]

    def _clear(self, ref: str, other: str, bit: int) -> list[View]:
        around = self._around[ref]
        left = around.pop(other) & ~bit
        if left:
            around[other] = left
        elif not around:
            del self._around[ref]
        return [] if left & self.types.alike(bit) else [(ref, self.types.shown(bit), other)]


def relation_rows(relations: Iterable[tuple[str, str]]) -> dict[str, list[str | None]]:
    """The rows by which relations are filtered: `relations.<type>`."""
    rows: dict[str, list[str | None]] = {}
    for type_, ref in relations:
        rows.setdefault(f"relations.{type_.lower()}", []).append(ref)
    return rows


def _triples(parts: tuple[str, ...]) -> Iterator[Triple]:
    # Kept flat: a tuple of tuples would be three times as large.
    return zip(parts[::3], parts[1::3], parts[2::3], strict=True)
