"""JMESPath expressions that others wrote: checked before they are used, and bounded while they are."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError, LexerError, ParseError
from jmespath.functions import Functions, signature
from jmespath.visitor import Options, TreeInterpreter

LONGEST = 500
DEEPEST = 50
MOST_STEPS = 20_000
MOST_COPIES = 256
MOST_ITEMS = 10_000
LONGEST_TEXT = 100_000
MOST_RESULTS = 100
LONGEST_RESULT = 2_000
LARGEST_NUMBER = 2**53

_MOST: Mapping[type, int] = {list: MOST_ITEMS, str: LONGEST_TEXT}

# A literal between backticks; quoted texts are matched to be passed over.
_LITERAL = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`((?:\\.|[^`\\])*)`""", re.DOTALL)

Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]
Node = Mapping[str, Any]


class ExpressionRefused(ValueError):
    """An expression that can't be used; the message says why."""


class ExpressionFailed(ValueError):
    """An expression that has no value for an entity; the message says why."""


class Expression:
    """One JMESPath expression, with `subtract`, `multiply` and `divide` beside its own functions.

    It gives a text, a number, true or false, a list of these, or nothing. Raises ExpressionRefused.
    """

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ExpressionRefused(f"it is longer than {LONGEST} characters")
        if not all(_is_json(found[1]) for found in _LITERAL.finditer(text) if found.lastindex):
            raise ExpressionRefused("between backticks stands JSON: write a text in single quotes")
        try:
            self._root: Node = jmespath.compile(text).parsed
        except (JMESPathError, RecursionError) as error:
            raise ExpressionRefused(_words(error)) from error
        copies = 1
        for node, depth in _nodes(self._root):
            _check(node, depth)
            if node["type"] in ("multi_select_list", "multi_select_dict"):
                copies *= len(node["children"])
        if copies > MOST_COPIES:
            raise ExpressionRefused(
                f"its lists and hashes together copy a value more than {MOST_COPIES} times"
            )

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names that it looks at in `properties`."""
        return frozenset(filter(None, (_property(node) for node, _ in _nodes(self._root))))

    def of(self, entity: Mapping[str, Any]) -> Value:
        """Evaluate; raises ExpressionFailed for a wrong type and for what takes too long or grows too large."""
        try:
            return bounded(_Bounded().visit(self._root, entity))
        except ExpressionFailed:
            raise
        except OverflowError as error:
            raise ExpressionFailed("a number is too large") from error
        except (ValueError, TypeError, ArithmeticError) as error:  # of Python's operators below JMESPath's
            raise ExpressionFailed(_words(error)) from error


class _Functions(Functions):
    """Those of JMESPath. What would be larger than the sum of what it is made from is refused."""

    @signature({"types": ["string"]}, {"types": ["array-string"]})
    def _func_join(self, separator: str, texts: list[str]) -> str:
        if len(separator) * len(texts) + sum(map(len, texts)) > LONGEST_TEXT:
            raise _too_large()
        return separator.join(texts)

    @signature({"types": ["string", "number", "boolean", "null"]})
    def _func_to_string(self, value: Scalar) -> str:
        return value if isinstance(value, str) else json.dumps(value)

    @signature({"types": ["number", "null"]}, {"types": ["number", "null"]})
    def _func_subtract(self, left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else _number(left - right)

    @signature({"types": ["number", "null"]}, {"types": ["number", "null"]})
    def _func_multiply(self, left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else _number(left * right)

    @signature({"types": ["number", "null"]}, {"types": ["number", "null"]})
    def _func_divide(self, left: float | None, right: float | None) -> float | None:
        if right == 0:
            raise ExpressionFailed("divide() by zero")
        return None if left is None or right is None else _number(left / right)


class _Bounded(TreeInterpreter):
    """Counts its steps, and looks at the size of everything that it makes."""

    def __init__(self) -> None:
        super().__init__(Options(custom_functions=_Functions()))
        self._left = MOST_STEPS

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ExpressionFailed(f"it takes more than {MOST_STEPS} steps")
        found = super().visit(node, *args, **kwargs)
        if isinstance(found, list | str) and len(found) > _MOST[type(found)]:
            raise _too_large()
        return found


def _nodes(root: Node) -> Iterator[tuple[Node, int]]:
    left = [(root, 1)]
    while left:
        node, depth = left.pop()
        yield node, depth
        left += [(each, depth + 1) for each in node["children"] if isinstance(each, dict)]


def _check(node: Node, depth: int) -> None:
    if depth > DEEPEST:
        raise ExpressionRefused(f"it is nested deeper than {DEEPEST}")
    if node["type"] != "function_expression":
        return
    known = _Functions.FUNCTION_TABLE.get(node["value"])
    if known is None:
        raise ExpressionRefused(f"there is no function {node['value']}()")
    wanted, given = known["signature"], len(node["children"])
    if given < len(wanted) or (given > len(wanted) and not wanted[-1].get("variadic")):
        raise ExpressionRefused(f"{node['value']}() takes {len(wanted)} arguments, not {given}")


def _property(node: Node) -> str | None:
    if node["type"] != "subexpression":
        return None
    first, second = node["children"][:2]
    fields = first["type"] == second["type"] == "field"
    return second["value"] if fields and first["value"] == "properties" else None


def _is_json(literal: str) -> bool:
    try:
        json.loads(literal.replace("\\`", "`"))
    except ValueError:
        return False
    return True


def bounded(value: Any) -> Value:
    """Return what is small enough to be a property; raises ExpressionFailed."""
    if isinstance(value, list):
        if len(value) > MOST_RESULTS:
            raise ExpressionFailed(f"it gives more than {MOST_RESULTS} values")
        return [_scalar(each) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Scalar:
    if isinstance(value, str):
        if len(value) > LONGEST_RESULT:
            raise ExpressionFailed(f"it gives a text longer than {LONGEST_RESULT} characters")
        return value.encode(errors="replace").decode()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    raise ExpressionFailed("it must give a text, a number, true or false, or a list of these")


def _number(value: float) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise ExpressionFailed("a number is too large")
    return value


def _too_large() -> ExpressionFailed:
    return ExpressionFailed("it makes something too large on its way")


def _words(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"it is nested deeper than {DEEPEST}"
    if isinstance(error, LexerError):
        return f"{error.message} at character {error.lex_position + 1}"
    if isinstance(error, ParseError):
        what = f"unexpected {error.token_value!r}" if error.token_value else "it ends too early"
        return f"{what} at character {error.lex_position + 1}"
    if isinstance(error, JMESPathTypeError):  # its own words would hold the whole value
        return f"{error.function_name}() takes {' or '.join(error.expected_types)}, not {error.actual_type}"
    return str(error)
