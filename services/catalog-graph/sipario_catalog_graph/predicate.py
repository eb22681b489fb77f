"""Predicates: the newer kind of filter, a JSON object with operators that begin with a dollar sign."""

from collections.abc import Mapping
from typing import Any

from sipario_kit.errors import InvalidInput

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.column import Column

DEEPEST = 20


def satisfying(catalog: Catalog, predicate: Any, depth: int = 0) -> int:
    """The entities for which a predicate holds; raises `InvalidInput` with what is wrong about it."""
    if not isinstance(predicate, Mapping):
        raise InvalidInput("Invalid query: a predicate must be an object")
    if depth > DEEPEST:
        raise InvalidInput(f"Invalid query: nested deeper than {DEEPEST}")
    operators = [key for key in predicate if key.startswith("$")]
    if operators and len(predicate) > 1:
        raise InvalidInput(f"Invalid query: {operators[0]} cannot stand beside other keys")
    if operators:
        return _combined(catalog, operators[0], predicate[operators[0]], depth + 1)
    found = catalog.live
    for key, wanted in predicate.items():
        found &= _field(catalog, key.lower(), wanted)
    return found


def _combined(catalog: Catalog, operator: str, operand: Any, depth: int) -> int:
    if operator == "$not":
        return catalog.live & ~satisfying(catalog, operand, depth)
    if operator not in ("$all", "$any") or not isinstance(operand, list):
        raise InvalidInput(f"Invalid query: {operator} is no operator here, or lacks its list")
    found = catalog.live if operator == "$all" else 0
    for each in operand:
        one = satisfying(catalog, each, depth)
        found = found & one if operator == "$all" else found | one
    return found


def _field(catalog: Catalog, key: str, wanted: Any) -> int:
    if not isinstance(wanted, Mapping):
        return catalog.index.equal(key, _scalar(wanted))
    if len(wanted) != 1:
        raise InvalidInput(f"Invalid query: {key} needs a value or exactly one operator")
    operator, operand = next(iter(wanted.items()))
    if operator == "$exists" and isinstance(operand, bool):
        present = catalog.index.present(key)
        return present if operand else catalog.live & ~present
    if operator == "$in" and isinstance(operand, list):
        return _any_of(catalog.index.column(key), operand)
    if operator == "$hasPrefix" and isinstance(operand, str):
        return catalog.index.column(key).starting(operand.lower())
    if operator == "$contains":
        return _contains(catalog, key, operand)
    raise InvalidInput(
        f"Invalid query: {operator} is no operator for {key}, or has an operand of the wrong type"
    )


def _any_of(column: Column, values: list[Any]) -> int:
    found = 0
    for value in values:
        found |= column.equal(_scalar(value))
    return found


def _contains(catalog: Catalog, key: str, operand: Any) -> int:
    if key == "relations" and isinstance(operand, Mapping):
        type_, target = operand.get("type"), operand.get("targetRef")
        if not isinstance(type_, str):
            raise InvalidInput("Invalid query: $contains of relations needs a type")
        column = catalog.index.column(f"relations.{type_.lower()}")
        return column.present() if target is None else column.equal(_scalar(target))
    return catalog.index.equal(key, _scalar(operand))


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value).lower()
    raise InvalidInput("Invalid query: values must be strings, numbers or booleans")
