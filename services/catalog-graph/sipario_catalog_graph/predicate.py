"""Predicates: the newer kind of filter, a JSON object with operators that begin with a dollar sign.

Grammar: `{key: value, …}` (all of them), `{$all: […]}`, `{$any: […]}`, `{$not: …}`; a value is a string, number or
boolean, or one of `{$exists: bool}`, `{$in: […]}`, `{$hasPrefix: text}`, `{$contains: value}`; of `relations`,
`$contains` takes `{type, targetRef}`, whose target is a ref or `{$in: [refs]}`. Case does not matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sipario_kit.errors import InvalidInput

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.index import RELATIONS
from sipario_catalog_graph.rows import text_of

DEEPEST = 20


def satisfying(catalog: Catalog, predicate: Any) -> int:
    """The entities for which a predicate holds; raises `InvalidInput` with what is wrong about it."""
    catalog.index.want(_keys(predicate, 0))
    return _holding(catalog, predicate)


def _keys(predicate: Any, depth: int) -> Iterator[str]:
    """Check the outer form of a predicate, and list the keys that it looks at."""
    if not isinstance(predicate, Mapping):
        raise InvalidInput("Invalid query: a predicate must be an object")
    if depth > DEEPEST:
        raise InvalidInput(f"Invalid query: nested deeper than {DEEPEST}")
    operators = [key for key in predicate if key.startswith("$")]
    if not operators:
        yield from (key.lower() for key in predicate)
    elif len(predicate) > 1:
        raise InvalidInput(f"Invalid query: {operators[0]} cannot stand beside other keys")
    else:
        for inner in _operands(operators[0], predicate[operators[0]]):
            yield from _keys(inner, depth + 1)


def _operands(operator: str, operand: Any) -> Sequence[Any]:
    if operator == "$not":
        return [operand]
    if operator in ("$all", "$any") and isinstance(operand, list):
        return operand
    raise InvalidInput(f"Invalid query: {operator} is no operator here, or lacks its list")


def _holding(catalog: Catalog, predicate: Mapping[str, Any]) -> int:
    if "$not" in predicate:
        return catalog.live & ~_holding(catalog, predicate["$not"])
    if "$any" in predicate:
        found = 0
        for each in predicate["$any"]:
            found |= _holding(catalog, each)
        return found
    found = catalog.live
    for each in predicate.get("$all", ()):
        found &= _holding(catalog, each)
    for key, wanted in predicate.items():
        if key != "$all":
            found &= _field(catalog, key.lower(), wanted)
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
        return _any_of(catalog, key, operand)
    if operator == "$hasPrefix" and isinstance(operand, str):
        return catalog.index.column(key).starting(operand.lower())
    if operator == "$contains":
        return _contains(catalog, key, operand)
    raise InvalidInput(
        f"Invalid query: {operator} is no operator for {key}, or has an operand of the wrong type"
    )


def _any_of(catalog: Catalog, key: str, values: Sequence[Any]) -> int:
    found = 0
    for value in values:
        found |= catalog.index.equal(key, _scalar(value))
    return found


def _contains(catalog: Catalog, key: str, operand: Any) -> int:
    if not isinstance(operand, Mapping):
        return catalog.index.equal(key, _scalar(operand))
    if key != "relations":
        raise InvalidInput(f"Invalid query: $contains of {key} takes a value, not an object")
    said = {name.lower(): value for name, value in operand.items()}
    type_, target = said.pop("type", None), said.pop("targetref", None)
    if not isinstance(type_, str) or not type_ or said:
        raise InvalidInput("Invalid query: $contains of relations takes a type and perhaps a targetRef")
    related = f"{RELATIONS}{type_.lower()}"
    if target is None:
        return catalog.index.present(related)
    refs = target.get("$in") if isinstance(target, Mapping) and len(target) == 1 else [target]
    if not isinstance(refs, list) or not refs or not all(isinstance(ref, str) for ref in refs):
        raise InvalidInput("Invalid query: a targetRef is a ref, or an $in of some")
    return _any_of(catalog, related, refs)


def _scalar(value: Any) -> str:
    if isinstance(value, (str, int, float)):
        return value.lower() if isinstance(value, str) else text_of(value) or ""
    raise InvalidInput("Invalid query: values must be strings, numbers or booleans")
