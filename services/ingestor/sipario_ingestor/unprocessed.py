"""What was declared and is not in the catalog as it stands there: it fails, or waits to be read for the first time.

The shapes are those of Backstage's module for unprocessed entities; a source that can't be read, or a file, is told as
the Location that stands for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from pydantic import BaseModel
from sipario_events import EntityChanged
from sipario_kit.errors import Conflict, InvalidInput, NotFound
from sipario_ledger.clock import from_micros
from sipario_model import KINDS, EntityRef, LocationRef, RefError
from sipario_model.annotations import MANAGED_BY_LOCATION
from sipario_model.uid import uid_of
from sipario_scm import Hosts

from sipario_ingestor.outcome import SourceProblem
from sipario_ingestor.registry import REGISTERED, Registry, standing_for
from sipario_ingestor.source import Source
from sipario_ingestor.store_ledger import Sources, SourceStore

Reason = Literal["failed", "pending"]


class Because(BaseModel):
    """Why an error came about."""

    name: str
    message: str
    stack: str = ""


class UnprocessedError(BaseModel):
    """One error; where it is in the file, and a link to that place, when they are known."""

    name: str
    message: str
    cause: Because
    path: str = ""
    line: int | None = None
    field: str = ""
    link: str = ""


class UnprocessedEntity(BaseModel):
    """An entity that fails or waits; `processed_entity` is its last good version, which is served meanwhile."""

    entity_id: str
    entity_ref: str
    unprocessed_entity: dict[str, Any]
    processed_entity: dict[str, Any] | None = None
    next_update_at: str
    last_discovery_at: str
    errors: list[UnprocessedError]
    location_key: str
    link: str = ""


class UnprocessedEntities(BaseModel):
    """All that fail, or all that wait."""

    type: Reason
    entities: list[UnprocessedEntity]


@dataclass(frozen=True, slots=True)
class _Open:
    """An entity of a source with its errors, none when it was not looked at yet; with its last good version."""

    source: Source
    ref: str
    location: str
    problems: tuple[SourceProblem, ...] = ()
    last: EntityChanged | None = None


class Unprocessed:
    """Lists what fails and what waits, tries it again, and forgets what can be forgotten here."""

    def __init__(self, store: SourceStore, registry: Registry, hosts: Hosts) -> None:
        self._store = store
        self._registry = registry
        self._hosts = hosts

    async def listed(self, reason: Reason, owner: str = "") -> UnprocessedEntities:
        """Return all that fail or all that wait; with an `owner`, as `spec.owner` says it, only theirs."""
        found = await self._store.read(_failing if reason == "failed" else _waiting)
        shown = (self._shown(each) for each in found)
        entities = [each for each in shown if owner in ("", _owner(each.unprocessed_entity))]
        return UnprocessedEntities(type=reason, entities=entities)

    async def refresh(self, ref: str) -> list[str]:
        """Read again what declares an entity, be it in the catalog or not; names the sources. Raises as `Registry`."""
        try:
            wanted = str(EntityRef.parse(ref))
        except RefError as error:
            raise InvalidInput(str(error)) from error

        def work(table: Sources) -> list[str]:
            found = chain(_failing(table), _waiting(table))
            asked = sorted({each.source.id for each in found if each.ref == wanted})
            table.ask(asked, force=True)
            return asked

        asked = await self._store.write(work)
        try:
            return [*asked, await self._registry.refresh(ref)]
        except NotFound:
            if not asked:
                raise
            return asked

    async def delete(self, id_: str) -> None:
        """Forget a location that somebody registered, or let go of an entity's last good version.

        Raises NotFound, and Conflict for what a file declares: it has to be mended there.
        """
        found = await self._store.read(lambda table: [*_failing(table), *_waiting(table)])
        wanted = next((each for each in found if uid_of(each.ref) == id_), None)
        if wanted is None:
            raise NotFound(f"Nothing that fails or waits has the ID {id_}")
        if wanted.last:
            await self._registry.remove(id_)
            return
        reasons = await self._store.read(lambda table: table.reasons(wanted.source.id))
        registered = [reason.removeprefix(REGISTERED) for reason in reasons if reason.startswith(REGISTERED)]
        if wanted.ref != standing_for(wanted.source.id) or len(registered) != len(reasons):
            raise Conflict(
                f"{wanted.ref} is declared by {wanted.location}: mend it there, or remove it there"
            )
        for location in registered:
            await self._registry.unregister(location)

    def _shown(self, each: _Open) -> UnprocessedEntity:
        source = each.source
        return UnprocessedEntity(
            entity_id=uid_of(each.ref),
            entity_ref=each.ref,
            unprocessed_entity=each.last.entity if each.last else _envelope(each),
            processed_entity=each.last.entity if each.last else None,
            next_update_at=_moment(source.due_at),
            last_discovery_at=_moment(source.read_at or source.due_at),
            errors=[self._error(problem) for problem in each.problems],
            location_key=source.id,
            link=self._link(each.location, None),
        )

    def _error(self, problem: SourceProblem) -> UnprocessedError:
        return UnprocessedError(
            name="InputError",
            message=str(problem),
            cause=Because(name="InputError", message=problem.message),
            path=problem.path,
            line=problem.line,
            field=problem.field,
            link=self._link(problem.location, problem.line),
        )

    def _link(self, location: str, line: int | None) -> str:
        """Return the page that shows a file, and the line; empty for what no host shows."""
        view = location.removeprefix("url:")
        found = self._hosts.parse(view)
        if not found or not view.startswith(("https://", "http://")):
            return ""
        return found[0].line(view, line) if line and found[1].path else view


def _failing(table: Sources) -> list[_Open]:
    found = []
    for source in table.all():
        for (ref, location), problems in _grouped(source).items():
            found.append(_Open(source, ref, location, tuple(problems), table.last(ref)))
    return found


def _waiting(table: Sources) -> list[_Open]:
    unread = (each for each in table.all() if each.state == "pending" and not each.read_at)
    return [_Open(each, standing_for(each.id), each.id) for each in unread]


def _grouped(source: Source) -> Mapping[tuple[str, str], list[SourceProblem]]:
    """Sort the errors of a source by the entity that they are about, or else by the file."""
    found: dict[tuple[str, str], list[SourceProblem]] = {}
    for problem in _errors(source.problems):
        location = problem.location or source.id
        found.setdefault((_meant(problem, location), location), []).append(problem)
    return found


def _meant(problem: SourceProblem, location: str) -> str:
    """Return the ref that a problem is about; what a file calls so, and is none, counts as a problem of the file."""
    try:
        EntityRef.parse(problem.entity)
    except RefError:
        return standing_for(location)
    return problem.entity


def _errors(problems: Iterable[SourceProblem]) -> Iterator[SourceProblem]:
    return (problem for problem in problems if problem.level == "error")


def _envelope(each: _Open) -> dict[str, Any]:
    """Say as much of an entity as is certain: its name, and where it stands."""
    ref, location = EntityRef.parse(each.ref), LocationRef.parse(each.location)
    annotations = {MANAGED_BY_LOCATION: each.location}
    metadata = {"namespace": ref.namespace, "name": ref.name, "annotations": annotations}
    stands = {"type": location.type, "target": location.target} if ref.kind == "location" else {}
    kind = next((kind for kind in KINDS if kind.lower() == ref.kind), ref.kind)
    return {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": stands}


def _owner(entity: Mapping[str, Any]) -> str:
    spec = entity.get("spec")
    return str(spec.get("owner", "")) if isinstance(spec, Mapping) else ""


def _moment(micros: int) -> str:
    return from_micros(micros).isoformat()
