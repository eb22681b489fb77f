"""The orphans in one transaction: which entities a source holds that it does not declare any more, and since when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from sipario_ingestor.tables import orphans


@dataclass(frozen=True, slots=True)
class Orphan:
    """An entity that `source` held last, an orphan `since` then (microseconds); `kept` when somebody wants it so."""

    ref: str
    source: str
    since: int
    kept: bool


class OrphanTable:
    """Rows change together with what is recorded of their entities."""

    def __init__(self, connection: Connection, now: int) -> None:
        self._connection = connection
        self._now = now

    def all(self) -> list[Orphan]:
        """Return all, by ref."""
        return [Orphan(*row) for row in self._connection.execute(select(orphans).order_by(orphans.c.ref))]

    def mark(self, source: str, refs: Collection[str]) -> None:
        """Let exactly these be the orphans of a source; who was one before stays one since then."""
        known = self.of(source)
        self.forget(known - set(refs))
        rows = [
            {"ref": ref, "source": source, "since": self._now, "kept": False} for ref in set(refs) - known
        ]
        if rows:
            self._connection.execute(insert(orphans), rows)

    def of(self, source: str) -> set[str]:
        """Return the orphans of a source."""
        return set(
            self._connection.execute(select(orphans.c.ref).where(orphans.c.source == source)).scalars()
        )

    def holders(self, refs: Iterable[str]) -> Mapping[str, str]:
        """Return the sources of those that are orphans."""
        wanted = set(refs)
        return {each.ref: each.source for each in self.all() if each.ref in wanted} if wanted else {}

    def keep(self, ref: str) -> bool:
        """Let one stay, however long; tells whether it is one."""
        return bool(
            self._connection.execute(update(orphans).where(orphans.c.ref == ref).values(kept=True)).rowcount
        )

    def forget(self, refs: Iterable[str]) -> None:
        """Let them be no orphans any more."""
        for ref in refs:
            self._connection.execute(delete(orphans).where(orphans.c.ref == ref))

    def due(self, moment: int) -> dict[str, set[str]]:
        """Return those that have been orphans since a moment or longer, by their sources; not those that are kept."""
        found: dict[str, set[str]] = {}
        for each in self.all():
            if not each.kept and each.since <= moment:
                found.setdefault(each.source, set()).add(each.ref)
        return found

    def eldest(self) -> int | None:
        """Return since when the first is an orphan of those that are not kept."""
        query = select(func.min(orphans.c.since)).where(orphans.c.kept.is_(False))
        return self._connection.execute(query).scalar()
