"""One source from wish to record: is there anything to do, read it, keep what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import structlog
from sipario_events import Cause, EntityChanged
from sipario_ledger import LedgerError
from sipario_ledger.clock import Clock, to_micros
from sipario_model import LocationRef
from sipario_scm import (
    AccessDenied,
    BranchVanished,
    EmptyRepository,
    FileMissing,
    RepositoryMissing,
    RepositoryTooLarge,
    ScmError,
    UrlRefused,
)

from sipario_ingestor.aside import Reads
from sipario_ingestor.children import children
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.entity_providers import ProviderUnusable
from sipario_ingestor.inbox import DISCOVERY
from sipario_ingestor.kinds import DEFINITIONS, Kinds
from sipario_ingestor.outcome import Outcome, SourceProblem
from sipario_ingestor.reader import Request, UnknownHost
from sipario_ingestor.recorder import Intake, Recorder
from sipario_ingestor.source import Source
from sipario_ingestor.store_ledger import CHILD, ORPHANED, Sources, SourceStore

LONGEST_BACK_OFF = 300.0
DEEPEST = 10

_LASTING = (
    RepositoryMissing,
    RepositoryTooLarge,
    EmptyRepository,
    BranchVanished,
    AccessDenied,
    FileMissing,
    UrlRefused,
    UnknownHost,
    ProviderUnusable,
)

log = structlog.get_logger(__name__)


class Reading:
    """Reads sources; what goes wrong becomes problems of the source, and nothing is pruned for it."""

    def __init__(
        self,
        store: SourceStore,
        reader: Reads,
        recorder: Recorder,
        *,
        configuration: Configuration,
        kinds: Kinds,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reader = reader
        self._recorder = recorder
        self._configuration = configuration
        self._kinds = kinds
        self._clock = clock

    async def read(self, source: Source) -> None:
        """Answer the wishes for a source. Raises LedgerError."""
        try:
            await self._answer(source)
        except ScmError as error:
            await self._fail(source, error)
        except LedgerError:
            raise
        except Exception as error:
            # The edge of a worker: whatever a repository makes our code do, the others are still read.
            log.exception("source not read", source=source.id)
            await self._fail(source, error)

    async def _answer(self, source: Source) -> None:
        reasons = await self._store.read(lambda table: table.reasons(source.id))
        if not reasons:
            await self._forget(source)
            recorded = await self._recorder.remove(source, Cause(repository=source.address.repository))
            await self._learn(entry.identity for entry in (recorded.entries if recorded else ()))
        elif reasons == {ORPHANED}:
            await self._bereave(source)
        elif self._is_known(source):
            await self._keep(replace(source, answered=source.asked))
        else:
            await self._read(source, reasons)

    async def _bereave(self, source: Source) -> None:
        """Let what no Location leads to any more be orphans, or go."""
        if self._configuration.orphans.at_once:
            await self._store.write(lambda table: table.drop(source.id, ORPHANED))
            return
        self._reader.forget(source.id)
        told = (
            SourceProblem("no Location leads here any more: what it declared are orphans", level="warning"),
        )
        left = replace(source, answered=source.asked, tries=0, state="ok", problems=told)
        await self._recorder.bereave(left, Cause(repository=source.address.repository))

    async def _forget(self, source: Source) -> None:
        """Remove the mirror, unless another source is read from it."""
        repository = source.address.repository
        others = await self._store.read(lambda table: table.of_repository(repository))
        last = all(each.id == source.id for each in others)
        await self._reader.discard(source.id, repository if last else "")

    async def _read(self, source: Source, reasons: set[str]) -> None:
        request = await self._store.read(lambda table: self._request(source, reasons, table))
        intake = await self._recorder.begin(source)

        async def take(events: Sequence[EntityChanged]) -> None:
            # From now on it is not known what the ledger holds of files that were read before.
            self._reader.forget(source.id)
            await intake.take(events)

        outcome = await self._reader.read(request, take)
        if outcome.unchanged.difference(intake.held):  # somebody let go of what is remembered as recorded
            outcome = await self._reader.read(replace(request, afresh=True), take)
        if source.provided and outcome.missing(intake.held):
            # Who moves to another page of a list while its pages are read is on none of them.
            outcome = outcome.followed_by(await self._reader.read(request, take))
        await self._record(request, outcome, intake)

    async def _record(self, request: Request, outcome: Outcome, intake: Intake) -> None:
        source = request.source
        led_to, strange = children(outcome.children, self._configuration)
        problems = (*outcome.problems, *strange)
        done = replace(
            source,
            answered=source.asked,
            tries=0,
            state="failed" if any(problem.level == "error" for problem in problems) else "ok",
            branch=outcome.branch,
            commit=outcome.commit,
            digest=self._kinds.digest(request.vocabulary),
            incomplete=outcome.incomplete,
            read_at=to_micros(self._clock()),
            problems=problems,
        )
        self._reader.forget(source.id)
        refused = await self._recorder.record(done, outcome, intake, children=led_to)
        if not refused:
            self._reader.remember(request, outcome)
        await self._learn((*intake.held, *outcome.entities))

    async def _learn(self, refs: Iterable[str]) -> None:
        """Look for other kinds when a source has, or had, definitions."""
        if any(ref.startswith(DEFINITIONS) for ref in refs):
            await self._kinds.refresh()

    async def _fail(self, source: Source, error: Exception) -> None:
        problem = SourceProblem(str(error) or type(error).__name__)
        lasting = isinstance(error, _LASTING)
        wait = 0.0 if lasting else min(2.0**source.tries, LONGEST_BACK_OFF)
        failed = replace(
            source,
            answered=source.asked if lasting else source.answered,
            tries=source.tries + 1,
            due_at=to_micros(self._clock()) + int(wait * 1e6),
            state="failed",
            problems=(problem, *(each for each in source.problems if each.location)),
        )
        log.info("source not read", source=source.id, reason=problem.message, again_in=wait)
        await self._keep(failed)

    async def _keep(self, source: Source) -> None:
        await self._store.write(lambda table: table.answer(source))

    def _is_known(self, source: Source) -> bool:
        """Tell whether the wished commit was read already, with this configuration and to the end."""
        digest = self._kinds.digest(self._kinds.vocabulary)
        same = source.wanted == source.commit and source.digest == digest
        return bool(source.commit and same and not source.incomplete and source.state != "pending")

    def _request(self, source: Source, reasons: set[str], table: Sources) -> Request:
        names = {reason.removeprefix(DISCOVERY) for reason in reasons if reason.startswith(DISCOVERY)}
        pattern = next((each.path for each in self._configuration.providers if each.id in names), "")
        origins = tuple(LocationRef.parse(root) for root in sorted(_roots(source.id, reasons, table)))
        return Request(source, origins, pattern, vocabulary=self._kinds.vocabulary)


def _roots(id_: str, reasons: Iterable[str], table: Sources, depth: int = 0) -> set[str]:
    """Return the locations that somebody named, and that led here; none for what was discovered itself."""
    roots: set[str] = set()
    for reason in reasons:
        parent = reason.removeprefix(CHILD)
        if reason.startswith(CHILD) and depth < DEEPEST:
            roots |= _roots(parent, table.reasons(parent), table, depth + 1) or {parent}
        elif not reason.startswith((CHILD, DISCOVERY)):
            roots.add(id_)
    return roots
