"""What is to be recorded of a source: what it declares, what is gone, and what is kept in its last good version."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sipario_events import Cause, EntityChanged
from sipario_model import Vocabulary
from sipario_model.annotations import ORPHAN

from sipario_ingestor.outcome import Field, SourceProblem


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What keeps entities from being read: problems by ref, and by file those that may be about any entity in it."""

    named: Mapping[str, tuple[SourceProblem, ...]]
    anywhere: Mapping[str, tuple[SourceProblem, ...]]

    def about(self, ref: str, location: str) -> tuple[SourceProblem, ...]:
        """Return the problems because of which an entity of that file may be missing."""
        return self.named.get(ref) or self.anywhere.get(location, ())

    def __bool__(self) -> bool:
        return bool(self.named or self.anywhere)


def spoilt(problems: Iterable[SourceProblem], held: Collection[str]) -> Spoilt:
    """Sort the problems that keep entities from being read.

    One about a ref that is not `held` may be about any entity of its file, unless it is certain: a slip in kind or name
    makes another ref.
    """
    named: dict[str, tuple[SourceProblem, ...]] = {}
    anywhere: dict[str, tuple[SourceProblem, ...]] = {}
    for problem in problems:
        if not problem.spoils:
            continue
        if problem.entity in held:
            named[problem.entity] = (*named.get(problem.entity, ()), problem)
        elif not problem.certain:
            anywhere[problem.location] = (*anywhere.get(problem.location, ()), problem)
    return Spoilt(named, anywhere)


def leftover(last: EntityChanged, spoils: Spoilt, cause: Cause, *, stays: bool) -> EntityChanged:
    """Say what becomes of an entity that is not declared any more: kept, gone, or if it `stays` an orphan."""
    problems = spoils.about(last.ref, last.location)
    if not problems:
        return orphaned(last, cause) if stays else gone(last.ref, last.origin, cause)
    status = tuple(problem.status() for problem in problems)
    return last.model_copy(update={"status": status, "cause": cause})


def keeping(
    event: EntityChanged, last: EntityChanged, fields: Iterable[Field], vocabulary: Vocabulary
) -> EntityChanged:
    """Say an entity with some fields as they were last; what was not there stays as it is now."""
    entity: Any = event.entity
    for field in fields:
        entity = _kept(entity, last.entity, field)
    emitted = set(event.relations) - set(vocabulary.relations_of(event.entity))
    relations = tuple(sorted({*vocabulary.relations_of(entity), *emitted}))
    types = vocabulary.types_of(relations)
    return event.model_copy(update={"entity": entity, "relations": relations, "types": types})


def _kept(value: Any, last: Any, field: Field) -> Any:
    if not field:
        return last
    step, *rest = field
    try:
        inner = _kept(value[step], last[step], tuple(rest))
    except (KeyError, IndexError, TypeError):  # it had another shape then
        return value
    if isinstance(value, Mapping):
        return {**value, step: inner}
    return [inner if index == step else each for index, each in enumerate(value)]


def orphaned(last: EntityChanged, cause: Cause) -> EntityChanged:
    """Say that an entity is an orphan."""
    metadata = last.entity["metadata"]
    annotations = {**metadata.get("annotations", {}), ORPHAN: "true"}
    entity = {**last.entity, "metadata": {**metadata, "annotations": annotations}}
    return last.model_copy(update={"entity": entity, "cause": cause})


def is_orphan(event: EntityChanged) -> bool:
    """Tell whether that was said of it."""
    return not event.gone and (event.entity["metadata"].get("annotations") or {}).get(ORPHAN) == "true"


def gone(ref: str, origin: str, cause: Cause) -> EntityChanged:
    """Say that an entity is gone."""
    return EntityChanged(ref=ref, gone=True, origin=origin, cause=cause)
