"""Sources, kept beside the ledger: what is wished for and what was read change together with what is recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from sipario_events import ENTITIES, EntityChanged
from sipario_ledger import Contested, Ledger, queries
from sipario_ledger.clock import Clock, to_micros
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from sipario_ingestor.orphan_table import OrphanTable
from sipario_ingestor.source import Address, Source, problems_of, written
from sipario_ingestor.tables import former_names, locations, places, reads, reasons, sources

Result = TypeVar("Result")
CHILD = "child:"
ORPHANED = "orphaned"
"""The only reason of a source that no Location leads to any more."""


class Sources:
    """The table of sources in one transaction."""

    def __init__(self, connection: Connection, now: int) -> None:
        self._connection = connection
        self._now = now

    @property
    def orphans(self) -> OrphanTable:
        """What sources hold and do not declare any more."""
        return OrphanTable(self._connection, self._now)

    def all(self) -> list[Source]:
        """Return all, by id."""
        return self._loaded(select(sources).order_by(sources.c.id))

    def find(self, id_: str) -> Source | None:
        """Return one by its id."""
        return next(iter(self._loaded(select(sources).where(sources.c.id == id_))), None)

    def of_repository(self, repository: str) -> list[Source]:
        """Return those that read a repository, be it by a former name, or only for the text of a placeholder."""
        query = select(former_names.c.former).where(former_names.c.repository == repository)
        names = [repository, *self._connection.execute(query).scalars()]
        readers = select(reads.c.source).where(reads.c.repository.in_(names))
        return self._loaded(
            select(sources).where(sources.c.repository.in_(names) | sources.c.id.in_(readers))
        )

    def rename(self, former: str, repository: str) -> None:
        """Keep that a repository has another name now: hosts often serve it under the former one too."""
        known = former_names.c.former.in_((former, repository))
        self._connection.execute(delete(former_names).where(known))
        moved = update(former_names).where(former_names.c.repository == former)
        self._connection.execute(moved.values(repository=repository))
        self._connection.execute(insert(former_names), {"former": former, "repository": repository})

    def readers_of(self, repository: str) -> set[str]:
        """Return the ids of those that take text from a repository which is not theirs, or from another branch."""
        query = select(reads.c.source).where(reads.c.repository == repository)
        return set(self._connection.execute(query).scalars())

    def due(self, busy: Iterable[str]) -> Source | None:
        """Return the one that has been due for longest, of those whose lane is free."""
        lanes = list(busy)
        query = (
            select(sources)
            .where(sources.c.asked > sources.c.answered, sources.c.due_at <= self._now)
            .where(sources.c.repository.not_in(lanes), sources.c.id.not_in(lanes))
            .order_by(sources.c.due_at, sources.c.id)
            .limit(1)
        )
        return next(iter(self._loaded(query)), None)

    def next_due(self, busy: Iterable[str] = ()) -> int | None:
        """Return when the next one is due whose lane is free, in microseconds; None when none is asked for."""
        lanes = list(busy)
        query = (
            select(sources.c.due_at)
            .where(sources.c.asked > sources.c.answered)
            .where(sources.c.repository.not_in(lanes), sources.c.id.not_in(lanes))
        )
        return self._connection.execute(query.order_by(sources.c.due_at).limit(1)).scalar()

    def waiting(self) -> int:
        """Count what is asked for and not answered."""
        query = select(func.count()).where(sources.c.asked > sources.c.answered)
        return int(self._connection.execute(query).scalar_one())

    def add(self, address: Address, reason: str) -> bool:
        """Read a source from now on, for a reason; tells whether it is new."""
        new = self.find(address.id) is None
        if not new and self._has(address.id, ORPHANED):
            self._forget_reason(address.id, ORPHANED)
            self.ask([address.id], force=True)
        if new:
            row = {**asdict(address), **_row(Source(address, asked=1, due_at=self._now))}
            self._connection.execute(insert(sources), row)
        if not self._has(address.id, reason):
            self._connection.execute(insert(reasons), {"source": address.id, "reason": reason})
            if not new:
                self.ask([address.id])
        return new

    def drop(self, id_: str, reason: str) -> None:
        """Take a reason away; a source without any is read once more, which finds that it is to go."""
        self._forget_reason(id_, reason)
        if not self.reasons(id_):
            self.ask([id_])

    def reasons(self, id_: str) -> set[str]:
        """Return why a source is read."""
        query = select(reasons.c.reason).where(reasons.c.source == id_)
        return set(self._connection.execute(query).scalars())

    def contested(self, claimant: str = "") -> list[Contested]:
        """Return what sources declare that others hold; with a `claimant`, only what that one declares."""
        return queries.contested(self._connection, claimant)

    def last(self, ref: str) -> EntityChanged | None:
        """Return an entity as it is served now; None when there is none."""
        entry = queries.head(self._connection, ENTITIES, ref)
        return None if entry is None or entry.gone else EntityChanged.read(entry.body)

    def location(self, ref: str) -> str:
        """Return the file that an entity is read from now; empty when there is none."""
        last = self.last(ref)
        return last.location if last else ""

    def for_reason(self, reason: str) -> set[str]:
        """Return the ids of the sources that are read for a reason."""
        return set(
            self._connection.execute(select(reasons.c.source).where(reasons.c.reason == reason)).scalars()
        )

    def reasons_below(self, beginning: str) -> set[str]:
        """Return all reasons that begin so."""
        query = select(reasons.c.reason).where(reasons.c.reason.startswith(beginning)).distinct()
        return set(self._connection.execute(query).scalars())

    def ask(self, ids: Sequence[str], wanted: str = "", actor: str = "", *, force: bool = False) -> None:
        """Wish that sources be read soon; with `force` even when nothing seems to have changed."""
        changes: dict[str, Any] = {"due_at": self._now, "tries": 0, "wanted": wanted, "actor": actor}
        if force:
            changes["digest"] = ""
        for id_ in ids:
            self._connection.execute(
                update(sources).where(sources.c.id == id_).values(asked=sources.c.asked + 1, **changes)
            )

    def answer(self, source: Source) -> None:
        """Keep what reading it gave; wishes that came meanwhile stay open, and keep their own commit and moment."""
        row = _row(source)
        for wish in ("asked", "wanted", "actor"):
            row.pop(wish)
        due_at = row.pop("due_at")
        same = (sources.c.id == source.id) & (sources.c.asked == source.asked)
        self._connection.execute(update(sources).where(sources.c.id == source.id).values(**row))
        self._connection.execute(update(sources).where(same).values(due_at=due_at))

    def read_also(self, id_: str, repositories: Iterable[str]) -> None:
        """Keep which other repositories, and URLs of none, a source takes text from."""
        self._connection.execute(delete(reads).where(reads.c.source == id_))
        rows = [{"source": id_, "repository": each} for each in sorted(set(repositories))]
        if rows:
            self._connection.execute(insert(reads), rows)

    def readers(self) -> dict[str, list[str]]:
        """Return the sources that take text from elsewhere, by repository or URL."""
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(select(reads).order_by(reads.c.repository, reads.c.source)):
            found.setdefault(row.repository, []).append(row.source)
        return found

    def wishes(self, ids: Iterable[str]) -> dict[str, int]:
        """Return how often sources have been asked for up to now; what is no source is left out."""
        query = select(sources.c.id, sources.c.asked).where(sources.c.id.in_(list(ids)))
        return {row.id: row.asked for row in self._connection.execute(query)}

    def unanswered(self, wishes: Mapping[str, int]) -> str:
        """Return a source that was not read yet since it was wished, of these and those that they lead to.

        A try that failed is an answer too. Empty when there is none.
        """
        steps, known = dict(wishes), set(wishes)
        while steps:
            id_, wish = steps.popitem()
            source = self.find(id_)
            if source and source.answered < min(wish, source.asked) and not source.tries:
                return id_
            led = self.for_reason(CHILD + id_) - known
            known |= led
            steps |= self.wishes(led)
        return ""

    def lead_to(self, id_: str, children: Iterable[Address]) -> None:
        """Keep which other sources a source leads to; those that it no longer names may go."""
        reason = CHILD + id_
        wanted = {child.id: child for child in children}
        for left in self.for_reason(reason) - wanted.keys():
            if self.reasons(left) == {reason}:
                self._connection.execute(insert(reasons), {"source": left, "reason": ORPHANED})
                self.ask([left])
            self.drop(left, reason)
        for child in wanted.values():
            self.add(child, reason)

    def remove(self, id_: str) -> None:
        """Forget a source, and what it led to."""
        for child in self.for_reason(CHILD + id_):
            self.drop(child, CHILD + id_)
        self.read_also(id_, ())
        self.orphans.mark(id_, ())
        self._connection.execute(delete(reasons).where(reasons.c.source == id_))
        self._connection.execute(delete(sources).where(sources.c.id == id_))

    # Locations that people registered, and places in topics.

    def registered(self) -> dict[str, tuple[str, str]]:
        """Return type and target of the registered locations by id."""
        found = self._connection.execute(select(locations).order_by(locations.c.target))
        return {row.id: (row.type, row.target) for row in found}

    def register(self, id_: str, type_: str, target: str) -> None:
        """Keep a registered location."""
        self._connection.execute(insert(locations), {"id": id_, "type": type_, "target": target})

    def unregister(self, id_: str) -> None:
        """Forget a registered location."""
        self._connection.execute(delete(locations).where(locations.c.id == id_))

    def positions(self, generation: str) -> dict[str, int]:
        """Return the places reached in one life of the broker."""
        found = self._connection.execute(select(places).where(places.c.generation == generation))
        return {row.place: row.position for row in found}

    def reach(self, generation: str, positions: Mapping[str, int]) -> None:
        """Keep the places reached; what belongs to another life is forgotten."""
        self._connection.execute(delete(places))
        rows = [{"place": p, "generation": generation, "position": n} for p, n in positions.items()]
        if rows:
            self._connection.execute(insert(places), rows)

    def _forget_reason(self, id_: str, reason: str) -> None:
        self._connection.execute(delete(reasons).where(reasons.c.source == id_, reasons.c.reason == reason))

    def _has(self, id_: str, reason: str) -> bool:
        return reason in self.reasons(id_)

    def _loaded(self, query: Select[Any]) -> list[Source]:
        return [_source(row) for row in self._connection.execute(query)]


class SourceStore:
    """Opens transactions on the sources of a ledger. `Sources` is what they are done with."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def read(self, work: Callable[[Sources], Result]) -> Result:
        """Look at one state of all sources."""
        return await self._ledger.read(self.within(work))

    async def write(self, work: Callable[[Sources], Result], *, durable: bool = True) -> Result:
        """Change sources, all or nothing."""
        return await self._ledger.write(self.within(work), durable=durable)

    def within(self, work: Callable[[Sources], Result]) -> Callable[[Connection], Result]:
        """Make work of a transaction that somebody else opens."""
        now = to_micros(self._clock())
        return lambda connection: work(Sources(connection, now))


def _row(source: Source) -> dict[str, Any]:
    row = {name: getattr(source, name) for name in _KEPT}
    return {**row, "problems": written(source.problems)}


_KEPT = (
    "asked",
    "answered",
    "due_at",
    "tries",
    "wanted",
    "actor",
    "state",
    "branch",
    "commit",
    "digest",
    "incomplete",
    "read_at",
)


def _source(row: Row[Any]) -> Source:
    kept = {name: getattr(row, name) for name in _KEPT}
    address = Address(row.id, row.repository, row.ref, row.path)
    return Source(address, **kept, problems=problems_of(row.problems))
