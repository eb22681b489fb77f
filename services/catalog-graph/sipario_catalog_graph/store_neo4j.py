"""The graph in Neo4j, or in whatever speaks Bolt and Cypher as Neo4j does."""

import base64
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import orjson
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncResult, AsyncSession, AsyncTransaction
from pydantic import TypeAdapter
from sipario_events import GraphChanged
from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_kit.projection import Checkpoint

from sipario_catalog_graph.graph import Node, newest
from sipario_catalog_graph.queries import query
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_errors import told
from sipario_catalog_graph.writing import Plan, Row, batches, due, mentioned, plan, stub_row

PROJECTION = "graph"
BATCH = 500
MOST_FOUND = 50_000  # what one statement may take; of more, the others are asked for as they are told
CONNECTION_SECONDS = 5.0
WRITE_SECONDS = 60.0
HELD = ("ref", "id", "version", "epoch", "declares")
CHANGES = TypeAdapter(list[GraphChanged])


class Neo4jGraph:
    """Fills `GraphStore` and `GraphRebuild`. One statement touches at most 500 rows' worth."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._driver: AsyncDriver | None = None
        self._prepared = False
        self._reached_in = ""  # the life of the broker whose checkpoint is there, as far as is known
        # Versions that were there when a new life began, and have not been told again since.
        self._found: dict[str, int] = {}

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Hold connections, and let go of them at the end; a database that is away is found by the first statement."""
        login = (self._settings.neo4j_user, self._settings.neo4j_password.get_secret_value())
        async with AsyncGraphDatabase.driver(
            self._settings.neo4j_url, auth=login, connection_timeout=CONNECTION_SECONDS
        ) as self._driver:
            yield

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint, after making sure of the constraints.

        In a new life of the broker everything is told again: what the graph has of it already is asked at once.
        """
        await self._prepare()
        row = await self._reached()
        self._reached_in, self._found = row.get("generation") or "", {}
        if row.get("generation") == generation:
            return cast("dict[str, int]", orjson.loads(row["positions"]))
        if self._reached_in:
            self._found = dict((await self._ask("versions", limit=MOST_FOUND))[0]["found"])
        return {}

    async def apply(self, nodes: Sequence[Node], checkpoint: Checkpoint) -> list[GraphChanged]:
        """Write what is newer; as told in `GraphStore`. Nothing is written to a graph that was emptied meanwhile."""
        news = [node for node in nodes if self._found.pop(node.ref, 0) < node.version]
        async with self._transaction() as tx:
            made = await self._write(tx, news)
            # A commit whose answer was lost left changes that nobody has said: the same batch, tried again, finds none.
            left = (await _run(tx, query("reached"), projection=PROJECTION) or [{}])[0]
            self._must_hold(left, checkpoint.generation)
            changes = _unpacked(left) + made.changes
            positions = orjson.dumps(dict(checkpoint.positions)).decode()
            where = {"projection": PROJECTION, "generation": checkpoint.generation, "positions": positions}
            await _run(tx, query("checkpoint"), unsaid=_packed(changes), **where)
        self._reached_in = checkpoint.generation
        return changes

    async def unsaid(self) -> list[GraphChanged]:
        """Read what was written and perhaps never said."""
        return _unpacked(await self._reached())

    async def said(self) -> None:
        """Confirm that it was said."""
        await self._ask("said", projection=PROJECTION)

    async def begin(self) -> int:
        """Start a new epoch."""
        return int((await self._ask("epoch", projection=PROJECTION))[0]["epoch"])

    async def again(self, nodes: Sequence[Node]) -> None:
        """Write nodes anew."""
        for part in batches(nodes, BATCH):
            async with self._transaction() as tx:
                await self._write(tx, part, anew=True)

    async def sweep(self, epoch: int) -> int:
        """Remove what is older, a bounded number at a time; an end that is still pointed at becomes a stub."""
        swept = 0
        while removed := (await self._ask("sweep_edges", epoch=epoch, limit=BATCH))[0]["removed"]:
            swept += removed
        await self._ask("nameless")
        while rows := await self._ask("orphaned", epoch=epoch, limit=BATCH):
            stubs = [stub_row(row["ref"], epoch) for row in rows if row["connected"]]
            async with self._transaction() as tx:
                await _run(tx, query("replace"), rows=stubs)
                await _run(tx, query("remove"), refs=[row["ref"] for row in rows if not row["connected"]])
            swept += len(rows) - len(stubs)
        return swept

    async def _write(self, tx: AsyncTransaction, nodes: Sequence[Node], *, anew: bool = False) -> Plan:
        fresh = newest(nodes)
        epoch = (await _run(tx, query("reached"), projection=PROJECTION) or [{}])[0].get("epoch") or 0
        held = await _held(tx, "current", sorted(fresh))
        new = due(fresh, held, epoch, anew=anew)  # after a restart nothing is: then nothing more is asked
        held |= await _held(tx, "ends", [ref for ref in mentioned(new.values()) if ref not in fresh])
        made = plan(fresh, held, epoch, anew=anew)
        if anew:
            await _run(tx, query("drop_edges"), refs=[change.ref for change in made.changes])
        await _carry_out(tx, made, epoch, {ref: row["id"] for ref, row in held.items()})
        return made

    def _must_hold(self, reached: Row, generation: str) -> None:
        """Raise StoreForgotten when the checkpoint that was there is not: then all else is gone too."""
        if self._reached_in and reached.get("generation") not in (self._reached_in, generation):
            self._prepared, self._reached_in = False, ""
            raise StoreForgotten("The graph lost its checkpoint")

    async def _prepare(self) -> None:
        if not self._prepared:
            await self._ask("constraint_entity")
            await self._ask("constraint_checkpoint")
            self._prepared = True

    async def _reached(self) -> Row:
        rows = await self._ask("reached", projection=PROJECTION)
        return rows[0] if rows else {}

    async def _ask(self, name: str, names: Mapping[str, str] | None = None, **values: Any) -> list[Row]:
        with told():
            async with self._session() as session:
                return await _rows(await session.run(query(name, **(names or {})), values))

    def _session(self) -> AsyncSession:
        if self._driver is None:
            raise EngineUnavailable("The graph is not connected")
        return self._driver.session(database=self._settings.neo4j_database or None)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncTransaction]:
        with told():
            async with (
                self._session() as session,
                await session.begin_transaction(timeout=WRITE_SECONDS) as tx,
            ):
                yield tx
                await tx.commit()


def _packed(changes: list[GraphChanged]) -> str:
    # It lives for a moment, but is written twice and logged twice: a fifth of the size is worth the packing.
    return base64.b64encode(zlib.compress(CHANGES.dump_json(changes), 1)).decode() if changes else ""


def _unpacked(row: Row) -> list[GraphChanged]:
    packed = row.get("unsaid")
    return CHANGES.validate_json(zlib.decompress(base64.b64decode(packed))) if packed else []


async def _held(tx: AsyncTransaction, name: str, refs: Sequence[str]) -> dict[str, Row]:
    held: dict[str, Row] = {}
    for part in batches(refs, BATCH):
        found = (await _run(tx, query(name), refs=part))[0]["found"]
        held |= {each[0]: dict(zip(HELD, each, strict=False)) for each in found}
    return held


async def _carry_out(tx: AsyncTransaction, made: Plan, epoch: int, ids: dict[str, str]) -> None:
    for label, rows in made.create.items():
        for part in batches(rows, BATCH):
            ids.update((await _run(tx, query("create", LABEL=label), rows=part))[0]["found"])
    await _in_batches(tx, query("replace"), made.replace)
    for type_, rows in made.disconnect.items():
        await _in_batches(tx, query("disconnect", TYPE=type_), rows)
    for type_, links in made.connect.items():
        text, between = query("connect", TYPE=type_), [(ids[s], ids[t], *told) for s, t, *told in links]
        await _in_batches(tx, text, between, epoch=epoch)
    if made.left:
        await _run(tx, query("forget"), refs=sorted(made.left))


async def _in_batches(tx: AsyncTransaction, text: str, rows: Sequence[Any], **values: Any) -> None:
    for part in batches(rows, BATCH):
        await _run(tx, text, rows=part, **values)


async def _run(tx: AsyncTransaction, text: str, **values: Any) -> list[Row]:
    return await _rows(await tx.run(text, values))


async def _rows(result: AsyncResult) -> list[Row]:
    # Not `data()`: that copies every value of every list, which costs more than the query.
    return [dict(zip(record.keys(), record.values(), strict=True)) async for record in result]
