"""Takes up proposals: the file that a person agreed to is offered to its repository as a pull request."""

import hashlib

from sipario_kit.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from sipario_model import read
from sipario_scm import AccessDenied, Change, HostUnavailable, PullRequest, PullRequests
from sipario_scm.pull_requests import BRANCH

from sipario_ingestor.configuration import Configuration
from sipario_ingestor.kinds import Kinds
from sipario_ingestor.proposals import Proposal, Proposals
from sipario_ingestor.reader import Reader
from sipario_ingestor.verdicts import Verdict

FILE = "catalog-info.yaml"
LARGEST_FILE = 100_000
MOST_TOLD = 10


class Review:
    """Accepts and dismisses."""

    def __init__(
        self,
        proposals: Proposals,
        reader: Reader,
        kinds: Kinds,
        *,
        pulls: PullRequests,
        configuration: Configuration,
    ) -> None:
        self._proposals = proposals
        self._reader = reader
        self._kinds = kinds
        self._pulls = pulls
        self._configuration = configuration

    async def accept(self, repository: str, content: str, who: str) -> PullRequest:
        """Open a pull request with the file, unless one is open already.

        Raises NotFound, InvalidInput with what is wrong with the file, NotAllowed, Conflict and Unavailable.
        """
        self._check(content)
        proposal = await self._found(repository)
        host = self._reader.host(repository)
        try:
            opened = await self._pulls.open(host, repository, _change(proposal, content, who))
        except AccessDenied as error:
            raise Conflict(str(error)) from error
        except HostUnavailable as error:
            raise Unavailable(str(error)) from error
        await self._proposals.judge(proposal, Verdict(pull_request=opened.url))
        return opened

    async def dismiss(self, repository: str, *, dismissed: bool) -> None:
        """Propose it no more, or again. Raises NotFound and NotAllowed."""
        proposal = await self._found(repository)
        await self._proposals.judge(proposal, Verdict(dismissed, proposal.verdict.pull_request))

    async def _found(self, repository: str) -> Proposal:
        if self._configuration.read_only:
            raise NotAllowed("The catalog is read-only: catalog.readonly is set")
        return await self._proposals.find(repository)

    def _check(self, content: str) -> None:
        """Let through a file of entities that are good."""
        if len(content) > LARGEST_FILE:
            raise InvalidInput(f"{FILE} is longer than {LARGEST_FILE:,} characters")
        reading = read(content, FILE)
        wrong = [str(each) for each in reading.problems]
        for document in reading.documents:
            found = self._kinds.vocabulary.check(document.value, document.lines, path=FILE)
            wrong += [f"{FILE}:{each.line}: {each.message}" for each in found]
        if wrong:
            raise InvalidInput("; ".join(wrong[:MOST_TOLD]))
        if not reading.documents:
            raise InvalidInput(f"{FILE} declares no entity")


def _change(proposal: Proposal, content: str, who: str) -> Change:
    digest = hashlib.sha256(f"{proposal.commit}{content}".encode()).hexdigest()[:8]
    guesses = [("Owner", proposal.owner), ("Language", proposal.language)]
    evidence = "".join(f"- {name}: {each.value} ({each.evidence})\n" for name, each in guesses if each)
    body = (
        "This file tells the developer portal what this repository holds, and whose it is. "
        f"It was proposed by Sipario, and looked through by {who}.\n\n{evidence}"
    )
    return Change(
        base=proposal.branch,
        commit=proposal.commit,
        branch=f"{BRANCH}-{digest}",
        path=FILE,
        content=content,
        title=f"Add {FILE}",
        body=body,
    )
