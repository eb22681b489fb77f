"""Properties that a definition adds to the entities of its kind: mirrored, computed, or aggregated over the graph."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, Literal

from sipario_model.expression import Expression, ExpressionRefused, Scalar
from sipario_model.schema_check import Finding

ALIKE = 0.8

Function = Literal["count", "sum", "min", "max", "average"]
Wanted = tuple[tuple[str, tuple[Scalar, ...]], ...]


@dataclass(frozen=True)
class Walk:
    """Which entities are meant: those at the end of some relations; if `transitive`, all that one leads to.

    `kinds`, in lower case, and `where`, fields with the values of which each must have one, leave some of them out.
    """

    along: tuple[str, ...]
    transitive: bool = False
    kinds: frozenset[str] = frozenset()
    where: Wanted = ()


@dataclass(frozen=True)
class Mirror:
    """The value of a field of related entities."""

    walk: Walk
    field: str


@dataclass(frozen=True)
class Aggregate:
    """How many related entities there are, or what the numbers in one of their fields come to."""

    walk: Walk
    function: Function
    field: str = ""


@dataclass(frozen=True)
class Property:
    """One property, and where its value comes from."""

    name: str
    source: Mirror | Aggregate | Expression


def properties_of(definition: Mapping[str, Any]) -> tuple[Property, ...]:
    """Return what a definition without problems adds; whatever an expression reads comes before it."""
    written = definition["spec"].get("properties", {})
    found = {name: Property(name, _source(each)) for name, each in written.items()}
    order = TopologicalSorter(
        {
            name: each.source.reads if isinstance(each.source, Expression) else ()
            for name, each in found.items()
        }
    )
    return tuple(found[name] for name in order.static_order())


def findings(written: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with properties that have passed their schema."""
    expressions: dict[str, Expression] = {}
    for name, each in written.items():
        place = ("spec", "properties", name)
        sources = [source for source in ("mirror", "compute", "aggregate") if source in each]
        if len(sources) != 1:
            yield place, f"{name} must have exactly one of mirror, compute and aggregate"
        if "aggregate" in each:
            yield from _aggregate(each["aggregate"], (*place, "aggregate"))
        if "compute" in each:
            try:
                expressions[name] = Expression(each["compute"])
            except ExpressionRefused as error:
                yield (*place, "compute"), f"{name} can't be computed: {error}"
    for name, expression in expressions.items():
        for other in sorted(expression.reads.difference(written)):
            near = get_close_matches(other, written, 1)
            advice = f": did you mean {near[0]}?" if near else ""
            yield (
                ("spec", "properties", name, "compute"),
                f"{name} reads {other}, which is no property{advice}",
            )
    yield from _circle(expressions)


def strays(written: Mapping[str, Any], known: Sequence[str]) -> Iterator[Finding]:
    """Yield relations to follow that are none, and nearly called like one.

    Others may be defined yet, and lead nowhere until then.
    """
    for name, each in written.items():
        for source in ("mirror", "aggregate"):
            for index, type_ in enumerate(each.get(source, {}).get("along", ())):
                near = get_close_matches(type_, known, 1, ALIKE)
                if near and near[0] != type_:
                    place = ("spec", "properties", name, source, "along", index)
                    yield place, f"no relation is called {type_}: did you mean {near[0]}?"


def _aggregate(each: Mapping[str, Any], place: tuple[str | int, ...]) -> Iterator[Finding]:
    function = each["function"]
    if function == "count" and "field" in each:
        yield (*place, "field"), "count counts entities: it takes no field"
    if function != "count" and "field" not in each:
        yield (*place, "field"), f"{function} needs the field whose numbers are meant"
    if each.get("transitive") and len(each["along"]) > 1:
        yield (*place, "along"), "a transitive aggregate follows one relation only"


def _circle(expressions: Mapping[str, Expression]) -> Iterator[Finding]:
    graph = {name: expression.reads & expressions.keys() for name, expression in expressions.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        trail = error.args[1]
        needs = ", ".join(f"{reader} reads {read}" for read, reader in pairwise(trail))
        yield (
            ("spec", "properties", trail[0], "compute"),
            f"properties can't be computed in a circle: {needs}",
        )


def _source(each: Mapping[str, Any]) -> Mirror | Aggregate | Expression:
    if mirror := each.get("mirror"):
        return Mirror(_walk(mirror), mirror["field"])
    if aggregate := each.get("aggregate"):
        return Aggregate(_walk(aggregate), aggregate["function"], aggregate.get("field", ""))
    return Expression(each["compute"])


def _walk(each: Mapping[str, Any]) -> Walk:
    where = tuple(
        (field, tuple(values) if isinstance(values, list) else (values,))
        for field, values in each.get("where", {}).items()
    )
    kinds = frozenset(kind.lower() for kind in each.get("kinds", ()))
    return Walk(tuple(each["along"]), each.get("transitive", False), kinds, where)
