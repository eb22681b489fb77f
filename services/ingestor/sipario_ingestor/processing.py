"""From a document of a file to the event that tells what its entity now is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sipario_events import Cause, EntityChanged
from sipario_model import Document, EntityRef, LocationRef, RefError, check, relations_of
from sipario_model.annotations import MANAGED_BY_ORIGIN_LOCATION
from sipario_model.lines import nearest
from sipario_model.ref import NAMESPACE
from sipario_model.urls import safe_annotations

from sipario_ingestor.outcome import Field, SourceProblem
from sipario_ingestor.place import Place
from sipario_ingestor.placeholders import Substitution, Unresolved, has_placeholder
from sipario_ingestor.rules import Rules

_COMPUTED = ("relations", "status")


@dataclass(frozen=True, slots=True)
class Context:
    """What all documents of one file have in common. `origins` are the locations that led here, the first counts."""

    source: str
    place: Place
    path: str
    origins: tuple[LocationRef, ...]
    rules: Rules
    cause: Cause
    substitution: Callable[[str], Substitution]
    location: str = field(init=False)
    annotations: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Ask once for what each of the file's entities is told."""
        object.__setattr__(self, "location", self.place.location(self.path))
        object.__setattr__(self, "annotations", self.place.annotations(self.path))


@dataclass(frozen=True, slots=True)
class Processed:
    """One document: its event when it is good, what is wrong with it, and which fields lack their content.

    `later` tells that something may be had another time.
    """

    event: EntityChanged | None
    problems: tuple[SourceProblem, ...]
    line: int
    later: bool = False
    lacking: tuple[Field, ...] = ()


def process(document: Document, context: Context, *, substitute: bool = True) -> Processed:
    """Substitute, check, complete, judge by the rules and relate one document."""
    value, unresolved = _substituted(document, context) if substitute else (document.value, ())
    problems = tuple(_unread(each, document, _ref(value), context) for each in unresolved)
    later = any(each.later for each in unresolved)
    wrong = check(value, document.lines, path=context.path)
    if wrong:
        ref = _ref(value)
        found = (SourceProblem.of(each, location=context.location, entity=ref) for each in wrong)
        return Processed(None, (*problems, *found), document.line, later)
    entity = _completed(value, context)
    if not context.rules.allow(str(value["kind"]), context.origins):
        return Processed(None, (*problems, _not_allowed(document, entity, context)), document.line, later)
    lacking = tuple(each.field for each in unresolved)
    return Processed(_event(entity, problems, context), problems, document.line, later, lacking)


def _event(entity: dict[str, Any], problems: Iterable[SourceProblem], context: Context) -> EntityChanged:
    return EntityChanged(
        ref=str(EntityRef.of(entity)),
        entity=entity,
        relations=relations_of(entity),
        status=tuple(problem.status() for problem in problems),
        origin=context.source,
        location=context.location,
        cause=context.cause,
    )


def _substituted(document: Document, context: Context) -> tuple[dict[str, Any], Sequence[Unresolved]]:
    if not has_placeholder(document.value):
        return document.value, ()
    substitution = context.substitution(context.path)
    return substitution.apply(document.value), substitution.unresolved


def _unread(unresolved: Unresolved, document: Document, ref: str, context: Context) -> SourceProblem:
    field = _dotted(unresolved.field)
    advice = f"{field} keeps what it held, or else holds the address"
    return SourceProblem(
        f"{_named(unresolved.reference)} could not be read, so {advice}: {unresolved.reason}",
        level="warning" if unresolved.later else "error",
        path=context.path,
        line=nearest(document.lines, unresolved.field),
        field=field,
        entity=ref,
        location=context.location,
    )


def _completed(value: dict[str, Any], context: Context) -> dict[str, Any]:
    """Add what the catalog knows and the file need not say; what the author wrote wins, but for the locations."""
    metadata = dict(value["metadata"])
    for computed in ("uid", "etag"):
        metadata.pop(computed, None)
    metadata["namespace"] = metadata.get("namespace") or NAMESPACE
    told = context.annotations
    written = metadata.get("annotations") or {}
    locations = {name: text for name, text in told.items() if name.endswith("managed-by-location")}
    origin = {MANAGED_BY_ORIGIN_LOCATION: str(context.origins[0])}
    metadata["annotations"] = safe_annotations({**told, **written, **locations, **origin})
    kept = {name: each for name, each in value.items() if name not in _COMPUTED}
    return {**kept, "metadata": metadata}


def _not_allowed(document: Document, entity: dict[str, Any], context: Context) -> SourceProblem:
    ref = str(EntityRef.of(entity))
    message = f"Entity {ref} at {context.location} is not of an allowed kind for that location"
    line = nearest(document.lines, ("kind",))
    advice = f"{message}: allow {entity['kind']} in catalog.rules"
    return SourceProblem(
        advice, path=context.path, line=line, field="kind", entity=ref, location=context.location
    )


def _ref(value: dict[str, Any]) -> str:
    try:
        return str(EntityRef.of(value))
    except RefError:
        return ""


def _dotted(field: Field) -> str:
    return ".".join(map(str, field))


def _named(reference: str) -> str:
    return reference if len(reference) <= 200 else f"{reference[:200]}…"
