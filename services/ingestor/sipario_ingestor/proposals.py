"""Discovered repositories that declare nothing: proposed, with an entity each could begin with."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sipario_events import ENTITIES
from sipario_kit.errors import NotFound
from sipario_ledger import Ledger
from sipario_model import EntityRef, RefError
from sipario_scm import ScmError

from sipario_ingestor.finding import entity_files
from sipario_ingestor.guesses import Guess, Person, language, owner_by_commits, owner_by_rules
from sipario_ingestor.inbox import DISCOVERY
from sipario_ingestor.reader import Reader
from sipario_ingestor.source import Source
from sipario_ingestor.store_ledger import Sources, SourceStore
from sipario_ingestor.trial import named
from sipario_ingestor.verdicts import Verdict, Verdicts

MOST_COMMITS = 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """A repository, where its entity file would be, and what was guessed of it; `verdict`: what a person said."""

    source: str
    repository: str
    branch: str
    url: str
    commit: str
    name: str
    language: Guess | None = None
    owner: Guess | None = None
    verdict: Verdict = field(default_factory=Verdict)

    def entity(self) -> dict[str, Any]:
        """Write the entity; without an owner that was guessed, there is none in it."""
        tags = [self.language.value.lower().replace("c#", "csharp")] if self.language else []
        return {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": self.name, **({"tags": tags} if tags else {})},
            "spec": {
                "type": "other",
                "lifecycle": "unknown",
                **({"owner": self.owner.value} if self.owner else {}),
            },
        }


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """Some proposals in the order of their repositories; `after` is where to go on, empty at the end."""

    items: list[Proposal] = field(default_factory=list)
    after: str = ""


class Proposals:
    """Looks for them among the sources that were read; what was found is kept as long as commit and users stay."""

    def __init__(self, ledger: Ledger, store: SourceStore, reader: Reader) -> None:
        self._ledger = ledger
        self._store = store
        self._reader = reader
        self._verdicts = Verdicts(ledger)
        self._known: dict[str, tuple[tuple[str, int], Proposal | None]] = {}

    async def find(self, repository: str) -> Proposal:
        """Return the proposal for a repository, dismissed or not; raises NotFound."""
        people, said = await self._people(), await self._verdicts.all()
        for source in await self._store.read(_candidates):
            if source.address.repository == repository and not await self._ledger.held(source.id):
                found = await self._of(source, people)
                if found:
                    return replace(found, verdict=said.get(source.id, Verdict()))
        raise NotFound(f"Nothing is proposed for {repository}")

    async def judge(self, proposal: Proposal, verdict: Verdict) -> None:
        """Remember what a person said of a proposal."""
        await self._verdicts.keep(proposal.source, verdict)

    async def page(self, after: str, limit: int, *, dismissed: bool = False) -> ProposalPage:
        """Return the proposals that follow a source's id: those that were dismissed, or all others."""
        people, said = await self._people(), await self._verdicts.all()
        items: list[Proposal] = []
        candidates = await self._store.read(_candidates)
        self._known = {each.id: self._known[each.id] for each in candidates if each.id in self._known}
        for source in (each for each in candidates if each.id > after):
            verdict = said.get(source.id, Verdict())
            if verdict.dismissed != dismissed:
                continue
            if len(items) == limit:
                return ProposalPage(items, after)
            found = None if await self._ledger.held(source.id) else await self._of(source, people)
            if found:
                items.append(replace(found, verdict=verdict))
            after = source.id
        return ProposalPage(items)

    async def _of(self, source: Source, people: Mapping[str, Person]) -> Proposal | None:
        state = source.commit, hash(frozenset(people.items()))
        seen, known = self._known.get(source.id, (("", 0), None))
        if seen != state:
            try:
                known = await asyncio.to_thread(self._looked, source, people)
            except ScmError:  # whoever reads the source says what is wrong with it
                return None
            self._known[source.id] = state, known
        return known

    def _looked(self, source: Source, people: Mapping[str, Person]) -> Proposal | None:
        repository = source.address.repository
        host = self._reader.host(repository)
        with self._reader.at(repository, source.commit) as tree:
            if entity_files(tree):
                return None
            owner = owner_by_rules(tree) or owner_by_commits(tree.commits(MOST_COMMITS), people)
            return Proposal(
                source.id,
                repository,
                source.branch,
                host.view(repository, source.branch, "catalog-info.yaml"),
                source.commit,
                named(repository),
                language(tree.files),
                owner,
            )

    async def _people(self) -> dict[str, Person]:
        """Return the catalog's users by their e-mails."""
        found: dict[str, Person] = {}
        for entry in await self._ledger.named(ENTITIES, "user:"):
            spec = (orjson.loads(entry.body).get("entity") or {}).get("spec") or {}
            email = (spec.get("profile") or {}).get("email")
            if isinstance(email, str) and email:
                found[email.lower()] = Person(entry.identity, tuple(_groups(spec.get("memberOf"))))
        return found


def _groups(refs: Any) -> list[str]:
    found: list[str] = []
    for each in refs if isinstance(refs, list) else ():
        try:
            found.append(str(EntityRef.parse(each, "group")))
        except RefError:
            continue
    return found


def _candidates(table: Sources) -> list[Source]:
    discovered = {id_ for reason in table.reasons_below(DISCOVERY) for id_ in table.for_reason(reason)}
    return sorted(
        (each for each in table.all() if each.id in discovered and each.commit and each.state == "ok"),
        key=lambda each: each.id,
    )
