"""The builds that wait, in the ledger's database."""

from collections.abc import Sequence

from sipario_ledger import Ledger
from sqlalchemy import Connection, delete, func, insert, or_, select

from sipario_techdocs.jobs import enqueue, finish, now
from sipario_techdocs.store import Again, Job, Waiting
from sipario_techdocs.tables import jobs, places, sites, sources

RENDERER = "renderer"
"""The row that tells, among the checkpoints, which renderer made what is served."""


class LedgerQueue:
    """A `Queue` beside the service's ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def look(self, limit: int) -> Waiting:
        """Return the jobs that are due, and when to look again."""

        def work(connection: Connection) -> Waiting:
            moment = now()
            columns = (jobs.c.ref, jobs.c.turn, jobs.c.hint, jobs.c.whole, jobs.c.tries)
            due = select(*columns).where(jobs.c.due <= moment).order_by(jobs.c.turn).limit(limit)
            found = [Job(*row) for row in connection.execute(due)]
            then = connection.execute(select(func.min(jobs.c.due)).where(jobs.c.due > moment)).scalar()
            untold = select(func.count()).select_from(jobs).where(~jobs.c.told)
            pending = connection.execute(untold).scalar() or 0
            return Waiting(found, (then - moment) / 1000 if then else None, pending)

        return await self._ledger.read(work)

    async def finish(self, job: Job, again: Again | None = None) -> None:
        """Strike a job off, or put it off; nothing, when it was asked for anew meanwhile."""
        await self._ledger.write(lambda connection: finish(connection, job, again))

    async def queue(self, refs: Sequence[str]) -> None:
        """Queue builds of these."""
        await self._ledger.write(lambda connection: enqueue(connection, [(ref, "", False) for ref in refs]))

    async def queue_all(self, *, whole: bool) -> int:
        """Queue every entity that has docs."""
        query = select(sources.c.ref).where(sources.c.documented)

        def work(connection: Connection) -> int:
            refs = list(connection.execute(query).scalars())
            enqueue(connection, [(ref, "", whole) for ref in refs])
            return len(refs)

        return await self._ledger.write(work)

    async def begin(self, renderer: str) -> int:
        """Queue what was never built or was put off; everything, when another renderer made it."""
        built = select(sites.c.ref).where(sites.c.etag != "")
        open_ = or_(sources.c.ref.not_in(built), sources.c.ref.in_(select(jobs.c.ref)))
        made_by = select(places.c.generation).where(places.c.projection == RENDERER)

        def work(connection: Connection) -> int:
            query = select(sources.c.ref).where(sources.c.documented)
            if connection.execute(made_by).scalar() == renderer:
                query = query.where(open_)
            refs = list(connection.execute(query).scalars())
            enqueue(connection, [(ref, "", False) for ref in refs])
            connection.execute(delete(places).where(places.c.projection == RENDERER))
            row = {"projection": RENDERER, "generation": renderer, "positions": b"{}"}
            connection.execute(insert(places).values(row))
            return len(refs)

        return await self._ledger.write(work)
