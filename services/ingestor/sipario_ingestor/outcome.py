"""What came out of reading a source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sipario_events import Cause, EntityChanged
from sipario_model import BUILT_IN, Problem, StatusItem, Vocabulary

Level = Literal["info", "warning", "error"]
Field = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """What a person must know of a source; `entity` is the ref that it is about, when there is one.

    `spoils` tells that an entity could not be read because of it, so that its last good version is kept; when it is
    `certain`, that entity and no other of its file.
    """

    message: str
    level: Level = "error"
    path: str = ""
    line: int | None = None
    field: str = ""
    entity: str = ""
    location: str = ""
    spoils: bool = False
    certain: bool = False

    @classmethod
    def of(cls, problem: Problem, *, location: str, entity: str = "", spoils: bool = True) -> "SourceProblem":
        """Take over a problem of a file."""
        return cls(
            problem.message,
            path=problem.path,
            line=problem.line,
            field=problem.field,
            entity=entity,
            location=location,
            spoils=spoils,
            certain=problem.certain,
        )

    def __str__(self) -> str:
        place = ":".join(part for part in (self.path, str(self.line or "")) if part)
        return f"{place}: {self.message}" if place else self.message

    def status(self) -> StatusItem:
        """Return it as a status of an entity."""
        return StatusItem.of(Problem(self.message, self.path, self.line or None, self.field), self.level)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A file that was read without any problem: the id of its bytes, and the refs that it declares."""

    blob: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A source as it was read: its entities by ref, what was wrong, and which other sources it leads to.

    `unchanged` are refs that were read before from the same bytes, `files` what may be passed over next time.
    `children` are URLs of other repositories, `reads` addresses of repositories that its text was taken from, and URLs
    of none; `incomplete` tells that something could not be had now and is worth another try. `lacking` names the
    fields of entities whose content could not be had. `vocabulary` is what it was read with.
    """

    entities: Mapping[str, EntityChanged] = field(default_factory=dict)
    problems: tuple[SourceProblem, ...] = ()
    children: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    commit: str = ""
    branch: str = ""
    incomplete: bool = False
    cause: Cause = field(default_factory=Cause)
    unchanged: frozenset[str] = frozenset()
    files: Mapping[str, "Remembered"] = field(default_factory=dict)
    lacking: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    vocabulary: Vocabulary = BUILT_IN

    def missing(self, held: Iterable[str]) -> frozenset[str]:
        """Return what was held before, did not come again, and is not told of either."""
        told = {problem.entity for problem in self.problems}
        return frozenset(held).difference(self.entities, self.unchanged, told)

    def followed_by(self, later: "Outcome") -> "Outcome":
        """Return a later reading together with the entities that only this one found."""
        only = self.entities.keys() - later.entities.keys()
        return replace(
            later,
            entities={**later.entities, **{ref: self.entities[ref] for ref in only}},
            lacking={**later.lacking, **{ref: self.lacking[ref] for ref in only & self.lacking.keys()}},
        )
