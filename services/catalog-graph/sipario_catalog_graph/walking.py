"""Walks along relations: forward to what a property looks at, backward to whose properties look there."""

from collections.abc import Collection, Iterable, Sequence

from sipario_model.properties import Walk

from sipario_catalog_graph.relations import Relations, View

MOST_ENTITIES = 10_000
MOST_RELATIONS = 200_000


class TooMany(ValueError):
    """A walk that reaches too many entities, or comes by too many relations."""


class Way:
    """One walk forward, and how many relations it came by."""

    def __init__(self, relations: Relations) -> None:
        self._relations = relations
        self._looked = 0

    def step(self, refs: Collection[str], type_: str) -> set[str]:
        """The refs to which relations of a type lead. Raises TooMany."""
        self._looked += sum(len(self._relations.around(ref)) for ref in refs)
        if self._looked > MOST_RELATIONS:
            raise TooMany(f"it comes by more than {MOST_RELATIONS} relations")
        return _within(_step(self._relations, refs, self._relations.types.showing(type_)))

    def all(self, ref: str, type_: str) -> set[str]:
        """All refs to which relations of a type lead, one after the other, but the first. Raises TooMany."""
        found, here = {ref}, {ref}
        while here:
            here = self.step(here, type_) - found
            found |= here
            _within(found)
        return found - {ref}


def lookers(relations: Relations, ref: str, walk: Walk) -> set[str]:
    """The refs from which a walk leads to a ref."""
    return _back(relations, ref, walk.along, walk)


def changed(relations: Relations, view: View, walk: Walk) -> set[str]:
    """The refs whose walk goes another way after a relation came or went that one end shows."""
    end, type_, _ = view
    found: set[str] = set()
    for number, step in enumerate(walk.along):
        if step == type_:
            found |= {end, *_back(relations, end, walk.along[:number], walk)}
    return found


def _back(relations: Relations, ref: str, along: Sequence[str], walk: Walk) -> set[str]:
    types = relations.types
    if walk.transitive:
        return _all(relations, {ref}, types.opposite(types.showing(walk.along[0])))
    here = {ref}
    for type_ in reversed(along):
        here = _step(relations, here, types.opposite(types.showing(type_)))
    return here


def _step(relations: Relations, refs: Iterable[str], bits: int) -> set[str]:
    return {other for ref in refs for other, there in relations.around(ref).items() if there & bits}


def _all(relations: Relations, begin: set[str], bits: int) -> set[str]:
    found, here = set(begin), begin
    while here:
        here = _step(relations, here, bits) - found
        found |= here
    return found


def _within(refs: set[str]) -> set[str]:
    if len(refs) > MOST_ENTITIES:
        raise TooMany(f"it looks at more than {MOST_ENTITIES} entities")
    return refs
