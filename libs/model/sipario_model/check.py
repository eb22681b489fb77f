"""Whether an entity may stand in the catalog, by the rules of Backstage and in its words."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from jsonschema_rs import Draft7Validator

from sipario_model import formats, schemas
from sipario_model.casing import clashes, might_clash
from sipario_model.formats import Format
from sipario_model.kinds import KINDS, Kind
from sipario_model.lines import Path, nearest
from sipario_model.problem import Problem
from sipario_model.ref import NAMESPACE, EntityRef, RefError
from sipario_model.relation import refs_in
from sipario_model.schema_check import Finding, findings
from sipario_model.strict import ROOT_FIELDS

_ENVELOPE = Draft7Validator(schemas.ENVELOPE)


def check(
    entity: Mapping[str, Any],
    lines: Mapping[Path, int] | None = None,
    *,
    path: str = "",
    kinds: Mapping[str, Kind] = KINDS,
) -> list[Problem]:
    """Return all that is wrong with an entity, by line; judge it after its placeholders are substituted."""
    kind = _kind(entity, kinds)
    if kind and _is_flawless(entity, kind):
        return []
    found: dict[Path, str] = {}
    for place, message in _findings(entity, kind, kinds):
        found.setdefault(place, message)
    problems = [problem(place, message, lines, path) for place, message in found.items()]
    return sorted(problems, key=lambda each: each.line or 0)


def problem(place: Path, message: str, lines: Mapping[Path, int] | None, path: str) -> Problem:
    """Say what is wrong at a place of an entity, with the line where that stands."""
    line = None if lines is None else nearest(lines, place)
    return Problem(message, path, line, ".".join(map(str, place)))


def _is_flawless(entity: Mapping[str, Any], kind: Kind) -> bool:
    if kind.judge:
        return False
    try:
        if not kind.strict.is_valid(entity):
            return False
    except ValueError:
        return False
    links = entity["metadata"].get("links", ())
    return all(formats.URL.valid(link["url"]) for link in links) and not might_clash(entity)


def _findings(
    entity: Mapping[str, Any], kind: Kind | None, kinds: Mapping[str, Kind] = KINDS
) -> Iterator[Finding]:
    wrong = list(findings(kind.validator if kind else _ENVELOPE, entity))
    yield from wrong
    for name in entity:
        if name not in ROOT_FIELDS:
            yield (name,), f"Unknown field {name}"
    yield from _formats(entity)
    if kind is None:
        yield from _foreign(entity, kinds)
    yield from _refs(entity, kinds)
    if kind and kind.judge and not wrong:
        yield from kind.judge(entity)
    for place in clashes(entity):
        yield place, f"Entity has duplicate keys that vary only in casing, '{'.'.join(place).lower()}'"


def _kind(entity: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Kind | None:
    name = entity.get("kind")
    kind = kinds.get(name) if isinstance(name, str) else None
    return kind if kind and entity.get("apiVersion") in kind.api_versions else None


def _foreign(entity: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    """Say that nobody knows kind and apiVersion together, at the one of them that is to be mended."""
    try:
        ref = EntityRef.of(entity)
    except RefError:
        return
    message = (
        f"No processor recognized the entity {ref} as valid, possibly caused by a foreign kind or apiVersion"
    )
    name, version = str(entity["kind"]), entity.get("apiVersion")
    if name in kinds and isinstance(version, str):
        yield ("apiVersion",), f"{message}: {name} is written with {' or '.join(kinds[name].api_versions)}"
    elif name not in kinds:
        near = get_close_matches(name.lower(), [each.lower() for each in kinds], 1)
        advice = next((f": did you mean {each}?" for each in kinds if [each.lower()] == near), "")
        yield ("kind",), message + advice


def _formats(entity: Mapping[str, Any]) -> Iterator[Finding]:
    metadata = entity.get("metadata")
    if not isinstance(metadata, Mapping):
        metadata = {}
    yield from _format(formats.API_VERSION, ("apiVersion",), entity.get("apiVersion"))
    yield from _format(formats.KIND, ("kind",), entity.get("kind"))
    yield from _format(formats.NAME, ("metadata", "name"), metadata.get("name"))
    yield from _format(formats.NAMESPACE, ("metadata", "namespace"), metadata.get("namespace"))
    yield from _keyed(metadata, "labels", formats.LABEL_VALUE)
    yield from _keyed(metadata, "annotations", None)
    yield from _listed(metadata)


def _keyed(metadata: Mapping[str, Any], part: str, value_format: Format | None) -> Iterator[Finding]:
    values = metadata.get(part)
    if not isinstance(values, Mapping):
        return
    for key, value in values.items():
        place = ("metadata", part, key)
        yield from _format(formats.KEY, place, key, skip=1)
        if value_format:
            yield from _format(value_format, place, value, skip=1)


def _listed(metadata: Mapping[str, Any]) -> Iterator[Finding]:
    tags, links = metadata.get("tags"), metadata.get("links")
    for index, tag in enumerate(tags if isinstance(tags, list) else ()):
        yield from _format(formats.TAG, ("metadata", "tags", index), tag, skip=1)
    for index, link in enumerate(links if isinstance(links, list) else ()):
        for part, rule in formats.LINK.items() if isinstance(link, Mapping) else ():
            yield from _format(rule, ("metadata", "links", index, part), link.get(part), skip=1)


def _format(rule: Format, place: Path, value: Any, *, skip: int = 0) -> Iterator[Finding]:
    """Judge one string (the schema judges what is none); the message leaves out the first `skip` steps."""
    if isinstance(value, str):
        refusal = rule.refusal(".".join(map(str, place[skip:])), value)
        if refusal:
            yield place, refusal


def _refs(entity: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    name = str(entity.get("kind")).lower()
    fields = next((kind.relations for kind in kinds.values() if kind.name.lower() == name), ())
    for field, place, text in refs_in(entity, fields):
        try:
            ref = EntityRef.parse(text, field.default_kind, NAMESPACE)
        except RefError as error:
            yield place, str(error)
        else:
            if field.allowed_kinds and ref.kind not in field.allowed_kinds:
                yield place, f"{field.name} may name {' or '.join(field.allowed_kinds)}, not {text}"
