"""Writes what reading a source gave into the ledger: entities and the source's own row in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sipario_events import Cause, EntityChanged
from sipario_ledger import Entry, Ledger, Recorded, Refusal

from sipario_ingestor.outcome import Outcome, SourceProblem
from sipario_ingestor.plan import gone, leftover, spoilt
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import Sources, SourceStore


class Recorder:
    """Compares a source as it was read with what the ledger holds of it, and records the difference."""

    def __init__(self, ledger: Ledger, store: SourceStore) -> None:
        self._ledger = ledger
        self._store = store

    async def record(
        self, source: Source, outcome: Outcome, *, cause: Cause, children: Sequence[Address]
    ) -> Recorded:
        """Record a whole reading: what it does not declare and no problem excuses is gone.

        `source` is the row to keep once that is done; refused claims are added to its problems.
        """
        declared = outcome.entities.keys() | outcome.unchanged
        claimed = await self._ledger.claims(source.id)
        events = [
            *await self._leftovers(source, outcome, cause),
            *(gone(ref, source.id, cause) for ref in claimed if ref not in declared),
            *outcome.entities.values(),
        ]

        def keep(table: Sources) -> None:
            table.answer(source)
            table.read_also(source.id, outcome.reads)
            table.lead_to(source.id, children)

        recorded = await self._ledger.record(events, source.id, alongside=self._store.within(keep))
        if recorded.refused:
            problems = (*source.problems, *(_refusal(each, outcome) for each in recorded.refused))
            told = replace(source, problems=problems, state="failed")
            await self._store.write(lambda table: table.answer(told))
        await self._wake(recorded)
        return recorded

    async def _leftovers(self, source: Source, outcome: Outcome, cause: Cause) -> list[EntityChanged]:
        """Say what becomes of what the source held and does not declare any more."""
        declared = outcome.entities.keys() | outcome.unchanged
        held = await self._ledger.held(source.id)
        spoils = spoilt(outcome.problems, held)
        if spoils:
            last = await self._ledger.of_origin(source.id)
            return [leftover(_last(entry), spoils, cause) for entry in last if entry.identity not in declared]
        return [gone(ref, source.id, cause) for ref in held if ref not in declared]

    async def remove(self, source: Source, cause: Cause) -> Recorded:
        """Let go of all that a source holds and claims, and forget it."""
        held = await self._ledger.held(source.id)
        claimed = await self._ledger.claims(source.id)
        events = [gone(ref, source.id, cause) for ref in (*held, *claimed)]
        recorded = await self._ledger.record(
            events, source.id, alongside=self._store.within(lambda table: table.remove(source.id))
        )
        await self._wake(recorded)
        return recorded

    async def _wake(self, recorded: Recorded) -> None:
        """Read those again who were refused what is free now."""
        waiting = sorted({freed.claimant for freed in recorded.freed})
        if waiting:
            await self._store.write(lambda table: table.ask(waiting, force=True))


def _last(entry: Entry) -> EntityChanged:
    return EntityChanged.model_validate_json(entry.body)


def _refusal(refusal: Refusal, outcome: Outcome) -> SourceProblem:
    event = outcome.entities[refusal.key]
    return SourceProblem(
        f"{refusal.key} is already declared by {refusal.holder}; it takes over here once it is gone there",
        location=event.location,
        entity=refusal.key,
    )
