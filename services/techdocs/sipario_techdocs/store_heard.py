"""What was heard of entities and repositories, in the ledger's database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import orjson
from sipario_events import EntityChanged, RepositoryChanged
from sipario_kit.errors import EngineUnavailable
from sipario_kit.projection import Checkpoint
from sipario_ledger import Ledger, LedgerUnavailable
from sqlalchemy import Connection, delete, func, insert, select

from sipario_techdocs.jobs import chunks, enqueue
from sipario_techdocs.origin import has_docs
from sipario_techdocs.store import Resolve, SourceKept
from sipario_techdocs.tables import places, sources


class LedgerHeard:
    """A `Heard` beside the service's ledger. What projections call raises `EngineUnavailable`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def positions(self, projection: str, generation: str) -> Mapping[str, int]:
        """Read a checkpoint; empty in another life of the broker."""
        query = select(places.c.positions).where(
            places.c.projection == projection, places.c.generation == generation
        )
        try:
            found = await self._ledger.read(lambda connection: connection.execute(query).scalar())
        except LedgerUnavailable as error:
            raise EngineUnavailable(str(error)) from error
        return orjson.loads(found) if found else {}

    async def hear_entities(
        self, events: Sequence[EntityChanged], checkpoint: Checkpoint, resolve: Resolve
    ) -> None:
        """Keep the newer ones and queue those with docs, or that had docs."""
        rows = {event.ref: _row(event, resolve) for event in sorted(events, key=lambda event: event.version)}
        hints = {event.ref: event.cause.commit for event in events}

        def work(connection: Connection) -> None:
            known = _known(connection, list(rows))
            newer = [row for ref, row in rows.items() if row["version"] > known.get(ref, (0, False))[0]]
            _replace(connection, newer)
            concerned = [
                row["ref"] for row in newer if row["documented"] or known.get(row["ref"], (0, False))[1]
            ]
            enqueue(connection, [(ref, hints[ref], False) for ref in concerned])
            _keep_place(connection, "entities", checkpoint)

        await self._write(work)

    async def hear_repositories(self, events: Sequence[RepositoryChanged], checkpoint: Checkpoint) -> None:
        """Queue builds; pull requests change nothing that is served."""
        hints = {event.repository: event.commit for event in events if event.change == "pushed"}

        def work(connection: Connection) -> None:
            query = select(sources.c.ref, sources.c.repository).where(
                sources.c.documented, sources.c.repository.in_(list(hints))
            )
            found = connection.execute(query).all() if hints else []
            enqueue(connection, [(ref, hints[repository], False) for ref, repository in found])
            _keep_place(connection, "repositories", checkpoint)

        await self._write(work)

    async def source(self, ref: str) -> SourceKept | None:
        """Return what is known of an entity."""
        query = select(sources).where(sources.c.ref == ref)
        row = await self._ledger.read(lambda connection: connection.execute(query).one_or_none())
        return SourceKept(row.ref, row.documented, row.location, orjson.loads(row.entity)) if row else None

    async def elsewhere(self) -> Mapping[str, Sequence[str]]:
        """Return the entities whose docs are in another repository than they are, by the address of that."""
        own = func.substr(sources.c.location, len("url:") + 1, func.length(sources.c.repository) + 1)
        foreign = func.lower(own) != func.lower(sources.c.repository + "/")
        query = select(sources.c.repository, sources.c.ref).where(sources.c.documented, foreign)
        found: dict[str, list[str]] = {}
        for repository, ref in await self._ledger.read(lambda connection: connection.execute(query).all()):
            if repository:
                found.setdefault(repository, []).append(ref)
        return found

    async def repositories(self) -> Collection[str]:
        """Return the addresses of all repositories that docs are in."""
        query = select(sources.c.repository).where(sources.c.documented).distinct()
        found = await self._ledger.read(lambda connection: connection.execute(query).scalars().all())
        return set(found) - {""}

    async def _write(self, work: Callable[[Connection], None]) -> None:
        try:
            await self._ledger.write(work)
        except LedgerUnavailable as error:
            raise EngineUnavailable(str(error)) from error


def _row(event: EntityChanged, resolve: Resolve) -> dict[str, Any]:
    documented = not event.gone and has_docs(event.entity)
    return {
        "ref": event.ref,
        "version": event.version,
        "documented": documented,
        "repository": resolve(event) if documented else "",
        "location": event.location if documented else "",
        "entity": orjson.dumps(event.entity) if documented else b"{}",
    }


def _known(connection: Connection, refs: Sequence[str]) -> dict[str, tuple[int, bool]]:
    known: dict[str, tuple[int, bool]] = {}
    for chunk in chunks(refs):
        query = select(sources.c.ref, sources.c.version, sources.c.documented).where(sources.c.ref.in_(chunk))
        known |= {ref: (version, documented) for ref, version, documented in connection.execute(query)}
    return known


def _replace(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    for chunk in chunks([row["ref"] for row in rows]):
        connection.execute(delete(sources).where(sources.c.ref.in_(chunk)))
    if rows:
        connection.execute(insert(sources), list(rows))


def _keep_place(connection: Connection, projection: str, checkpoint: Checkpoint) -> None:
    connection.execute(delete(places).where(places.c.projection == projection))
    row = {
        "projection": projection,
        "generation": checkpoint.generation,
        "positions": orjson.dumps(dict(checkpoint.positions)),
    }
    connection.execute(insert(places).values(row))
