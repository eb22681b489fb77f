"""Walks along relations: forward to what a property looks at, backward to whose properties look there."""

from collections.abc import Iterable, Sequence

from sipario_model.properties import Walk

from sipario_catalog_graph.relations import Relations, View

MOST_ENTITIES = 10_000


class TooMany(ValueError):
    """A walk that reaches more than 10,000 entities."""


def reached(relations: Relations, ref: str, walk: Walk) -> set[str]:
    """The refs at the end of a walk; of a transitive one all on its way but the first. Raises TooMany."""
    if walk.transitive:
        (type_,) = walk.along
        return _all(relations, {ref}, relations.types.showing(type_), most=MOST_ENTITIES) - {ref}
    here = {ref}
    for type_ in walk.along:
        here = _step(relations, here, relations.types.showing(type_))
        if len(here) > MOST_ENTITIES:
            raise TooMany(f"it looks at more than {MOST_ENTITIES} entities")
    return here


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


def _all(relations: Relations, begin: set[str], bits: int, *, most: int | None = None) -> set[str]:
    found, here = set(begin), begin
    while here:
        here = _step(relations, here, bits) - found
        found |= here
        if most is not None and len(found) > most:
            raise TooMany(f"it looks at more than {most} entities")
    return found
