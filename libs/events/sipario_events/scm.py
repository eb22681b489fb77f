"""What the ingestor's webhook door and reconciler say about repositories."""

from typing import ClassVar, Literal

from sipario_events.event import VersionedEvent

SCM = "scm.events.v1"


class RepositoryChanged(VersionedEvent):
    """A push, rename, removal or pull request was seen in a repository: a hint to go and read, never data.

    `repository` is its web address without `.git` (`https://host/owner/name`), in lower case where the host says
    that case does not matter. `commit` is the head of `branch` when it was seen; it is empty when not known.
    """

    topic: ClassVar[str] = SCM

    repository: str
    change: Literal["pushed", "renamed", "removed", "pull_request"] = "pushed"
    branch: str = ""
    commit: str = ""
    previous: str = ""

    def key(self) -> str:
        """Keep what happens to one repository in order."""
        return self.repository

    def identity(self) -> str:
        """Count versions for each branch on its own: a push to another one must not stand in for this one."""
        return f"{self.repository}#{self.change}#{self.branch}" if self.branch else self.repository
