"""What the ledger remembers of entities: their versions, who brought which field, how all was at a moment."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sipario_events import ENTITIES, Cause, EntityChanged
from sipario_kit.errors import InvalidInput, NotFound
from sipario_ledger import Entry, Ledger, past, to_micros
from sipario_ledger.clock import from_micros

from sipario_ingestor.difference import Change, blame, changes

PAGE = 200
LONGEST_BLAME = 2000

Happened = Literal["created", "changed", "removed"]


class Answer(BaseModel):
    """What goes over the wire, in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class VersionItem(Answer):
    """One version: when it was recorded, what for, and what was different from the one before."""

    version: int
    at: datetime
    happened: Happened
    cause: Cause
    changes: list[Change]

    @classmethod
    def of(cls, entry: Entry, before: Entry | None) -> Self:
        """Compare an entry with the one before it."""
        was_there = before is not None and not before.gone
        happened: Happened = "removed" if entry.gone else "changed" if was_there else "created"
        different = changes(_told(before), _told(entry)) if before and happened == "changed" else []
        return cls(
            version=entry.version, at=entry.at, happened=happened, cause=entry.cause, changes=different
        )


class HistoryPage(Answer):
    """Versions, newest first; `next_before` asks for older ones."""

    entity_ref: str
    items: list[VersionItem]
    next_before: int | None = None


class EntityVersion(Answer):
    """An entity as it was in one version; null when it was removed by it."""

    entity_ref: str
    version: int
    at: datetime
    cause: Cause
    entity: dict[str, Any] | None


class BlamedField(Answer):
    """A field (a JSON Pointer, RFC 6901), its value, and the version that brought it."""

    path: str
    value: Any
    version: int
    at: datetime
    cause: Cause


class Blame(Answer):
    """All fields of an entity as it is now."""

    entity_ref: str
    version: int
    fields: list[BlamedField]


class EntityDifference(Answer):
    """What became of an entity between two moments."""

    entity_ref: str
    happened: Happened
    changes: list[Change]


class DifferencePage(Answer):
    """What is different between two moments, by ref; `next_after` asks for more."""

    since: datetime
    until: datetime
    items: list[EntityDifference]
    next_after: str | None = None


class History:
    """Reads former versions out of the ledger. Moments are in UTC."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def versions(self, ref: str, *, before: int | None, limit: int) -> HistoryPage:
        """Return versions of an entity, newest first; raises NotFound where there never was one."""
        found = await self._versions(ref, before, limit + 1)
        if not found and before is None:
            raise _never(ref)
        shown = [VersionItem.of(entry, older) for entry, older in zip_longest(found, found[1:])]
        following = found[limit - 1].version if len(found) > limit else None
        return HistoryPage(entity_ref=ref, items=shown[:limit], next_before=following)

    async def version(self, ref: str, number: int) -> EntityVersion:
        """Return one version; raises NotFound."""
        found = await self._versions(ref, number + 1, 1)
        if not found or found[0].version != number:
            raise NotFound(f"{ref} has no version {number}")
        entry = found[0]
        entity = None if entry.gone else _event(entry).entity
        return EntityVersion(entity_ref=ref, version=number, at=entry.at, cause=entry.cause, entity=entity)

    async def blame(self, ref: str) -> Blame:
        """Tell for each field of an entity which version brought it; raises NotFound."""
        found = await self._versions(ref, None, LONGEST_BLAME)
        if not found or found[0].gone:
            raise _never(ref)
        # Thousands of versions are read for it: everybody else would wait for that.
        fields = await asyncio.to_thread(_blamed, found)
        return Blame(entity_ref=ref, version=found[0].version, fields=fields)

    async def changes(self, since: datetime, until: datetime, *, after: str, limit: int) -> DifferencePage:
        """Compare two moments; what came and went in between is not told."""
        first, last = to_micros(since), to_micros(until)
        if first > last:
            raise InvalidInput("since must not be later than until")

        def work(connection: Any) -> tuple[list[str], dict[str, Entry], dict[str, Entry]]:
            refs = past.moved(connection, ENTITIES, first, last, after, limit + 1)
            return (
                refs,
                past.at(connection, ENTITIES, refs[:limit], first),
                past.at(connection, ENTITIES, refs[:limit], last),
            )

        refs, old, new = await self._ledger.read(work)
        shown = (_moved(ref, old.get(ref), new[ref]) for ref in refs[:limit])
        following = refs[limit - 1] if len(refs) > limit else None
        items = [each for each in shown if each]
        return DifferencePage(since=since, until=until, items=items, next_after=following)

    async def state(self, moment: datetime) -> AsyncIterator[bytes]:
        """Return every entity as it was at a moment: the event that told it, a line of JSON each.

        Raises InvalidInput for a moment before the first entry, of which nothing is known.
        """
        at = min(to_micros(moment), to_micros(datetime.now(UTC)))
        begin = await self._ledger.read(lambda connection: past.begin(connection, ENTITIES))
        if begin is not None and at < begin:
            raise InvalidInput(f"History begins at {from_micros(begin).isoformat()}; nothing is known before")
        return self._state(at)

    async def _state(self, at: int) -> AsyncIterator[bytes]:
        after = ""
        while True:
            found = await self._ledger.read(
                lambda connection, after=after: past.state(connection, ENTITIES, at, after, PAGE)  # type: ignore[misc]
            )
            yield b"".join(entry.body + b"\n" for entry in found if not entry.gone)
            if len(found) < PAGE:
                return
            after = found[-1].identity

    async def _versions(self, ref: str, before: int | None, limit: int) -> list[Entry]:
        return await self._ledger.read(
            lambda connection: past.versions(connection, ENTITIES, ref, before, limit)
        )


def _moved(ref: str, old: Entry | None, new: Entry) -> EntityDifference | None:
    was, is_ = bool(old and not old.gone), not new.gone
    if was and is_ and old:
        different = changes(_told(old), _told(new))
        return EntityDifference(entity_ref=ref, happened="changed", changes=different) if different else None
    if was or is_:
        return EntityDifference(entity_ref=ref, happened="created" if is_ else "removed", changes=[])
    return None


def _blamed(found: list[Entry]) -> list[BlamedField]:
    return [
        BlamedField(path=path, value=value, version=entry.version, at=entry.at, cause=entry.cause)
        for path, (value, entry) in blame(_since_creation(found)).items()
    ]


def _since_creation(found: list[Entry]) -> Iterator[tuple[Entry, dict[str, Any]]]:
    for entry in found:
        if entry.gone:
            return
        yield entry, _told(entry)


def _told(entry: Entry | None) -> dict[str, Any]:
    """Return all that a version says: the entity, and what processing said of it."""
    if entry is None or entry.gone:
        return {}
    event = _event(entry)
    items = [item.model_dump(exclude_none=True) for item in event.status]
    return {**event.entity, **({"status": {"items": items}} if items else {})}


def _event(entry: Entry) -> EntityChanged:
    return EntityChanged.read(entry.body)


def _never(ref: str) -> NotFound:
    return NotFound(f"There is no entity {ref}")
