"""What can be asked of former times: each function is one question on one connection. Moments are microseconds."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from sipario_ledger.entry import Entry
from sipario_ledger.queries import entries_of
from sipario_ledger.tables import entries


def versions(connection: Connection, topic: str, identity: str, below: int | None, limit: int) -> list[Entry]:
    """Return versions of one identity, newest first; only those before version `below`, if that is given."""
    query = select(entries).where(entries.c.topic == topic, entries.c.identity == identity)
    if below is not None:
        query = query.where(entries.c.version < below)
    return entries_of(connection, query.order_by(entries.c.version.desc()).limit(limit))


def state(connection: Connection, topic: str, moment: int, after: str, limit: int) -> list[Entry]:
    """Return the version that each identity had at a moment, tombstones too, in order of identity after `after`."""
    newest = (
        select(entries.c.identity, func.max(entries.c.version).label("version"))
        .where(entries.c.topic == topic, entries.c.at <= moment, entries.c.identity > after)
        .group_by(entries.c.identity)
        .order_by(entries.c.identity)
        .limit(limit)
        .subquery()
    )
    same = (entries.c.identity == newest.c.identity) & (entries.c.version == newest.c.version)
    query = select(entries).join(newest, same).where(entries.c.topic == topic)
    return entries_of(connection, query.order_by(entries.c.identity))


def begin(connection: Connection, topic: str) -> int | None:
    """Return the moment of a topic's first entry; None when there is none."""
    query = select(entries.c.at).where(entries.c.topic == topic).order_by(entries.c.seq).limit(1)
    return connection.execute(query).scalar()


def moved(
    connection: Connection, topic: str, since: int, until: int, after: str = "", limit: int = 500
) -> list[str]:
    """Return the identities with a version recorded after `since` and not after `until`, in order after `after`."""
    query = select(entries.c.identity).where(
        entries.c.topic == topic, entries.c.at > since, entries.c.at <= until, entries.c.identity > after
    )
    ordered = query.distinct().order_by(entries.c.identity).limit(limit)
    return list(connection.execute(ordered).scalars())


def at(connection: Connection, topic: str, identities: Iterable[str], moment: int) -> dict[str, Entry]:
    """Return the versions that some identities had at a moment; what did not exist then is left out."""
    newest = (
        select(entries.c.identity, func.max(entries.c.version).label("version"))
        .where(entries.c.topic == topic, entries.c.at <= moment, entries.c.identity.in_(list(identities)))
        .group_by(entries.c.identity)
        .subquery()
    )
    same = (entries.c.identity == newest.c.identity) & (entries.c.version == newest.c.version)
    query = select(entries).join(newest, same).where(entries.c.topic == topic)
    return {entry.identity: entry for entry in entries_of(connection, query)}
