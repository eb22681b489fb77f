"""Who committed what, when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from dulwich.objects import Commit as GitCommit


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it is told: `author` is the name of whoever wrote it, `committed_at` is in UTC."""

    sha: str
    author: str
    email: str
    committed_at: datetime
    message: str

    @classmethod
    def of(cls, commit: GitCommit) -> Self:
        """Read a Git object; text that is not UTF-8 loses only the bytes that can't be read."""
        name, _, rest = commit.author.decode("utf-8", "replace").partition("<")
        try:
            moment = datetime.fromtimestamp(commit.commit_time, UTC)
        except (ValueError, OverflowError, OSError):
            moment = datetime.fromtimestamp(0, UTC)
        message = commit.message.decode("utf-8", "replace").strip()
        return cls(commit.id.decode(), name.strip(), rest.rstrip("> "), moment, message)
