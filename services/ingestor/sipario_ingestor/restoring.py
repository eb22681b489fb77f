"""Brings back entities that are gone, as they were last."""

from functools import partial

from sipario_events import ENTITIES, Cause, EntityChanged
from sipario_kit.errors import Conflict, NotFound
from sipario_ledger import Entry, Ledger, past
from sqlalchemy import Connection

from sipario_ingestor.kinds import DEFINITIONS, Kinds
from sipario_ingestor.plan import orphaned
from sipario_ingestor.store_ledger import Sources, SourceStore

RESTORED = "restored:"
"""With what the origin of an entity begins that somebody brought back."""
VERSIONS = 50


class Restoring:
    """What is restored is an orphan that stays: nothing declares it, and it makes way for whatever does."""

    def __init__(self, ledger: Ledger, store: SourceStore, kinds: Kinds) -> None:
        self._ledger = ledger
        self._store = store
        self._kinds = kinds

    async def restore(self, ref: str, actor: str) -> EntityChanged:
        """Bring back the last version of an entity, on somebody's word.

        Raises NotFound for what never was, and Conflict for what is in the catalog.
        """
        last = await self._last(ref)
        origin = RESTORED + ref
        event = orphaned(last, Cause(actor=actor)).model_copy(update={"origin": origin, "status": ()})

        def keep(table: Sources) -> None:
            table.orphans.mark(origin, {ref})
            table.orphans.keep(ref)

        recorded = await self._ledger.record([event], origin, alongside=self._store.within(keep))
        if recorded.refused:  # somebody declared it at this very moment
            await self._store.write(lambda table: table.orphans.mark(origin, ()))
            raise _there(ref)
        if ref.startswith(DEFINITIONS):
            await self._kinds.refresh()
        return event

    async def _last(self, ref: str) -> EntityChanged:
        before: int | None = None
        while versions := await self._ledger.read(partial(_page, ref=ref, below=before)):
            if before is None and not versions[0].gone:
                raise _there(ref)
            last = next((each for each in versions if not each.gone), None)
            if last:
                return EntityChanged.read(last.body)
            before = versions[-1].version
        raise NotFound(f"There never was an entity {ref}")


def _page(connection: Connection, *, ref: str, below: int | None) -> list[Entry]:
    return past.versions(connection, ENTITIES, ref, below, VERSIONS)


def _there(ref: str) -> Conflict:
    return Conflict(f"{ref} is in the catalog")
