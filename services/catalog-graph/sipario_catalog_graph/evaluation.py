"""What a property comes to for an entity."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sipario_model.expression import Expression, ExpressionFailed, Scalar, Value, bounded
from sipario_model.properties import Aggregate, Function, Mirror, Property, Walk

from sipario_catalog_graph.relations import Relations
from sipario_catalog_graph.rows import text_of
from sipario_catalog_graph.walking import reached

Facts = Mapping[str, Sequence[Any]]
"""Of some fields all values: of a list each item."""

FUNCTIONS: Mapping[Function, Callable[[Sequence[float]], float | None]] = {
    "sum": sum,
    "min": lambda numbers: min(numbers, default=None),
    "max": lambda numbers: max(numbers, default=None),
    "average": lambda numbers: sum(numbers) / len(numbers) if numbers else None,
}


class Evaluation:
    """Looks at an entity and around it. `facts` gives the fields of an entity; None when there is none."""

    def __init__(self, relations: Relations, facts: Callable[[str], Facts | None]) -> None:
        self._relations = relations
        self._facts = facts

    def of(self, ref: str, each: Property, declared: Mapping[str, Any], values: Mapping[str, Value]) -> Value:
        """Evaluate; `values` are those of the properties before it. Raises ValueError when there is no value."""
        source = each.source
        if isinstance(source, Expression):
            return source.of({**declared, "properties": values})
        if isinstance(source, Mirror):
            return self._mirrored(ref, source)
        return self._aggregated(ref, source)

    def _mirrored(self, ref: str, mirror: Mirror) -> Value:
        found = dict.fromkeys(
            each for _, facts in self._met(ref, mirror.walk) for each in map(_scalar, facts[mirror.field])
        )
        found.pop(None, None)
        return bounded(list(found) if len(found) > 1 else next(iter(found), None))

    def _aggregated(self, ref: str, aggregate: Aggregate) -> Value:
        met = self._met(ref, aggregate.walk)
        if aggregate.function == "count":
            return sum(1 for _ in met)
        field = aggregate.field
        numbers = [_number(each, other) for other, facts in met for each in facts[field] if each is not None]
        return bounded(FUNCTIONS[aggregate.function](numbers))

    def _met(self, ref: str, walk: Walk) -> Iterator[tuple[str, Facts]]:
        for other in sorted(reached(self._relations, ref, walk)):
            if walk.kinds and other.partition(":")[0] not in walk.kinds:
                continue
            facts = self._facts(other)
            if facts is not None and all(_has(facts[field], wanted) for field, wanted in walk.where):
                yield other, facts


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
