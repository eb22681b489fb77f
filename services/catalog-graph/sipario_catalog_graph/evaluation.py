"""What a property comes to for an entity."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sipario_model.expression import Expression, ExpressionFailed, Scalar, Value, bounded
from sipario_model.properties import Aggregate, Function, Mirror, Property, Walk

from sipario_catalog_graph.relations import Relations
from sipario_catalog_graph.rows import text_of
from sipario_catalog_graph.walking import Way

Facts = Mapping[str, Sequence[Any]]
"""Of some fields all values: of a list each item."""

Met = Iterator[tuple[str, Facts]]
"""Entities at the end of a walk that are meant, with their facts."""

FUNCTIONS: Mapping[Function, Callable[[Sequence[float]], float | None]] = {
    "sum": sum,
    "min": lambda numbers: min(numbers, default=None),
    "max": lambda numbers: max(numbers, default=None),
    "average": lambda numbers: sum(numbers) / len(numbers) if numbers else None,
}


class Evaluation:
    """Looks at an entity and around it. `facts` gives the fields of an entity; None when there is none.

    Many entities go on from the same owner or system: what is found from there on is kept until `forget`.
    """

    def __init__(self, relations: Relations, facts: Callable[[str], Facts | None]) -> None:
        self._relations = relations
        self._facts = facts
        self._kept: dict[tuple[int, int, str], Value | ValueError] = {}

    def forget(self) -> None:
        """Keep nothing of what was found: entities, relations or properties changed."""
        self._kept.clear()

    def of(self, ref: str, each: Property, declared: Mapping[str, Any], values: Mapping[str, Value]) -> Value:
        """Evaluate; `values` are those of the properties before it. Raises ValueError when there is no value."""
        source = each.source
        if isinstance(source, Expression):
            return source.of({**declared, "properties": values})
        way = Way(self._relations)
        if source.walk.transitive:
            (type_,) = source.walk.along
            return self._value(source, way.all(ref, type_))
        return self._from(ref, source, 0, way)

    def _from(self, ref: str, source: Mirror | Aggregate, number: int, way: Way) -> Value:
        along = source.walk.along
        here = way.step({ref}, along[number])
        if len(here) == 1 and number + 1 < len(along):
            return self._once(next(iter(here)), source, number + 1)
        for type_ in along[number + 1 :]:
            here = way.step(here, type_)
        return self._value(source, here)

    def _once(self, ref: str, source: Mirror | Aggregate, number: int) -> Value:
        key = (id(source), number, ref)
        if key not in self._kept:
            try:
                self._kept[key] = self._from(ref, source, number, Way(self._relations))
            except ValueError as error:
                self._kept[key] = error
        found = self._kept[key]
        if isinstance(found, ValueError):
            raise found.with_traceback(None)
        return found

    def _value(self, source: Mirror | Aggregate, refs: Collection[str]) -> Value:
        met = self._met(refs, source.walk)
        return _mirrored(met, source) if isinstance(source, Mirror) else _aggregated(met, source)

    def _met(self, refs: Collection[str], walk: Walk) -> Met:
        for other in sorted(refs):
            if walk.kinds and other.partition(":")[0] not in walk.kinds:
                continue
            facts = self._facts(other)
            if facts is not None and all(_has(facts[field], wanted) for field, wanted in walk.where):
                yield other, facts


def _mirrored(met: Met, mirror: Mirror) -> Value:
    found = dict.fromkeys(each for _, facts in met for each in map(_scalar, facts[mirror.field]))
    found.pop(None, None)
    return bounded(list(found) if len(found) > 1 else next(iter(found), None))


def _aggregated(met: Met, aggregate: Aggregate) -> Value:
    if aggregate.function == "count":
        return sum(1 for _ in met)
    field = aggregate.field
    numbers = [_number(each, other) for other, facts in met for each in facts[field] if each is not None]
    return bounded(FUNCTIONS[aggregate.function](numbers))


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Yield the values at a dotted path, of a list each item; a key with dots in it goes before its parts."""
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        head = path
        while head not in value and "." in head:
            head = head.rpartition(".")[0]
        if head in value:
            yield from values_at(value[head], path[len(head) + 1 :])


def _has(values: Sequence[Any], wanted: Sequence[Scalar]) -> bool:
    texts = {(text_of(each) or "").lower() for each in wanted}
    return any((text_of(each) or "").lower() in texts for each in values if not isinstance(each, dict))


def _scalar(value: Any) -> Scalar:
    if isinstance(value, dict):
        raise ExpressionFailed("what it mirrors is an object: name one of its fields")
    found: Scalar = value
    return found


def _number(value: Any, ref: str) -> float:
    """Read a number of an entity; annotations and labels can hold it as a text only."""
    try:
        found: float = value if isinstance(value, int | float) else float(value)
    except (TypeError, ValueError):
        found = math.nan
    if isinstance(value, bool) or not math.isfinite(found):
        raise ExpressionFailed(f"{str(value)[:50]!r} of {ref} is no number")
    return found
