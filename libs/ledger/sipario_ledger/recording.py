"""The one place where versions are given and claims decided, in a transaction that excludes other writers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sipario_events import VersionedEvent
from sqlalchemy import Connection, bindparam, func, select

from sipario_ledger.bulk import execute_many
from sipario_ledger.claiming import Claims
from sipario_ledger.clock import from_micros, to_micros
from sipario_ledger.entry import Entry, Recorded, Refusal, packed
from sipario_ledger.tables import entries, floors, heads

Place = tuple[str, str]  # topic, identity
_CHUNK = 500  # names in one IN (...)


@dataclass(slots=True)
class _Head:
    seq: int
    version: int
    gone: bool
    digest: str
    origin: str

    @property
    def holder(self) -> str:
        return "" if self.gone else self.origin


class Recording:
    """One call of `record`: what it read, what it found new, and the rows to write for it.

    An identity's versions grow by one, also across tombstones, and begin after the ledger's floor. What says
    nothing new leaves no trace. With an origin, what another origin holds is refused and the claim
    remembered.
    """

    def __init__(
        self, connection: Connection, events: Sequence[VersionedEvent], origin: str, at: int
    ) -> None:
        self._connection = connection
        self._events = [((event.topic, event.identity()), event) for event in events]
        self._origin = origin
        self._at = at
        self._moment = from_micros(at)
        places = sorted({place for place, _ in self._events})
        self._heads = dict(_heads(connection, places))
        self._known = frozenset(self._heads)
        self._claims = Claims(connection, places, at)
        self._top, self._floor = _top_and_floor(connection)
        self._entries: list[Entry] = []
        self._refused: list[Refusal] = []
        self._touched: set[Place] = set()

    def run(self) -> Recorded:
        """Decide on every event in order, then write."""
        for place, event in self._events:
            self._decide(place, event)
        self._write()
        emptied = [place for place in sorted(self._touched) if self._heads[place].gone]
        return Recorded(tuple(self._entries), tuple(self._refused), tuple(self._claims.freed(emptied)))

    def _decide(self, place: Place, event: VersionedEvent) -> None:
        head = self._heads.get(place)
        if self._origin and head and head.holder not in ("", self._origin):
            self._refuse(place, event, head.holder)
            return
        if self._origin:
            self._claims.drop(place, self._origin)
        if event.gone and (head is None or head.gone):
            return
        digest = event.digest()
        if head and not event.gone and not head.gone and head.digest == digest:
            self._adopt(place, head)
            return
        self._add(place, event, digest, head)

    def _refuse(self, place: Place, event: VersionedEvent, holder: str) -> None:
        if event.gone:  # it no longer wants what it never had
            self._claims.drop(place, self._origin)
            return
        self._claims.remember(place, self._origin)
        self._refused.append(Refusal(*place, holder=holder, claimant=self._origin))

    def _adopt(self, place: Place, head: _Head) -> None:
        if self._origin and head.origin != self._origin:
            head.origin = self._origin
            self._touched.add(place)

    def _add(self, place: Place, event: VersionedEvent, digest: str, head: _Head | None) -> None:
        self._top += 1
        version = max(head.version if head else 0, self._floor) + 1
        origin = self._origin or (head.holder if head else "")
        self._heads[place] = _Head(self._top, version, event.gone, digest, origin)
        self._touched.add(place)
        body = event.model_copy(update={"version": version}).body()
        self._entries.append(
            Entry(
                seq=self._top,
                topic=place[0],
                key=event.key(),
                identity=place[1],
                version=version,
                gone=event.gone,
                digest=digest,
                origin=origin,
                at=self._moment,
                cause=event.cause,
                packed=packed(body),
            )
        )

    def _write(self) -> None:
        self._claims.write()
        execute_many(
            self._connection, _INSERT_ENTRY, [_entry_row(entry, self._at) for entry in self._entries]
        )
        rows = [
            (place in self._known, _head_row(place, self._heads[place])) for place in sorted(self._touched)
        ]
        execute_many(self._connection, _INSERT_HEAD, [row for known, row in rows if not known])
        execute_many(self._connection, _UPDATE_HEAD, [row for known, row in rows if known])


_INSERT_ENTRY = entries.insert()
_HEAD_VALUES: dict[str, Any] = {
    name: bindparam(f"new_{name}") for name in ("seq", "version", "gone", "digest", "origin")
}
_INSERT_HEAD = heads.insert().values(
    topic=bindparam("of_topic"), identity=bindparam("of_identity"), **_HEAD_VALUES
)
_UPDATE_HEAD = (
    heads.update()
    .where(heads.c.topic == bindparam("of_topic"), heads.c.identity == bindparam("of_identity"))
    .values(**_HEAD_VALUES)
)
_HEADS = select(heads).where(
    heads.c.topic == bindparam("topic"), heads.c.identity.in_(bindparam("names", expanding=True))
)
_TOP_AND_FLOOR = select(
    select(func.max(entries.c.seq)).scalar_subquery(), select(func.max(floors.c.version)).scalar_subquery()
)


def _heads(connection: Connection, places: Sequence[Place]) -> Iterator[tuple[Place, _Head]]:
    for topic, names in by_topic(places):
        for row in connection.execute(_HEADS, {"topic": topic, "names": names}):
            yield (row[0], row[1]), _Head(*row[2:])


def by_topic(places: Sequence[Place]) -> Iterator[tuple[str, list[str]]]:
    """Group sorted places by topic into lists of identities that are short enough for one query."""
    for topic, group in groupby(places, key=lambda place: place[0]):
        names = [identity for _, identity in group]
        for start in range(0, len(names), _CHUNK):
            yield topic, names[start : start + _CHUNK]


def _top_and_floor(connection: Connection) -> Iterable[int]:
    return (value or 0 for value in connection.execute(_TOP_AND_FLOOR).one())


def _entry_row(entry: Entry, at: int) -> dict[str, object]:
    cause = entry.cause
    return {
        "seq": entry.seq,
        "topic": entry.topic,
        "identity": entry.identity,
        "version": entry.version,
        "key": "" if entry.key == entry.identity else entry.key,
        "gone": entry.gone,
        "digest": entry.digest,
        "origin": entry.origin,
        "at": at,
        "repository": cause.repository,
        "commit": cause.commit,
        "author": cause.author,
        "committed_at": None if cause.committed_at is None else to_micros(cause.committed_at),
        "actor": cause.actor,
        "body": entry.packed,
    }


def _head_row(place: Place, head: _Head) -> dict[str, object]:
    return {
        "of_topic": place[0],
        "of_identity": place[1],
        "new_seq": head.seq,
        "new_version": head.version,
        "new_gone": head.gone,
        "new_digest": head.digest,
        "new_origin": head.origin,
    }
