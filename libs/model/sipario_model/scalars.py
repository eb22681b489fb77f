"""Plain scalars by the YAML 1.2 core schema: `yes`, dates and `012` are not what YAML 1.1 made of them."""

import math
import re

Scalar = str | int | float | bool | None

_CONSTANTS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STARTS = frozenset("~nNtTfF-+.0123456789")
_NUMBER = re.compile(
    r"0o(?P<octal>[0-7]+)|0x(?P<hexadecimal>[0-9a-fA-F]+)"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|(?P<endless>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_EXACT = 2**53


def plain(text: str) -> Scalar:
    """Return what an unquoted scalar means as JSON and JavaScript hold it: infinity is null, 1e3 is 1000."""
    if text and text[0] not in _STARTS:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    match = _NUMBER.fullmatch(text)
    return _number(match) if match else text


def key(value: Scalar) -> str:
    """Return a scalar as a key of a JSON object, spelled as JavaScript spells it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(match: re.Match[str]) -> Scalar:
    if match["endless"]:
        return None
    if match["octal"]:
        return _exact(int(match["octal"], 8))
    if match["hexadecimal"]:
        return _exact(int(match["hexadecimal"], 16))
    number = float(match[0])
    if number.is_integer() and abs(number) <= _EXACT:
        return int(number)
    return number if math.isfinite(number) else None


def _exact(number: int) -> Scalar:
    if number <= _EXACT:
        return number
    try:
        return float(number)
    except OverflowError:
        return None
