"""Registered locations, and what people may know and wish of sources."""

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sipario_events import ENTITIES, EntityChanged
from sipario_kit.errors import Conflict, InvalidInput, NotAllowed, NotFound
from sipario_ledger import Contested, Ledger
from sipario_ledger.clock import from_micros
from sipario_model import EntityRef, LocationError, LocationRef, RefError
from sipario_model.annotations import MANAGED_BY_ORIGIN_LOCATION
from sipario_model.uid import uid_of
from sipario_scm import ScmError, permitted

from sipario_ingestor.configuration import Configuration
from sipario_ingestor.discoveries import Discoveries
from sipario_ingestor.outcome import SourceProblem
from sipario_ingestor.reader import Reader, Request
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import Sources, SourceStore

REGISTERED = "registered:"


class Registry:
    """Registers, lists and refreshes; `wake` tells the workers."""

    def __init__(
        self,
        ledger: Ledger,
        store: SourceStore,
        reader: Reader,
        *,
        configuration: Configuration,
        discoveries: Discoveries,
        wake: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._reader = reader
        self._configuration = configuration
        self._discoveries = discoveries
        self._wake = wake

    async def locations(self) -> list[dict[str, Any]]:
        """Return the registered locations."""
        found = await self._store.read(lambda table: table.registered())
        return [_told(id_, *location) for id_, location in found.items()]

    async def location(self, id_: str) -> dict[str, Any]:
        """Return one registered location; raises NotFound."""
        found = await self._store.read(lambda table: table.registered())
        if id_ not in found:
            raise NotFound(f"Found no location with ID {id_}")
        return _told(id_, *found[id_])

    async def of_entity(self, ref: str) -> dict[str, Any]:
        """Return the registered location that an entity came from; raises NotFound."""
        event = await self._entity(ref)
        origin = (event.entity["metadata"].get("annotations") or {}).get(MANAGED_BY_ORIGIN_LOCATION)
        for each in await self.locations():
            if f"{each['type']}:{each['target']}" == origin:
                return each
        raise NotFound(f"found no location for entity {ref}")

    async def register(self, type_: str, target: str, *, refresh: bool = False) -> dict[str, Any]:
        """Read a location from now on; one that is registered already is a Conflict, or with `refresh` read again.

        Raises InvalidInput and NotAllowed too.
        """
        self._writable()
        address = self._address(type_, target)

        def work(table: Sources) -> str:
            known = next((id_ for id_, each in table.registered().items() if each == (type_, target)), "")
            if known and not refresh:
                raise Conflict(f"Location {type_}:{target} already exists")
            if known:
                table.ask([address.id], force=True)
                return known
            id_ = str(uuid.uuid4())
            table.register(id_, type_, target)
            table.add(address, REGISTERED + id_)
            return id_

        id_ = await self._store.write(work)
        self._wake()
        return {"location": _told(id_, type_, target), "entities": []}

    async def replace(self, id_: str, type_: str, target: str) -> dict[str, Any]:
        """Let a registered location be another one; raises NotFound, InvalidInput, Conflict and NotAllowed."""
        self._writable()
        address = self._address(type_, target)

        def work(table: Sources) -> None:
            known = table.registered()
            if id_ not in known:
                raise NotFound(f"Found no location with ID {id_}")
            if (type_, target) in (each for other, each in known.items() if other != id_):
                raise Conflict(f"Location {type_}:{target} already exists")
            table.unregister(id_)
            table.register(id_, type_, target)
            table.add(address, REGISTERED + id_)
            for former in table.for_reason(REGISTERED + id_) - {address.id}:
                table.drop(former, REGISTERED + id_)

        await self._store.write(work)
        self._wake()
        return _told(id_, type_, target)

    async def try_out(self, type_: str, target: str) -> dict[str, Any]:
        """Read a location once and keep nothing; raises InvalidInput when it can't be read."""
        address = self._address(type_, target)
        request = Request(Source(address), (LocationRef(type_, target),), afresh=True)
        try:
            outcome = await asyncio.to_thread(self._reader.read, request)
        except ScmError as error:
            raise InvalidInput(f"{target} can't be read: {error}") from error
        wrong = [problem for problem in outcome.problems if problem.level == "error"]
        if wrong:
            raise InvalidInput("; ".join(map(str, wrong[:10])))
        known = (await self._store.read(lambda table: table.registered())).values()
        entities = [event.entity for event in outcome.entities.values()]
        location = _told(address.id, type_, target)
        return {"location": location, "entities": entities, "exists": (type_, target) in known}

    async def unregister(self, id_: str) -> None:
        """Forget a location; what only it declared goes. Raises NotFound and NotAllowed."""
        self._writable()

        def work(table: Sources) -> None:
            if id_ not in table.registered():
                raise NotFound(f"Found no location with ID {id_}")
            table.unregister(id_)
            for source in table.for_reason(REGISTERED + id_):
                table.drop(source, REGISTERED + id_)

        await self._store.write(work)
        self._wake()

    async def refresh(self, ref: str) -> str:
        """Read the source of an entity again, and name it; raises InvalidInput and NotFound."""
        try:
            parsed = str(EntityRef.parse(ref))
        except RefError as error:
            raise InvalidInput(str(error)) from error
        event = await self._entity(parsed)
        await self._store.write(lambda table: table.ask([event.origin], force=True))
        self._wake()
        return event.origin

    async def remove(self, uid: str) -> Sequence[str]:
        """Let an entity go, and read its source again: that brings it back when it is declared still.

        Returns the sources that are read for it.
        """
        try:
            ref = await self.ref_of(uid)
        except NotFound:
            return ()
        head = await self._ledger.head(ENTITIES, ref)
        if head is None or head.gone:
            return ()
        gone = EntityChanged(ref=ref, gone=True, origin=head.origin)

        def again(table: Sources) -> None:
            table.ask([head.origin], force=True)
            table.orphans.forget([ref])

        recorded = await self._ledger.record([gone], head.origin, alongside=self._store.within(again))
        waiting = [freed.claimant for freed in recorded.freed]
        await self._store.write(lambda table: table.ask(waiting, force=True))
        self._wake()
        return [head.origin, *waiting]

    async def ref_of(self, uid: str) -> str:
        """Return the ref of what has or had a uid; raises NotFound."""
        seq = 0
        while heads := await self._ledger.heads(seq, topic=ENTITIES):
            seq = heads[-1].seq
            for each in heads:
                if uid_of(each.identity) == uid.lower():
                    return each.identity
        raise NotFound(f"No entity has the UID {uid}")

    async def sources(self) -> list[dict[str, Any]]:
        """Return every provider and source with its state and problems, and who waits for what it declares."""
        sources, contested = await self._store.read(lambda table: (table.all(), table.contested()))
        alike = {
            (source.id, each.entity)
            for source in sources
            for each in source.problems
            if each.level == "info"  # of the same file: the holder need not know
        }
        waiting: dict[str, list[SourceProblem]] = {}
        for each in contested:
            if (each.claimant, each.identity) in alike:
                continue
            waiting.setdefault(each.holder, []).append(_awaited(each))
        shown = (_shown(source, waiting.get(source.id, ())) for source in sources)
        return [*self._discoveries.sources(), *shown]

    async def _entity(self, ref: str) -> EntityChanged:
        entry = await self._ledger.head(ENTITIES, ref)
        if entry is None or entry.gone:
            raise NotFound(f"There is no entity {ref}")
        return EntityChanged.read(entry.body)

    def _address(self, type_: str, target: str) -> Address:
        if type_ != "url":
            raise InvalidInput('Registered locations must be of an allowed type ["url"]')
        try:
            location = LocationRef.parse(f"{type_}:{target}")
        except LocationError as error:
            raise InvalidInput(str(error)) from error
        found = self._configuration.hosts.parse(target)
        if found is None and permitted(target, self._configuration.allowed):
            return Address(str(location))
        if found is None:
            raise InvalidInput(
                f"Reading from {target} is not allowed: name its host in integrations, or in backend.reading.allow"
            )
        place = found[1]
        return Address(str(location), place.repository, place.ref, place.path)

    def _writable(self) -> None:
        if self._configuration.read_only:
            raise NotAllowed("The catalog is read-only: catalog.readonly is set")


def standing_for(location: str) -> str:
    """Return the ref of the entity that stands for a location."""
    name = hashlib.sha1(location.encode(), usedforsecurity=False).hexdigest()
    return f"location:default/generated-{name}"


def _told(id_: str, type_: str, target: str) -> dict[str, Any]:
    return {"id": id_, "type": type_, "target": target, "entityRef": standing_for(f"{type_}:{target}")}


def _awaited(contested: Contested) -> SourceProblem:
    message = (
        f"{contested.identity} is declared by {contested.claimant} too, which waits until it is gone here"
    )
    return SourceProblem(message, level="warning", entity=contested.identity)


def _shown(source: Source, waiting: Iterable[SourceProblem]) -> dict[str, Any]:
    address = source.address
    return {
        "id": source.id,
        "repository": address.repository,
        "branch": source.branch or address.ref,
        "path": address.path,
        "commit": source.commit,
        "state": "pending" if source.asked > source.answered and source.state != "failed" else source.state,
        "readAt": from_micros(source.read_at).isoformat() if source.read_at else None,
        "problems": [_problem(problem) for problem in (*source.problems, *waiting)],
    }


def _problem(problem: SourceProblem) -> dict[str, Any]:
    told = {name: value for name, value in asdict(problem).items() if value not in ("", None, 0)}
    for hidden in ("spoils", "certain", "location"):
        told.pop(hidden, None)
    if "entity" in told:
        told["entityRef"] = told.pop("entity")
    return told
