"""From JSON Schema errors to problems: pointers, words and parameters as catalog users know them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema_rs import Draft7Validator, ValidationError

from sipario_model.lines import Path

Finding = tuple[Path, str]
_SCALARS = (str, int, float, bool)


def findings(validator: Draft7Validator, entity: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the path and the message of everything in the entity that its schema refuses."""
    try:
        for error in validator.iter_errors(entity):
            yield _finding(error)
    except ValueError as error:
        yield (), f"<root> must hold only what JSON can hold - {error}"


def _finding(error: ValidationError) -> Finding:
    path = tuple(error.instance_path)
    pointer = "".join(f"/{_escaped(step)}" for step in path) or "<root>"
    words = _WORDS.get(error.kind.name)
    message = f"{pointer} {words(error) if words else error.message}"
    return (*path, error.kind.property) if error.kind.name == "required" else path, message


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _required(error: ValidationError) -> str:
    return f"must have required property '{error.kind.property}' - missingProperty: {error.kind.property}"


def _type(error: ValidationError) -> str:
    types = ",".join(_types(error))
    words = f"must be {types} - type: {types}"
    found = error.instance
    if types.startswith("string") and isinstance(found, int | float):
        shown = str(found).lower() if isinstance(found, bool) else found
        return f"{words}; found {shown} without quotes: put the value in quotes"
    if found is None:
        return f"{words}; found nothing: give a value or remove the key"
    return words


def _types(error: ValidationError) -> list[str]:
    types = error.kind.types
    return [types] if isinstance(types, str) else list(types)


def _minimum(noun: str) -> Callable[[ValidationError], str]:
    return lambda error: f"must NOT have fewer than {error.kind.limit} {noun} - limit: {error.kind.limit}"


def _enum(error: ValidationError) -> str:
    allowed = ",".join(map(str, error.kind.options))
    return f"must be equal to one of the allowed values - allowedValues: {allowed}"


def _pattern(error: ValidationError) -> str:
    return f'must match pattern "{error.kind.pattern}" - pattern: {error.kind.pattern}'


_WORDS: Mapping[str, Callable[[ValidationError], str]] = {
    "required": _required,
    "type": _type,
    "minLength": _minimum("characters"),
    "minItems": _minimum("items"),
    "enum": _enum,
    "pattern": _pattern,
}
