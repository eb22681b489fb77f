"""Leads entities through the processors of plugins, in Backstage's order; what one does wrong is told, not raised."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from sipario_model import EntityRef, LocationRef, RefError
from sipario_plugin import Emit, Entity, Extensions, Processor, Resolver, Sight, Unreadable
from sipario_scm import FileRefused, ScmError

from sipario_ingestor.bounded import Bounded, TooSlow
from sipario_ingestor.placeholders import Reads, built_in

SECONDS = 10.0
PATIENCE = 3
"""A processor that was too slow so often is left out for the rest of a reading."""

T = TypeVar("T")
Accept = Callable[[Entity], Entity]


class Refused(Exception):
    """A processor knows the kind of an entity, and says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a processor emitted for an entity; with a `failure`, that it did not do its work."""

    name: str
    emit: Emit = field(default_factory=Emit)
    failure: str = ""
    outward: bool = False


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    processor: Processor
    bounded: Bounded


class Pipeline:
    """All processors in the order in which they were added, and all placeholders; lives as long as the service."""

    def __init__(self, extensions: Extensions | None = None, seconds: float = SECONDS) -> None:
        extensions = extensions or built_in()
        self._bounded = Bounded(seconds)
        self.members = tuple(_Member(name, each, self._bounded) for name, each in extensions.processors)
        own = dict(built_in().placeholders)
        self.resolvers: Mapping[str, Resolver] = {
            f"${name}": resolver if name in own else self._guarded(resolver)
            for name, resolver in extensions.placeholders
        }
        self.marks = tuple(key.encode() for key in self.resolvers)

    def close(self) -> None:
        """End its threads."""
        self._bounded.close()

    def _guarded(self, resolver: Resolver) -> Resolver:
        return lambda reference: self._bounded.call(lambda: resolver(reference))


def _nowhere(_address: str) -> None:
    """Watch nothing."""


class Passage:
    """The pipeline over one reading of one tree. `reads` reads its files, `watch` is told URLs to be heard of."""

    def __init__(
        self, pipeline: Pipeline, reads: Reads, *, host: str = "", watch: Callable[[str], None] = _nowhere
    ) -> None:
        members = pipeline.members
        self.pipeline = pipeline
        self.reads = reads
        self._host = host
        self._watch = watch
        self._pre = [each for each in members if each.processor.pre_process]
        self._kinds = [each for each in members if each.processor.validate_kind]
        self._locations = [each for each in members if each.processor.read_location]
        self._post = [each for each in members if each.processor.post_process]
        self._memory: dict[str, dict[Hashable, Any]] = defaultdict(dict)
        self._late: Counter[str] = Counter()

    def before(self, entity: Entity, path: str, location: str, told: list[Told]) -> Entity:
        """Return an entity as it is to be checked."""
        for member in self._pre:
            if _is_entity(entity) and self._wants(member, entity, told):
                hook = member.processor.pre_process
                assert hook
                entity = self._changed(member, hook, entity, (path, location), told, _as_it_is)
        return entity

    def knows(self, entity: Entity, path: str, location: str, told: list[Told]) -> bool:
        """Tell whether a processor knows the kind of an entity; raises Refused with what one finds wrong."""
        known = False
        for member in self._kinds:
            if _is_entity(entity) and self._wants(member, entity, told):
                hook = member.processor.validate_kind
                assert hook
                found = self._called(member, _refusing(hook), deepcopy(entity), (path, location), told)
                if isinstance(found, Refused):
                    raise found
                known |= found is True
        return known

    def read_location(self, target: LocationRef, path: str, location: str, told: list[Told]) -> bool:
        """Let the processors read a target; tells whether one did."""
        for member in self._locations:
            hook = member.processor.read_location
            assert hook
            if self._called(member, hook, target, (path, location), told) is True:
                return True
        return False

    def after(self, entity: Entity, path: str, location: str, told: list[Told], accept: Accept) -> Entity:
        """Return an entity as it is to be catalogued; `accept` completes each change, or raises ValueError."""
        for member in self._post:
            if self._wants(member, entity, told):
                hook = member.processor.post_process
                assert hook
                entity = self._changed(member, hook, entity, (path, location), told, accept)
        return entity

    def is_awaited(self, entity: Entity) -> bool:
        """Tell whether a processor would still get an entity, were it good, and perhaps emit others."""
        return any(self._wants(member, entity, []) for member in self._post)

    def _wants(self, member: _Member, entity: Entity, told: list[Told]) -> bool:
        try:
            return member.processor.wants(entity)
        except Exception as error:  # noqa: BLE001 - the edge to a plugin: told on the entity
            told.append(Told(member.name, failure=_reason(error)))
            return False

    def _changed(
        self,
        member: _Member,
        hook: Callable[[Entity, Sight, Emit], Entity],
        entity: Entity,
        place: tuple[str, str],
        told: list[Told],
        accept: Accept,
    ) -> Entity:
        def changing(given: Entity, sight: Sight, emit: Emit) -> Entity:
            return _same(hook(given, sight, emit), entity, emit)

        found = self._called(member, changing, deepcopy(entity), place, told)
        if found is None or found == entity:
            return entity
        try:
            return accept(found)
        except ValueError as error:
            told[-1] = Told(member.name, failure=f"what it returned can't stand: {error}", outward=True)
            return entity

    def _called(
        self,
        member: _Member,
        hook: Callable[[Any, Sight, Emit], T],
        given: Any,
        place: tuple[str, str],
        told: list[Told],
    ) -> T | None:
        """Call a hook; None when it fails, which is told."""
        if self._late[member.name] >= PATIENCE:
            told.append(Told(member.name, failure="was too slow before, and is left out of this reading"))
            return None
        emit = Emit()
        memory = self._memory[member.name]
        sight = Sight(*place, self._host, reads=self._read, memory=memory)
        try:
            found = member.bounded.call(lambda: hook(given, sight, emit))
        except Exception as error:  # noqa: BLE001 - the edge to a plugin: told on the entity
            self._late[member.name] += isinstance(error, TooSlow)
            told.append(Told(member.name, failure=_reason(error), outward=True))
            return None
        finally:
            sight.close()
        for address in emit.refreshed:
            self._watch(address)
        told.append(Told(member.name, emit, outward=sight.outward or bool(emit.refreshed or emit.locations)))
        return found

    def _read(self, reference: str, path: str) -> bytes:
        try:
            return self.reads(reference, path)
        except FileRefused as error:
            raise Unreadable(str(error)) from error
        except ScmError as error:
            raise Unreadable(str(error), later=True) from error
        except ValueError as error:
            raise Unreadable(str(error)) from error


def _refusing(hook: Callable[[Entity, Sight, Emit], bool]) -> Callable[[Entity, Sight, Emit], bool | Refused]:
    def asked(entity: Entity, sight: Sight, emit: Emit) -> bool | Refused:
        try:
            return hook(entity, sight, emit)
        except ValueError as error:
            return Refused(str(error))

    return asked


def _is_entity(value: Entity) -> bool:
    """Tell whether a value has what processors count on."""
    metadata = value.get("metadata")
    return type(metadata) is dict and type(metadata.get("name")) is str and type(value.get("kind")) is str


def _as_it_is(entity: Entity) -> Entity:
    return entity


def _same(returned: Any, before: Entity, emit: Emit) -> Entity:
    """Return a clean copy of what a hook returned; raises when it is no longer the same entity."""
    if not isinstance(returned, dict):
        raise TypeError(f"returned {type(returned).__name__} instead of an entity")
    entity: Entity = orjson.loads(orjson.dumps(returned))
    try:
        ref = EntityRef.of(before)
    except RefError:
        return entity
    if EntityRef.of(entity) != ref:
        raise ValueError(f"made {EntityRef.of(entity)} of it; emit another entity instead")
    strange = next((each for each in emit.relations if str(ref) not in (each.source, each.target)), None)
    if strange:
        raise ValueError(f"emitted a relation of others: {strange.source} {strange.type} {strange.target}")
    return entity


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, TooSlow) else f"failed: {type(error).__name__}: {error}"
