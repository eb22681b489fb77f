"""From the files that declare entities, along the targets of Locations, to all entities of a source."""

import posixpath
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sipario_events import EntityChanged
from sipario_model import Document, LocationRef, read
from sipario_model.lines import Lines
from sipario_scm import FileMissing, FileRefused, ScmError, Tree
from sipario_scm.glob import is_glob, matching

from sipario_ingestor.configuration import LOCATION_TYPES
from sipario_ingestor.outcome import Field, Remembered, SourceProblem
from sipario_ingestor.pipeline import Told
from sipario_ingestor.processing import Context, Processed, process

DEEPEST = 20
MANY = 500

Elsewhere = Callable[[str], "str | None"]
_Trouble = tuple[str, str]
"""A field, and what is wrong with what it says."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A file to read, or an entity that stands in none: how deep below a root, and on whose word."""

    path: str
    context: Context
    depth: int
    entity: dict[str, Any] | None = None


class Walk:
    """Reads the files of one tree, each once, and no more than so many.

    `here` turns an absolute URL into a path of this tree; None for other repositories, which become `children`.
    """

    def __init__(
        self, tree: Tree, here: Elsewhere, remembered: Mapping[str, Remembered], *, most_files: int
    ) -> None:
        self._tree = tree
        self._most_files = most_files
        self._remembered = remembered
        self._here = here
        self._steps: deque[_Step] = deque()
        self._known: set[str] = set()
        self._outward: set[str] = set()
        self._new: list[str] = []
        self.entities: dict[str, EntityChanged] = {}
        self.lacking: dict[str, tuple[Field, ...]] = {}
        self.unchanged: dict[str, str] = {}
        self.files: dict[str, Remembered] = {}
        self.problems: list[SourceProblem] = []
        self.children: set[str] = set()
        self.later = False

    def start(self, path: str, context: Context) -> None:
        """Begin with a file."""
        self._enqueue(path, context, 0)

    def declare(self, entity: dict[str, Any], context: Context) -> None:
        """Begin with an entity that stands in no file."""
        self._steps.append(_Step(context.path, context, 0, entity))

    def run(self) -> Iterator[list[EntityChanged]]:
        """Read all there is; yields what will not change any more, as soon as it is many, and at the end not all.

        What lacks something is not among it: who knows its former version decides on it.
        """
        new: list[str] = []
        while self._steps:
            new += self._file(self._steps.popleft())
            if len(new) >= MANY:
                yield [self.entities[ref] for ref in new if ref not in self.lacking]
                new.clear()

    def _enqueue(self, path: str, context: Context, depth: int) -> None:
        if path in self._known:
            return
        own = replace(context, path=path)
        if len(self._known) >= self._most_files:
            message = f"more than {self._most_files} files: this one is not read"
            self.problems.append(SourceProblem(message, path=path, location=own.location, spoils=True))
            return
        self._known.add(path)
        self._steps.append(_Step(path, own, depth))

    def _file(self, step: _Step) -> list[str]:
        """Read one file; returns the refs that are new."""
        if step.entity is not None:
            return self._declare(step, step.entity)
        if self._is_remembered(step.path):
            return []
        self._new, problems = [], len(self.problems)
        self._read(step, step.context)
        if len(self.problems) == problems:
            self._remember(step.path, self._new)
        return self._new

    def _declare(self, step: _Step, entity: dict[str, Any]) -> list[str]:
        """Take an entity that no line of a file declares; returns its ref when it is new."""
        self._new = []
        document = Document(entity, 0, Lines("{}", -1, 0), step.path)
        self._take(process(document, step.context, substitute=False), step)
        return self._new

    def _is_remembered(self, path: str) -> bool:
        """Pass over a file that was read before, unless what it declares was met elsewhere meanwhile."""
        file, before = self._tree.files.get(path), self._remembered.get(path)
        if file is None or before is None or before.blob != file.blob:
            return False
        if any(ref in self.entities or ref in self.unchanged for ref in before.refs):
            return False
        self.unchanged.update(dict.fromkeys(before.refs, path))
        self.files[path] = before
        return True

    def _remember(self, path: str, refs: list[str]) -> None:
        """Keep what a file declares; not of Locations, nor of what took text from elsewhere."""
        blob = self._tree.files[path].blob if path in self._tree.files else ""
        if blob and path not in self._outward and not any(ref.startswith("location:") for ref in refs):
            self.files[path] = Remembered(blob, tuple(refs))

    def _read(self, step: _Step, context: Context) -> None:
        try:
            data = self._tree.read(step.path)
        except (FileMissing, FileRefused) as error:
            spoils = isinstance(error, FileRefused)  # what is not there declares nothing
            self.problems.append(
                SourceProblem(str(error), path=step.path, location=context.location, spoils=spoils)
            )
            return
        reading = read(data, step.path)
        for problem in reading.problems:
            self.problems.append(SourceProblem.of(problem.problem(), location=context.location))
        if not reading.documents and not reading.problems:
            self.problems.append(_empty(step.path, context.location))
        outward = any(key in data for key in context.passage.pipeline.marks)
        if outward:
            self._outward.add(step.path)
        for document in reading.documents:
            self._take(process(document, context, substitute=outward), step)

    def _take(self, processed: Processed, step: _Step, depth: int = 0) -> None:
        self.problems += processed.problems
        self.later |= processed.later
        if any(each.outward for each in processed.told):
            self._outward.add(step.path)
        event = processed.event
        if event is None:
            return
        first = self._declared(event.ref)
        if first:
            message = f"{event.ref} is declared a second time; the one in {first} counts"
            self.problems.append(
                SourceProblem(
                    message,
                    path=step.path,
                    line=processed.line,
                    entity=event.ref,
                    location=step.context.location,
                )
            )
            return
        self._new.append(event.ref)
        self.entities[event.ref] = event
        if processed.lacking:
            self.lacking[event.ref] = processed.lacking
        troubles: list[_Trouble] = []
        if str(event.entity.get("kind")).lower() == "location":
            troubles += self._follow(event.entity.get("spec") or {}, step, processed.line, depth)
        for told in processed.told:
            troubles += self._emitted(told, step, processed.line, depth)
        if troubles:
            self._complain_of(event.ref, troubles, processed.line, step)

    def _declared(self, ref: str) -> str:
        """Return where a ref was met before; empty when it was not."""
        return self.entities[ref].location if ref in self.entities else self.unchanged.get(ref, "")

    def _complain_of(self, ref: str, troubles: Iterable[_Trouble], line: int, step: _Step) -> None:
        """Say on an entity what it leads to and can't be had."""
        problems = [
            SourceProblem(
                message, path=step.path, line=line, field=field, entity=ref, location=step.context.location
            )
            for field, message in troubles
        ]
        event = self.entities[ref]
        self.problems += problems
        status = (*event.status, *(problem.status() for problem in problems))
        self.entities[ref] = event.model_copy(update={"status": status})

    def _emitted(self, told: Told, step: _Step, line: int, depth: int) -> Iterator[_Trouble]:
        """Take up what a processor emitted; yields what can't be."""
        if (told.emit.entities or told.emit.locations) and depth >= DEEPEST:
            yield "", f"{told.name}: entities emit each other more than {DEEPEST} deep"
            return
        for entity in told.emit.entities:
            document = Document(entity, line, Lines("{}", line - 1, 0), step.path)
            self._take(process(document, step.context, substitute=False), step, depth + 1)
        for location, optional in told.emit.locations:
            spec = {"type": location.type, "target": location.target}
            presence = {"presence": "optional"} if optional else {}
            for _, message in self._follow({**spec, **presence}, step, line, depth + 1):
                yield "", f"{told.name}: {message}"

    def _follow(self, spec: dict[str, Any], step: _Step, line: int, depth: int) -> Iterator[_Trouble]:
        """Take up the targets; yields what can't be followed, with the field that says it."""
        if step.depth + depth >= DEEPEST:
            yield "spec.targets", f"Locations target each other more than {DEEPEST} deep"
            return
        own = LocationRef.parse(step.context.location).type
        type_ = spec.get("type", own)
        if type_ not in LOCATION_TYPES:
            for target in _targets(spec):
                yield from self._foreign(LocationRef(str(type_), target), step, line, depth)
            return
        if type_ not in (own, "url"):
            yield (
                "spec.type",
                f"a location of type {type_} can't be read from here: use relative targets or URLs",
            )
            return
        optional = spec.get("presence") == "optional"
        for target in _targets(spec):
            yield from (
                ("spec.targets", message) for message in self._target(target, step, optional=optional)
            )

    def _foreign(self, target: LocationRef, step: _Step, line: int, depth: int) -> Iterator[_Trouble]:
        """Let the processors read what we can't."""
        told: list[Told] = []
        found = step.context.passage.read_location(target, step.path, step.context.location, told)
        for each in told:
            if each.failure:
                self.later = True
                yield "spec.targets", f"{each.name}: {each.failure} (of {target})"
            yield from (("spec.targets", f"{each.name}: {said.message}") for said in each.emit.problems)
            yield from self._emitted(each, step, line, depth)
        if not found and not any(each.failure for each in told):
            known = ", ".join(LOCATION_TYPES)
            yield "spec.type", f"there is no location type {target.type}; there are {known}"

    def _target(self, target: str, step: _Step, *, optional: bool) -> Iterator[str]:
        path = self._here(target) if "://" in target else _joined(step.path, target)
        if path is None:
            self.children.add(target)
            return
        if path.startswith("../"):
            yield f"{target} leads out of the repository"
            return
        found = matching(path, self._tree.files) if is_glob(path) else [path]
        known = [each for each in found if each in self._tree.files or self._refused(each)]
        if not known and not optional:
            yield f"{target} is not there; mend it, or say presence: optional"
        for each in known:
            self._enqueue(each, step.context, step.depth + 1)

    def _refused(self, path: str) -> bool:
        try:
            self._tree.read(path)
        except FileMissing:
            return False
        except ScmError:
            return True
        return True


def _empty(path: str, location: str) -> SourceProblem:
    return SourceProblem(
        f"{path} is empty: it declares no entity", level="warning", path=path, line=1, location=location
    )


def _targets(spec: dict[str, Any]) -> Iterable[str]:
    single = [spec["target"]] if isinstance(spec.get("target"), str) else []
    return [*single, *(each for each in spec.get("targets") or () if isinstance(each, str))]


def _joined(path: str, target: str) -> str:
    folder = "" if target.startswith("/") else posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
