"""The relations of all entities, seen from both ends."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from sys import intern
from types import MappingProxyType

from sipario_model.relation import PAIRS, Relation, inverse

Triple = tuple[str, str, str]
NOTHING: Mapping[str, int] = MappingProxyType({})

BITS: Mapping[str, int] = MappingProxyType(
    {type_: 1 << number for number, type_ in enumerate((*PAIRS, *PAIRS.values()))}
)
"""Relation types of both directions, each with its bit."""


class Relations:
    """What each ref is related to, and who declared it; two entities may declare the same, from one end each.

    Kept small: for each ref the refs around it, with the types of their relations as bits of one number.
    """

    def __init__(self) -> None:
        self._around: dict[str, dict[str, int]] = {}
        self._declared: dict[str, tuple[str, ...]] = {}
        self._again: Counter[Triple] = Counter()

    def __contains__(self, ref: str) -> bool:
        return ref in self._around

    def of(self, ref: str) -> Iterator[tuple[str, str]]:
        """The relations of a ref as types and other refs, in no order; the ref need not be an entity."""
        for other, bits in self._around.get(ref, NOTHING).items():
            for type_ in types_in(bits):
                yield type_, other

    def declare(self, ref: str, relations: Iterable[Relation]) -> tuple[list[Triple], list[Triple]]:
        """Let an entity declare these instead of what it did; returns what came and what nobody declares any more.

        Relations of types that have no pair are left out.
        """
        before = set(_triples(self._declared.pop(ref, ())))
        now = {(intern(r.source), intern(r.type), intern(r.target)) for r in relations if r.type in PAIRS}
        if now:
            self._declared[ref] = tuple(part for triple in now for part in triple)
        come = [triple for triple in now - before if self._add(triple)]
        return come, [triple for triple in before - now if self._remove(triple)]

    def _add(self, triple: Triple) -> bool:
        source, type_, target = triple
        bit, around = BITS[type_], self._around.setdefault(source, {})
        there = around.get(target, 0)
        if there & bit:
            self._again[triple] += 1
            return False
        around[target] = there | bit if there else bit
        bit, around = BITS[inverse(type_)], self._around.setdefault(target, {})
        there = around.get(source, 0)
        around[source] = there | bit if there else bit
        return True

    def _remove(self, triple: Triple) -> bool:
        if triple in self._again:
            self._again[triple] -= 1
            if not self._again[triple]:
                del self._again[triple]
            return False
        source, type_, target = triple
        self._clear(source, target, BITS[type_])
        self._clear(target, source, BITS[inverse(type_)])
        return True

    def _clear(self, ref: str, other: str, bit: int) -> None:
        around = self._around[ref]
        left = around.pop(other) & ~bit
        if left:
            around[other] = left
        elif not around:
            del self._around[ref]


@cache
def types_in(bits: int) -> tuple[str, ...]:
    """The relation types that some bits stand for."""
    return tuple(type_ for type_, bit in BITS.items() if bits & bit)


def ends(triple: Triple) -> tuple[Triple, Triple]:
    """Tell who shows what of a relation: its source the type itself, its target the inverse."""
    source, type_, target = triple
    return (source, type_, target), (target, inverse(type_), source)


def relation_rows(relations: Iterable[tuple[str, str]]) -> dict[str, list[str | None]]:
    """The rows by which relations are filtered: `relations.<type>`."""
    rows: dict[str, list[str | None]] = {}
    for type_, ref in relations:
        rows.setdefault(f"relations.{type_.lower()}", []).append(ref)
    return rows


def _triples(parts: tuple[str, ...]) -> Iterator[Triple]:
    # Kept flat: a tuple of tuples would be three times as large.
    return zip(parts[::3], parts[1::3], parts[2::3], strict=True)
