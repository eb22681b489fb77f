"""Sources: what is read, why, and how far that has come."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import orjson

from sipario_ingestor.outcome import SourceProblem

State = Literal["pending", "ok", "failed"]
PROVIDER = "provider:"
"""With what the ids of sources begin that are providers."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a source is: a repository, or a path or pattern in it; of a `file:` source only `path` is set.

    `id` is its location ref, and the origin by which the ledger knows what it claims. An empty `ref` means the
    default branch; an empty `path`, that the files are to be found. Of a provider only the id is set.
    """

    id: str
    repository: str = ""
    ref: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is kept. `asked` and `answered` count wishes to read it: it is due while they differ.

    `wanted` is the commit of the last wish, when it told one, and `actor` who pushed it. `commit` is what was
    read last, with the configuration and the kinds of `digest`.
    """

    address: Address
    asked: int = 0
    answered: int = 0
    due_at: int = 0
    tries: int = 0
    wanted: str = ""
    actor: str = ""
    state: State = "pending"
    branch: str = ""
    commit: str = ""
    digest: str = ""
    incomplete: bool = False
    read_at: int = 0
    problems: tuple[SourceProblem, ...] = ()

    @property
    def id(self) -> str:
        """The location ref that names it."""
        return self.address.id

    @property
    def provided(self) -> bool:
        """Tell whether this is a provider, and neither a repository nor a file."""
        return self.address.id.startswith(PROVIDER)

    @property
    def lane(self) -> str:
        """What must not be read twice at a time: the repository."""
        return self.address.repository or self.address.id


def written(problems: Sequence[SourceProblem]) -> str:
    """Write problems as they are kept."""
    return orjson.dumps([asdict(problem) for problem in problems]).decode()


def problems_of(text: str) -> tuple[SourceProblem, ...]:
    """Read problems as they are kept."""
    return tuple(SourceProblem(**each) for each in orjson.loads(text))
