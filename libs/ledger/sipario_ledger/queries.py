"""What can be asked of a ledger: each function is one question on one connection."""

from functools import lru_cache
from typing import Any

from sipario_events import Cause
from sqlalchemy import Connection, Row, Select, func, select

from sipario_ledger.clock import from_micros
from sipario_ledger.entry import Contested, Entry, Freed
from sipario_ledger.tables import claims, entries, heads

_is_head = entries.c.seq == heads.c.seq


def top(connection: Connection) -> int:
    """Return the newest entry's seq; 0 when there is none."""
    return connection.execute(select(func.max(entries.c.seq))).scalar() or 0


def since(connection: Connection, seq: int, limit: int) -> list[Entry]:
    """Return the entries after `seq`, oldest first."""
    query = select(entries).where(entries.c.seq > seq).order_by(entries.c.seq).limit(limit)
    return entries_of(connection, query)


def heads_after(connection: Connection, seq: int, limit: int, topic: str | None) -> list[Entry]:
    """Return the newest entry of each identity, tombstones too, that comes after `seq`, oldest first."""
    query = select(entries).join(heads, _is_head).where(heads.c.seq > seq).order_by(heads.c.seq).limit(limit)
    return entries_of(connection, query if topic is None else query.where(heads.c.topic == topic))


def heads_named(connection: Connection, topic: str, beginning: str) -> list[Entry]:
    """Return the live heads of a topic whose identities begin so, oldest first."""
    query = select(entries).join(heads, _is_head).where(heads.c.topic == topic, heads.c.gone.is_(False))
    named = query.where(heads.c.identity.startswith(beginning, autoescape=True))
    return entries_of(connection, named.order_by(heads.c.seq))


def head(connection: Connection, topic: str, identity: str) -> Entry | None:
    """Return the newest entry of one identity, be it a tombstone; None when there never was one."""
    query = select(entries).join(heads, _is_head).where(heads.c.topic == topic, heads.c.identity == identity)
    return next(iter(entries_of(connection, query)), None)


def history(connection: Connection, topic: str, identity: str, limit: int) -> list[Entry]:
    """Return all versions of one identity, newest first."""
    query = select(entries).where(entries.c.topic == topic, entries.c.identity == identity)
    return entries_of(connection, query.order_by(entries.c.version.desc()).limit(limit))


def of_origin(connection: Connection, origin: str) -> list[Entry]:
    """Return what an origin holds: live heads, oldest first."""
    query = select(entries).join(heads, _is_head).where(heads.c.origin == origin, heads.c.gone.is_(False))
    return entries_of(connection, query.order_by(heads.c.seq))


def held(connection: Connection, origin: str) -> list[str]:
    """Return the identities of what an origin holds, without their content."""
    query = select(heads.c.identity).where(heads.c.origin == origin, heads.c.gone.is_(False))
    return sorted(connection.execute(query).scalars())


def waiting(connection: Connection, identity: str) -> list[str]:
    """Return the origins that were refused `identity`, the first to ask first."""
    query = (
        select(claims.c.origin).where(claims.c.identity == identity).order_by(claims.c.at, claims.c.origin)
    )
    return list(connection.execute(query).scalars())


def claims_of(connection: Connection, origin: str) -> list[str]:
    """Return the identities that `origin` was refused and still waits for."""
    query = select(claims.c.identity).where(claims.c.origin == origin).order_by(claims.c.identity)
    return list(connection.execute(query).scalars())


def contested(connection: Connection, claimant: str = "") -> list[Contested]:
    """Return what is held by one origin while another waits for it; with a `claimant`, only what that one waits for."""
    query = (
        select(claims.c.identity, heads.c.origin, claims.c.origin)
        .join(heads, (heads.c.topic == claims.c.topic) & (heads.c.identity == claims.c.identity))
        .where(heads.c.gone.is_(False), heads.c.origin != claims.c.origin)
        .order_by(claims.c.identity, claims.c.at, claims.c.origin)
    )
    if claimant:
        query = query.where(claims.c.origin == claimant)
    return [Contested(*row) for row in connection.execute(query)]


def freed(connection: Connection) -> list[Freed]:
    """Return, for everything claimed that nobody holds now, whose turn it is."""
    query = (
        select(claims.c.topic, claims.c.identity, claims.c.origin)
        .join(heads, (heads.c.topic == claims.c.topic) & (heads.c.identity == claims.c.identity))
        .where(heads.c.gone.is_(True))
        .order_by(claims.c.at.desc(), claims.c.origin.desc())
    )
    first = {(topic, identity): origin for topic, identity, origin in connection.execute(query)}
    return [Freed(topic, identity, origin) for (topic, identity), origin in sorted(first.items())]


def entries_of(connection: Connection, query: Select[Any]) -> list[Entry]:
    """Read the entries that a query of whole rows selects."""
    return [_entry(row) for row in connection.execute(query)]


def _entry(row: Row[Any]) -> Entry:
    seq, topic, identity, version, key, gone, digest, origin, at, *cause, packed = tuple(row)
    return Entry(
        seq=seq,
        topic=topic,
        key=key or identity,
        identity=identity,
        version=version,
        gone=gone,
        digest=digest,
        origin=origin,
        at=from_micros(at),
        cause=_cause(*cause),
        packed=packed,
    )


@lru_cache(maxsize=64)
def _cause(repository: str, commit: str, author: str, committed_at: int | None, actor: str) -> Cause:
    return Cause(
        repository=repository,
        commit=commit,
        author=author,
        committed_at=None if committed_at is None else from_micros(committed_at),
        actor=actor,
    )
