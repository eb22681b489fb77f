"""Relation types as bits: those that are built in, and those that events bring."""

from collections.abc import Iterable, Mapping
from sys import intern

from sipario_model.relation import PAIRS, RelationType

from sipario_catalog_graph.impact import Direction

BREAKING: Mapping[Direction, frozenset[str]] = {
    "dependents": frozenset({"dependencyOf", "apiConsumedBy", "providesApi"}),
    "dependencies": frozenset({"dependsOn", "consumesApi", "apiProvidedBy"}),
}
"""What makes one entity break with another, seen from where a walk stands.

Who depends on something or consumes an API needs it; an API needs the component that provides it.
"""
BUILT_IN = tuple(RelationType(forward, backward) for forward, backward in PAIRS.items())


class Types:
    """Each type of both directions has a bit. A type that is said otherwise later has another bit.

    So that during a change of definitions every relation is shown as the entity that declares it says.
    """

    def __init__(self) -> None:
        self._pairs: dict[str, tuple[int, int]] = {}
        self._shown: dict[int, str] = {}
        self._forward: dict[int, str] = {}
        self._alike: dict[str, int] = {}
        self._lists: dict[int, tuple[tuple[str, int], ...]] = {}
        self.breaking: dict[Direction, int] = {"dependents": 0, "dependencies": 0}
        for each in BUILT_IN:
            self._learn(each.type, each)
            for direction, names in BREAKING.items():
                self.breaking[direction] |= sum(
                    bit for bit in self._pairs[each.type] if self._shown[bit] in names
                )

    def keys(self, types: Iterable[RelationType]) -> dict[str, str]:
        """The keys of types, learnt if they are new, beside those that are built in."""
        return {each.type: self._key(each) for each in types if each.type not in PAIRS}

    def bits(self, key: str) -> tuple[int, int]:
        """The bits of a key: for the source and for the target."""
        return self._pairs[key]

    def shown(self, bit: int) -> str:
        """The type that a bit stands for."""
        return self._shown[bit]

    def alike(self, bit: int) -> int:
        """All bits that show the same type."""
        return self._alike[self._shown[bit]]

    def showing(self, type_: str) -> int:
        """All bits that show a type; none for one that no relation ever had."""
        return self._alike.get(type_, 0)

    def opposite(self, bits: int) -> int:
        """The bits by which the other ends show the relations of some bits."""
        forward = (1 << 2 * len(self._pairs)) // 3  # every second bit, from the first
        return (bits & forward) << 1 | (bits & forward << 1) >> 1

    def canonical(self, bit: int) -> str | None:
        """The type seen from the other end, when that is the canonical one."""
        return self._forward.get(bit)

    def within(self, bits: int) -> tuple[tuple[str, int], ...]:
        """The types that some bits show, each once, with its first bit."""
        if bits not in self._lists:
            found: dict[str, int] = {}
            left = bits
            while left:
                bit = left & -left
                found.setdefault(self._shown[bit], bit)
                left ^= bit
            self._lists[bits] = tuple(found.items())
        return self._lists[bits]

    def _key(self, type_: RelationType) -> str:
        key = intern(f"{type_.type}/{type_.inverse}/{type_.impact:d}")
        if key not in self._pairs:
            self._learn(key, type_)
        return key

    def _learn(self, key: str, type_: RelationType) -> None:
        forward = 1 << 2 * len(self._pairs)
        backward = forward << 1
        self._pairs[key] = (forward, backward)
        for bit, name in ((forward, intern(type_.type)), (backward, intern(type_.inverse))):
            self._shown[bit] = name
            self._alike[name] = self._alike.get(name, 0) | bit
        self._forward[backward] = type_.type
        if type_.impact:
            self.breaking["dependencies"] |= forward
            self.breaking["dependents"] |= backward
