"""The properties of all entities, kept up to date while entities and relations change."""

from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf
from time import perf_counter
from typing import Any

from sipario_model.expression import Expression, Value
from sipario_model.properties import Aggregate, Mirror, Property, Walk
from sipario_model.status import StatusItem

from sipario_catalog_graph.evaluation import Evaluation, Facts, values_at
from sipario_catalog_graph.found import NOTHING, Found
from sipario_catalog_graph.relations import Relations, View
from sipario_catalog_graph.walking import changed, lookers

STATUS = "sipario.dev/properties"

Declared = Callable[[str], Mapping[str, Any] | None]
Show = Callable[[str, Found, Found], None]


class Derived:
    """What definitions add to entities. Nothing of it is kept for good: it follows from what was declared.

    A change marks those whose properties look at it, which `settle` then computes anew. When finding them costs more
    than to compute all, all are marked, and nobody is looked for until the first is computed. `refs` gives all
    entities, `declared` one of them, `show` is told of what changed.
    """

    def __init__(
        self, relations: Relations, refs: Callable[[], Collection[str]], declared: Declared, show: Show
    ) -> None:
        self._relations = relations
        self._refs = refs
        self._declared = declared
        self._show = show
        self._properties: dict[str, tuple[Property, ...]] = {}
        self._locations: dict[str, str] = {}
        self._looked_at: dict[Walk, frozenset[str]] = {}
        self._facts: dict[str, Facts] = {}
        self._found: dict[str, Found] = {}
        self._stale: dict[str, None] = {}
        self._marks = 0
        self._all = False
        self._evaluation = Evaluation(relations, self._facts_of)

    def define(self, kind: str, properties: tuple[Property, ...], location: str, refs: Iterable[str]) -> None:
        """Let a kind, in lower case, have other properties than before; `refs` are its entities."""
        if (properties, location) == (self._properties.get(kind, ()), self._locations.get(kind, location)):
            return
        self._evaluation.forget()
        self._properties[kind], self._locations[kind] = properties, location
        if not properties:
            del self._properties[kind], self._locations[kind]
        self._looked_at = looked_at(each.source for some in self._properties.values() for each in some)
        self._facts.clear()
        self._stale.update(dict.fromkeys(refs))

    def heard(self, ref: str, views: Iterable[View]) -> None:
        """Mark whose properties look at an entity that changed, came or went, or at relations that did."""
        if not self._properties:
            return
        self._evaluation.forget()
        before = self._facts.pop(ref, None)
        marked: Collection[str] = [ref] if self._all else self._lookers(ref, before, views)
        self._marks += len(marked)
        if not self._all and self._marks > len(self._refs()):
            self._all, marked = True, self._refs()
        self._stale.update(dict.fromkeys(each for each in marked if _kind(each) in self._properties))

    def _lookers(self, ref: str, before: Facts | None, views: Iterable[View]) -> set[str]:
        now, marked = self._facts_of(ref), {ref}
        for walk, fields in self._looked_at.items():
            if before is None or now is None or any(before[each] != now[each] for each in fields):
                marked |= lookers(self._relations, ref, walk)
            for view in views:
                marked |= changed(self._relations, view, walk)
        return marked

    def forget(self, ref: str) -> None:
        """Let an entity have no properties any more."""
        self._stale.pop(ref, None)
        self._become(ref, NOTHING)

    def of(self, ref: str) -> Found:
        """The properties of an entity, up to date."""
        if ref in self._stale:
            del self._stale[ref]
            self._compute(ref)
        return self._found.get(ref, NOTHING)

    @property
    def settled(self) -> bool:
        """Whether nothing is marked."""
        return not self._stale

    @property
    def left(self) -> int:
        """How many are marked."""
        return len(self._stale)

    def settle(self, seconds: float = inf) -> bool:
        """Compute what is marked until so many seconds are over, one at least; tells whether all is done."""
        end = perf_counter() + seconds
        while self._stale:
            self._compute(self._stale.popitem()[0])
            if perf_counter() >= end:
                break
        if self.settled:
            self._evaluation.forget()
        return self.settled

    def _compute(self, ref: str) -> None:
        self._all, self._marks = False, 0
        declared = self._declared(ref)
        self._become(ref, NOTHING if declared is None else self._evaluated(ref, declared))

    def _evaluated(self, ref: str, declared: Mapping[str, Any]) -> Found:
        values: dict[str, Value] = {}
        problems = []
        for each in self._properties.get(_kind(ref), ()):
            try:
                value = self._evaluation.of(ref, each, declared, values)
            except ValueError as error:
                problems.append(self._problem(ref, each.name, str(error)))
            else:
                if value not in (None, []):
                    values[each.name] = value
        return Found(values, tuple(problems))

    def _problem(self, ref: str, name: str, why: str) -> StatusItem:
        path, field = self._locations[_kind(ref)], f"spec.properties.{name}"
        message = f"{name} has no value: {why}"
        return StatusItem(type=STATUS, level="warning", message=message, path=path or None, field=field)

    def _become(self, ref: str, found: Found) -> None:
        before = self._found.pop(ref, NOTHING)
        if found != NOTHING:
            self._found[ref] = found
        if found != before:
            self._show(ref, before, found)

    def _facts_of(self, ref: str) -> Facts | None:
        facts = self._facts.get(ref)
        if facts is None and (declared := self._declared(ref)) is not None:
            fields = frozenset().union(*self._looked_at.values())
            facts = {field: tuple(values_at(declared, field)) for field in fields}
            self._facts[ref] = facts
        return facts


def looked_at(sources: Iterable[Mirror | Aggregate | Expression]) -> dict[Walk, frozenset[str]]:
    """The fields of other entities that matter to some properties, by the walks that lead there."""
    found: dict[Walk, frozenset[str]] = {}
    for each in sources:
        if not isinstance(each, Expression):
            fields = {each.field, *(field for field, _ in each.walk.where)} - {""}
            found[each.walk] = found.get(each.walk, frozenset()) | fields
    return found


def _kind(ref: str) -> str:
    return ref.partition(":")[0]
