"""Rows of builds that wait, for whoever holds a transaction."""

import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from sipario_techdocs.store import Again, Job
from sipario_techdocs.tables import jobs

CHUNK = 400


def enqueue(connection: Connection, wanted: Sequence[tuple[str, str, bool]]) -> None:
    """Queue builds at once, given as ref, hint and whole; one that waits already has a new turn."""
    turn = connection.execute(select(func.max(jobs.c.turn))).scalar() or 0
    waiting: set[str] = set()
    for chunk in chunks([ref for ref, _, _ in wanted]):
        query = select(jobs.c.ref).where(jobs.c.whole, jobs.c.ref.in_(chunk))
        waiting |= set(connection.execute(query).scalars())
        connection.execute(delete(jobs).where(jobs.c.ref.in_(chunk)))
    rows = [
        {"ref": ref, "turn": turn + number, "hint": hint, "whole": whole or ref in waiting}
        for number, (ref, hint, whole) in enumerate(wanted, 1)
    ]
    if rows:
        connection.execute(insert(jobs), rows)


def finish(connection: Connection, job: Job, again: Again | None) -> None:
    """Strike a job off, or put it off, if its turn is still the one that was taken."""
    mine = (jobs.c.ref == job.ref, jobs.c.turn == job.turn)
    if again is None:
        connection.execute(delete(jobs).where(*mine))
        return
    connection.execute(
        update(jobs)
        .where(*mine)
        .values(
            tries=job.tries + 1,
            due=now() + int(again.seconds * 1000),
            told=again.told,
            whole=job.whole and not again.built,
        )
    )


def now() -> int:
    """Count milliseconds since 1970."""
    return int(time.time() * 1000)


def chunks(refs: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut into pieces that fit into one statement."""
    for start in range(0, len(refs), CHUNK):
        yield refs[start : start + CHUNK]
