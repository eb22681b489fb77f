"""From a document of a file to the event that tells what its entity now is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sipario_events import Cause, EntityChanged
from sipario_kit.topics import LARGEST_MESSAGE
from sipario_model import (
    BUILT_IN,
    Document,
    EntityRef,
    Kind,
    LocationRef,
    Problem,
    RefError,
    Vocabulary,
    check,
)
from sipario_model.annotations import MANAGED_BY_ORIGIN_LOCATION, ORPHAN
from sipario_model.lines import nearest
from sipario_model.ref import NAMESPACE
from sipario_model.urls import safe_annotations

from sipario_ingestor.outcome import Field, SourceProblem
from sipario_ingestor.pipeline import Passage, Refused, Told
from sipario_ingestor.place import Place
from sipario_ingestor.placeholders import Substitution, Unresolved, has_placeholder
from sipario_ingestor.rules import Rules

# As an event: what the broker takes, less what is added when it is recorded and said.
LARGEST_ENTITY = LARGEST_MESSAGE - (1 << 20)
CERTAINLY_FITS = 32 << 10
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
    passage: Passage
    vocabulary: Vocabulary = BUILT_IN
    location: str = field(init=False)
    annotations: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Ask once for what each of the file's entities is told."""
        object.__setattr__(self, "location", self.place.location(self.path))
        object.__setattr__(self, "annotations", self.place.annotations(self.path))

    def allows(self, kind: str) -> bool:
        """Tell whether a kind may come from this file."""
        return self.rules.allow(kind, self.origins, defined=self.vocabulary.defines(kind))


@dataclass(frozen=True, slots=True)
class Processed:
    """One document: its event when it is good, what is wrong with it, and which fields lack their content.

    `later` tells that something may be had another time; `told` is what processors emitted.
    """

    event: EntityChanged | None
    problems: tuple[SourceProblem, ...]
    line: int
    later: bool = False
    lacking: tuple[Field, ...] = ()
    told: Sequence[Told] = ()


def process(document: Document, context: Context, *, substitute: bool = True) -> Processed:
    """Substitute, check, complete, judge by the rules and relate one document."""
    value, unresolved = _substituted(document, context) if substitute else (document.value, ())
    told: list[Told] = []
    value = context.passage.before(value, context.path, context.location, told)
    wrong = _wrong(value, document, context, told)
    entity = None if wrong else _completed(value, context)
    if entity and not context.allows(str(value["kind"])):
        wrong, entity = [_not_allowed(document, entity, context)], None
    if entity:
        entity = context.passage.after(
            entity, context.path, context.location, told, lambda changed: _accepted(changed, context)
        )
    problems: tuple[SourceProblem, ...] = ()
    if unresolved or told or wrong:
        unread = (_unread(each, document, _ref(value), context) for each in unresolved)
        problems = (*unread, *_problems(told, document, _ref(value), context), *wrong)
    event = _event(entity, problems, told, context) if entity else None
    if event and is_too_large(event):
        problems = (*problems, _too_large(document, event.ref, context))
        event = None
    return Processed(
        event,
        problems,
        document.line,
        any(each.later for each in unresolved) or any(each.failure for each in told),
        tuple(each.field for each in unresolved) if event else (),
        told,
    )


def _wrong(
    value: dict[str, Any], document: Document, context: Context, told: list[Told]
) -> list[SourceProblem]:
    """Say what is wrong with an entity, in the words of the model and of processors that know its kind."""
    found = context.vocabulary.check(value, document.lines, path=context.path)
    try:
        known = context.passage.knows(value, context.path, context.location, told)
        if known and found and not _is_known(value, context):
            found = check(value, document.lines, path=context.path, kinds=_with(value, context))
    except Refused as refused:
        found = [*found, Problem(str(refused), context.path, document.line)]
    # What processors emit for a good entity is not known of a bad one: then nothing of its file may be said gone.
    emits = bool(found) and (any(map(_emits, told)) or context.passage.is_awaited(value))
    ref = "" if emits or not found else _ref(value)
    return [SourceProblem.of(each, location=context.location, entity=ref) for each in found]


def _emits(told: Told) -> bool:
    return bool(told.failure or told.emit.entities or told.emit.locations)


def _is_known(value: dict[str, Any], context: Context) -> bool:
    """Tell whether the catalog itself knows kind and apiVersion together."""
    kind = context.vocabulary.kinds.get(value["kind"])
    return kind is not None and value.get("apiVersion") in kind.api_versions


def _with(value: dict[str, Any], context: Context) -> Mapping[str, Kind]:
    """Return the kinds, and the one of an entity that a processor knows."""
    return {
        **context.vocabulary.kinds,
        value["kind"]: Kind(value["kind"], {}, (str(value.get("apiVersion")),)),
    }


def _accepted(changed: dict[str, Any], context: Context) -> dict[str, Any]:
    """Complete what a processor made of a good entity; raises ValueError with what is wrong with it."""
    kinds = context.vocabulary.kinds if _is_known(changed, context) else _with(changed, context)
    wrong = check(changed, path=context.path, kinds=kinds)
    if wrong:
        raise ValueError(wrong[0].message)
    return _completed(changed, context)


def _problems(
    told: Sequence[Told], document: Document, ref: str, context: Context
) -> Iterator[SourceProblem]:
    for each in told:
        if each.failure:
            # What it would have emitted is not known, so it is no entity's alone.
            message = f"{each.name}: {each.failure} (of {ref})"
            yield SourceProblem(
                message, path=context.path, line=document.line, location=context.location, spoils=True
            )
        for said in each.emit.problems:
            yield SourceProblem(
                f"{each.name}: {said.message}",
                level=said.level,
                path=context.path,
                line=nearest(document.lines, tuple(said.field.split("."))) or document.line,
                field=said.field,
                entity=ref,
                location=context.location,
            )


def _event(
    entity: dict[str, Any], problems: Iterable[SourceProblem], told: Sequence[Told], context: Context
) -> EntityChanged:
    relations = context.vocabulary.relations_of(entity)
    emitted = {relation for each in told for relation in each.emit.relations}
    if emitted:
        relations = tuple(sorted({*relations, *emitted}))
    return EntityChanged(
        ref=str(EntityRef.of(entity)),
        entity=entity,
        relations=relations,
        types=context.vocabulary.types_of(relations),
        status=tuple(problem.status() for problem in problems),
        origin=context.source,
        location=context.location,
        cause=context.cause,
    )


def is_too_large(event: EntityChanged) -> bool:
    """Tell whether an entity is larger than what the broker takes as one message."""
    # A reference of a few letters becomes a relation of a few hundred: what is small enough for that is small.
    return len(orjson.dumps(event.entity)) > CERTAINLY_FITS and len(event.body()) > LARGEST_ENTITY


def _too_large(document: Document, ref: str, context: Context) -> SourceProblem:
    message = (
        f"{ref} is larger than {LARGEST_ENTITY >> 20} MB with all that belongs to it, and not taken over"
    )
    return SourceProblem(
        message, path=context.path, line=document.line, entity=ref, location=context.location, spoils=True
    )


def _substituted(document: Document, context: Context) -> tuple[dict[str, Any], Sequence[Unresolved]]:
    passage = context.passage
    if not has_placeholder(document.value, passage.pipeline.resolvers):
        return document.value, ()
    substitution = Substitution(passage.reads, context.path, passage.pipeline.resolvers)
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
    written = {name: text for name, text in (metadata.get("annotations") or {}).items() if name != ORPHAN}
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
