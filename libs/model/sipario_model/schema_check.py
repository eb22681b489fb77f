"""From JSON Schema errors to problems: pointers, words and parameters as catalog users know them."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema_rs import Draft7Validator, RegexOptions, ValidationError, ValidationErrorKind

from sipario_model.lines import Path
from sipario_model.schemas import Schema

PATTERN_BYTES = 1 << 18

Finding = tuple[Path, str]


def compiled(schema: Schema, *, foreign: bool = False) -> Draft7Validator:
    """Compile a schema; ValidationError when it is none. A foreign one fetches nothing, and matches in linear time."""
    if foreign:
        return Draft7Validator(schema, pattern_options=RegexOptions(size_limit=PATTERN_BYTES), offline=True)
    return Draft7Validator(schema)


def refusal(schema: Schema) -> Finding | None:
    """Tell what is wrong with a foreign schema, and where in it; nothing when it can be used."""
    try:
        compiled(schema, foreign=True)
    except ValidationError as error:
        if isinstance(error.kind, ValidationErrorKind.Format | ValidationErrorKind.Pattern):
            return tuple(
                error.instance_path
            ), f"{error.instance!r} is no pattern that matches in linear time and little memory"
        return _finding(error)
    except ValueError as error:
        return (), f"the schema must hold only what JSON can hold - {error}"
    return None


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
    missing = (error.kind.property,) if isinstance(error.kind, ValidationErrorKind.Required) else ()
    return (*path, *missing), f"{pointer} {_words(error)}"


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _words(error: ValidationError) -> str:
    match error.kind:
        case ValidationErrorKind.Required(name):
            return f"must have required property '{name}' - missingProperty: {name}"
        case ValidationErrorKind.Type(types):
            names = ",".join(reversed(types))
            return f"must be {names} - type: {names}{_found(error.instance, types)}"
        case ValidationErrorKind.MinLength(limit):
            return f"must NOT have fewer than {limit} characters - limit: {limit}"
        case ValidationErrorKind.Enum(options):
            allowed = ",".join(map(str, options))
            return f"must be equal to one of the allowed values - allowedValues: {allowed}"
        case ValidationErrorKind.Pattern(pattern):
            return f'must match pattern "{pattern}" - pattern: {pattern}'
        case _:
            return error.message


def _found(value: Any, types: list[str]) -> str:
    """Say what to mend where YAML's reading of a plain value is what surprised its author."""
    if value is None:
        return "; found nothing: give it a value or remove the key"
    if "string" in types and isinstance(value, bool | int | float):
        shown = str(value).lower() if isinstance(value, bool) else value
        return f"; found {shown} without quotes: put the value in quotes"
    return ""
