"""What the ingestor's webhook door and reconciler say about repositories."""

from typing import ClassVar, Literal

from sipario_events.event import VersionedEvent

SCM = "scm.events.v1"


class RepositoryChanged(VersionedEvent):
    """A push, rename, removal or pull request was seen in a repository: a hint to go and read, never data.

    `repository` is its web address without `.git` (`https://host/owner/name`), in lower case where the host says
    that case does not matter. `commit` is the head of `branch` when it was seen; it is empty when not known.

    `membership` tells that people, teams or groups changed: then `repository` is the address of the owner or host that
    they are of. `mark` tells one such change, removal or new name from the next, and what is pushed after an end from
    what was pushed before.
    """

    topic: ClassVar[str] = SCM

    repository: str
    change: Literal["pushed", "renamed", "removed", "pull_request", "membership"] = "pushed"
    branch: str = ""
    commit: str = ""
    previous: str = ""
    mark: str = ""

    def key(self) -> str:
        """Keep what happens to one repository in order."""
        return self.repository

    def identity(self) -> str:
        """Count versions for each branch on its own: a push to another one must not stand in for this one."""
        return f"{self.repository}#{self.change}#{self.branch}" if self.branch else self.repository
