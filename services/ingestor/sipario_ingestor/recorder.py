"""Writes what reading a source gave into the ledger: entities and the source's own row in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sipario_events import Cause, EntityChanged
from sipario_ledger import Contested, Entry, Ledger, Recorded

from sipario_ingestor.orphan_strategy import AT_ONCE, OrphanStrategy
from sipario_ingestor.outcome import Outcome, SourceProblem
from sipario_ingestor.plan import gone, is_orphan, keeping, leftover, orphaned, spoilt
from sipario_ingestor.source import Address, Source
from sipario_ingestor.store_ledger import ORPHANED, Sources, SourceStore


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

    def __init__(self, ledger: Ledger, store: SourceStore, orphans: OrphanStrategy = AT_ONCE) -> None:
        self._ledger = ledger
        self._store = store
        self._orphans = orphans

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
        left = await self._leftovers(source, outcome, intake.held)
        orphans = {event.ref for event in left if is_orphan(event)}
        events = [
            *left,
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
            table.orphans.mark(source.id, orphans)

        recorded = await self._ledger.record(events, source.id, alongside=self._store.within(keep))
        await self._wake(recorded)
        await self._make_way(refused)
        return refused

    async def bereave(self, source: Source, cause: Cause) -> None:
        """Make orphans of what a source holds and nobody waits for, and keep its row while there are any.

        It claims nothing any more: nothing leads to it.
        """
        contested = await self._contested()
        held = [_last(entry) for entry in await self._ledger.of_origin(source.id)]
        orphans = {each.ref for each in held} - contested
        events = [
            orphaned(each, cause) if each.ref in orphans else gone(each.ref, source.id, cause)
            for each in held
        ]
        events += [gone(ref, source.id, cause) for ref in await self._ledger.claims(source.id)]

        def keep(table: Sources) -> None:
            table.answer(source)
            table.orphans.mark(source.id, orphans)
            if not orphans:
                table.drop(source.id, ORPHANED)

        recorded = await self._ledger.record(events, source.id, alongside=self._store.within(keep))
        await self._wake(recorded)

    async def release(self, source: str, refs: Collection[str]) -> None:
        """Let go of orphans of a source; of none when one of them is no orphan any more by now."""
        events = [gone(ref, source, Cause()) for ref in sorted(refs)]

        def forget(table: Sources) -> None:
            if not table.orphans.of(source).issuperset(refs):
                raise _Wanted
            table.orphans.forget(refs)
            if table.reasons(source) == {ORPHANED} and not table.orphans.of(source):
                table.drop(source, ORPHANED)

        try:
            recorded = await self._ledger.record(events, source, alongside=self._store.within(forget))
        except _Wanted:
            return
        await self._wake(recorded)

    async def _make_way(self, refused: Sequence[Contested]) -> None:
        """Let orphans go at once that somebody else declares."""
        wanted = [each.identity for each in refused]
        holders = await self._store.read(lambda table: table.orphans.holders(wanted)) if wanted else {}
        for ref, holder in holders.items():
            await self.release(holder, {ref})

    async def _leftovers(
        self, source: Source, outcome: Outcome, held: Collection[str]
    ) -> list[EntityChanged]:
        """Say what becomes of what the source held and does not declare any more."""
        declared = outcome.entities.keys() | outcome.unchanged
        spoils = spoilt(outcome.problems, held)
        stays = not self._orphans.at_once and not source.provided
        if not spoils and not stays:
            return [gone(ref, source.id, outcome.cause) for ref in held if ref not in declared]
        last = await self._ledger.of_origin(source.id)
        left = [_last(entry) for entry in last if entry.identity not in declared]
        contested = await self._contested()
        return [
            leftover(each, spoils, outcome.cause, stays=stays and each.ref not in contested) for each in left
        ]

    async def _contested(self) -> set[str]:
        """Return what is held by one source while another waits for it."""
        return await self._store.read(lambda table: {each.identity for each in table.contested()})

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
