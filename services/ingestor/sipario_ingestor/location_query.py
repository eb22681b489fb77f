"""Predicates over registered locations, and pages of what they find."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sipario_kit.errors import InvalidInput

DEEPEST = 20


def holds(query: Any, location: Mapping[str, str], depth: int = 0) -> bool:
    """Tell whether a predicate, as entities are asked for with, holds for a location; raises InvalidInput."""
    if not isinstance(query, Mapping):
        raise InvalidInput("Invalid query: a predicate must be an object")
    if depth > DEEPEST:
        raise InvalidInput(f"Invalid query: nested deeper than {DEEPEST}")
    operator = next((key for key in query if key.startswith("$")), "")
    if not operator:
        fits = [_field(location.get(key), wanted, key) for key, wanted in query.items()]
        return all(fits)  # each was looked at: what is wrong with one is told even when another does not fit
    if len(query) > 1:
        raise InvalidInput(f"Invalid query: {operator} cannot stand beside other keys")
    inner = query[operator]
    if operator == "$not":
        return not holds(inner, location, depth + 1)
    if operator not in ("$all", "$any") or not isinstance(inner, list):
        raise InvalidInput(f"Invalid query: {operator} is no operator here, or lacks its list")
    found = [holds(each, location, depth + 1) for each in inner]
    return all(found) if operator == "$all" else any(found)


def _field(value: str | None, wanted: Any, key: str) -> bool:
    """Compare one field; the case of letters does not matter."""
    held = None if value is None else value.lower()
    if not isinstance(wanted, Mapping):
        return held == _scalar(wanted, key)
    if len(wanted) != 1:
        raise InvalidInput(f"Invalid query: {key} needs a value or exactly one operator")
    operator, operand = next(iter(wanted.items()))
    if operator == "$exists" and isinstance(operand, bool):
        return (held is not None) is operand
    if operator == "$in" and isinstance(operand, list):
        return held in [_scalar(each, key) for each in operand]
    if operator == "$hasPrefix" and isinstance(operand, str):
        return held is not None and held.startswith(operand.lower())
    if operator == "$contains":
        _scalar(operand, key)
        return False  # no field of a location is a list
    raise InvalidInput(
        f"Invalid query: {operator} is no operator for {key}, or has an operand of the wrong type"
    )


def _scalar(value: Any, key: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise InvalidInput(f"Invalid query: the value of {key} must be a text, a number or true or false")
    return str(value).lower()


def page(found: Sequence[Mapping[str, str]], limit: int, begin: int, query: Any) -> dict[str, Any]:
    """Cut a page, with a cursor that remembers query and place."""
    end = begin + limit
    following = {"nextCursor": _cursor(end, query)} if end < len(found) else {}
    return {"items": list(found[begin:end]), "totalItems": len(found), "pageInfo": following}


def _cursor(begin: int, query: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps({"begin": begin, "query": query})).decode()


def read_cursor(cursor: str) -> tuple[int, Any]:
    """Return place and query of a cursor; raises InvalidInput."""
    try:
        told = orjson.loads(base64.b64decode(cursor.encode(), b"-_", validate=True))
        begin = told["begin"]
        if type(begin) is not int or begin < 0:
            raise InvalidInput("Malformed cursor")
        return begin, told["query"]
    except (ValueError, binascii.Error, KeyError, TypeError, IndexError) as error:
        raise InvalidInput("Malformed cursor") from error
