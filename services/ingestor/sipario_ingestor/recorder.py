"""Writes what reading a source gave into the ledger: entities and the source's own row in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sipario_events import Cause, EntityChanged
from sipario_ledger import Contested, Entry, Ledger, Recorded

from sipario_ingestor.outcome import Outcome, SourceProblem
from sipario_ingestor.plan import gone, keeping, leftover, spoilt
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import Sources, SourceStore


class Intake:
    """One reading of a source on its way into the ledger. `held` is what the source held before.

    While the rest is being read, what is done goes in already. Whoever dies in between leaves the source due: it is
    read again, and what went in before says nothing new.
    """

    def __init__(self, ledger: Ledger, source: str, held: Collection[str]) -> None:
        self.held = held
        self.taken: set[str] = set()
        self._ledger = ledger
        self._source = source

    async def take(self, events: Sequence[EntityChanged]) -> None:
        """Record what the source declares."""
        await self._ledger.record(events, self._source)
        self.taken.update(event.ref for event in events)


class Recorder:
    """Compares a source as it was read with what the ledger holds of it, and records the difference."""

    def __init__(self, ledger: Ledger, store: SourceStore) -> None:
        self._ledger = ledger
        self._store = store

    async def begin(self, source: Source) -> Intake:
        """Prepare for what reading a source will give."""
        return Intake(self._ledger, source.id, frozenset(await self._ledger.held(source.id)))

    async def record(
        self, source: Source, outcome: Outcome, intake: Intake, *, children: Sequence[Address]
    ) -> Sequence[Contested]:
        """Record the end of a reading: what it does not declare and no problem excuses is gone.

        `source` is the row to keep once that is done; refused claims, also of what went in before, are added to its
        problems in the same transaction, and returned.
        """
        declared = outcome.entities.keys() | outcome.unchanged
        claimed = await self._ledger.claims(source.id)
        events = [
            *await self._leftovers(source, outcome, intake.held),
            *(gone(ref, source.id, outcome.cause) for ref in claimed if ref not in declared),
            *[
                await self._whole(event, outcome)
                for event in outcome.entities.values()
                if event.ref not in intake.taken
            ],
        ]

        refused: list[Contested] = []

        def keep(table: Sources) -> None:
            refused.extend(table.contested(source.id))
            problems = [_refusal(each, outcome, table) for each in refused]
            table.answer(_told(source, problems))
            table.read_also(source.id, outcome.reads)
            table.lead_to(source.id, children)

        recorded = await self._ledger.record(events, source.id, alongside=self._store.within(keep))
        await self._wake(recorded)
        return refused

    async def _leftovers(
        self, source: Source, outcome: Outcome, held: Collection[str]
    ) -> list[EntityChanged]:
        """Say what becomes of what the source held and does not declare any more."""
        declared = outcome.entities.keys() | outcome.unchanged
        spoils = spoilt(outcome.problems, held)
        if spoils:
            last = await self._ledger.of_origin(source.id)
            left = [_last(entry) for entry in last if entry.identity not in declared]
            return [leftover(each, spoils, outcome.cause) for each in left]
        return [gone(ref, source.id, outcome.cause) for ref in held if ref not in declared]

    async def _whole(self, event: EntityChanged, outcome: Outcome) -> EntityChanged:
        """Let the fields whose content could not be had keep what they held."""
        fields = outcome.lacking.get(event.ref, ())
        head = await self._ledger.head(event.topic, event.ref) if fields else None
        return event if head is None or head.gone else keeping(event, _last(head), fields, outcome.vocabulary)

    async def remove(self, source: Source, cause: Cause) -> Recorded | None:
        """Let go of all that a source holds and claims, and forget it; None when somebody wants it again by now."""
        held = await self._ledger.held(source.id)
        claimed = await self._ledger.claims(source.id)
        events = [gone(ref, source.id, cause) for ref in (*held, *claimed)]

        def forget(table: Sources) -> None:
            if table.reasons(source.id):
                raise _Wanted
            table.remove(source.id)

        try:
            recorded = await self._ledger.record(events, source.id, alongside=self._store.within(forget))
        except _Wanted:
            return None
        await self._wake(recorded)
        return recorded

    async def _wake(self, recorded: Recorded) -> None:
        """Read those again who were refused what is free now."""
        waiting = sorted({freed.claimant for freed in recorded.freed})
        if waiting:
            await self._store.write(lambda table: table.ask(waiting, force=True))


class _Wanted(Exception):
    """There is a reason again to read what was to be removed."""


def _last(entry: Entry) -> EntityChanged:
    return EntityChanged.read(entry.body)


def _told(source: Source, refusals: Sequence[SourceProblem]) -> Source:
    failed = any(each.level == "error" for each in refusals)
    state = "failed" if failed else source.state
    return replace(source, problems=(*source.problems, *refusals), state=state)


def _refusal(refused: Contested, outcome: Outcome, table: Sources) -> SourceProblem:
    """Say who holds it; when that one reads the same file of the same branch, nothing is wrong."""
    event = outcome.entities.get(refused.identity)
    location = event.location if event else ""
    if location and location == table.location(refused.identity):
        message = f"{refused.identity} comes from this file already, which {refused.holder} reads too"
        return SourceProblem(message, level="info", location=location, entity=refused.identity)
    return SourceProblem(
        f"{refused.identity} is already declared by {refused.holder}; it takes over here once it is gone there",
        location=location,
        entity=refused.identity,
    )
