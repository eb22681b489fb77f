"""The HTTP face of proposals."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sipario_kit.principal import principal_of
from sipario_model.writing import write

from sipario_ingestor.guesses import Guess
from sipario_ingestor.proposals import Proposal, Proposals
from sipario_ingestor.review import Review

MOST = 200


class Guessed(BaseModel):
    """A value, and why it is thought to be so."""

    value: str
    evidence: str


class Proposed(BaseModel):
    """A repository that declares nothing; `target` is where its entity file would be, `entity` what it could say.

    `content` is that as a file, `pullRequest` where it was proposed to the repository; empty when it was not yet.
    """

    repository: str
    target: str
    commit: str
    name: str
    language: Guessed | None
    owner: Guessed | None
    entity: dict[str, Any]
    content: str
    pullRequest: str  # noqa: N815 - as clients spell it


class Accepted(BaseModel):
    """A repository, and the file that a person agreed to; without one, that which was proposed."""

    repository: str
    content: str | None = None


class Dismissed(BaseModel):
    """A repository that is to be proposed no more, or (`dismissed` false) again."""

    repository: str
    dismissed: bool = True


class Opened(BaseModel):
    """Where the pull request is; not `new` when it was open already."""

    pullRequest: str  # noqa: N815 - as above
    new: bool


class ProposedPage(BaseModel):
    """Some proposals; without `after`, this was the last page."""

    items: list[Proposed]
    after: str | None


def proposals_api(proposals: Proposals, review: Review) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/api/catalog/proposals")

    @router.get("")
    async def page(
        after: Annotated[str, Query(max_length=2_000)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        dismissed: bool = False,
    ) -> ProposedPage:
        """List what waits for a person, or what was dismissed."""
        found = await proposals.page(after, limit, dismissed=dismissed)
        return ProposedPage(items=[_told(each) for each in found.items], after=found.after or None)

    @router.post("/accept", status_code=201, responses={200: {"model": Opened}})
    async def accept(asked: Accepted, request: Request, response: Response) -> Opened:
        """Open a pull request with the file; 200 when one is open already."""
        content = asked.content
        if content is None:
            content = write([(await proposals.find(asked.repository)).entity()])
        principal = principal_of(request.scope)
        opened = await review.accept(asked.repository, content, principal.ref if principal else "a person")
        response.status_code = 201 if opened.new else 200
        return Opened(pullRequest=opened.url, new=opened.new)

    @router.post("/dismiss", status_code=204)
    async def dismiss(asked: Dismissed) -> None:
        """Remember that it is not wanted, or that it is again."""
        await review.dismiss(asked.repository, dismissed=asked.dismissed)

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
        content=write([each.entity()]),
        pullRequest=each.verdict.pull_request,
    )


def _guessed(guess: Guess | None) -> Guessed | None:
    return Guessed(value=guess.value, evidence=guess.evidence) if guess else None
