"""The HTTP face of proposals."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from sipario_ingestor.guesses import Guess
from sipario_ingestor.proposals import Proposal, Proposals

MOST = 200


class Guessed(BaseModel):
    """A value, and why it is thought to be so."""

    value: str
    evidence: str


class Proposed(BaseModel):
    """A repository that declares nothing; `target` is where its entity file would be, `entity` what it could say."""

    repository: str
    target: str
    commit: str
    name: str
    language: Guessed | None
    owner: Guessed | None
    entity: dict[str, Any]


class ProposedPage(BaseModel):
    """Some proposals; without `after`, this was the last page."""

    items: list[Proposed]
    after: str | None


def proposals_api(proposals: Proposals) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/api/catalog/proposals")

    @router.get("")
    async def page(
        after: Annotated[str, Query(max_length=2_000)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> ProposedPage:
        found = await proposals.page(after, limit)
        return ProposedPage(items=[_told(each) for each in found.items], after=found.after or None)

    return router


def _told(each: Proposal) -> Proposed:
    return Proposed(
        repository=each.repository,
        target=each.url,
        commit=each.commit,
        name=each.name,
        language=_guessed(each.language),
        owner=_guessed(each.owner),
        entity=each.entity(),
    )


def _guessed(guess: Guess | None) -> Guessed | None:
    return Guessed(value=guess.value, evidence=guess.evidence) if guess else None
