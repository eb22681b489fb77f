"""What can go wrong between us and a Git host; every message is one that a person can act upon.

ScmError
├── HostUnavailable      the host does not answer, or not with Git: trying again later may help
├── AccessDenied         the host knows the repository, or hides it, and wants another token
├── RepositoryMissing    the host says that there is no such repository
├── EmptyRepository      it has no commit yet
├── BranchVanished       it has no branch, tag or commit of that name
├── MirrorDamaged        the copy on our disk is broken: discard it and fetch again
├── MirrorUnusable       this machine can't read or write it now, as when its disk is full; it stays as it is
├── RepositoryTooLarge   more would have to be fetched than configuration allows
├── FileMissing          the tree has no file of that path
├── FileRefused          a symbolic link, a submodule, or too large: never followed, never read
└── UrlRefused           a URL that configuration does not allow to read, or that answers badly
"""


class ScmError(Exception):
    """Reading from a Git host, or from the mirror of one of its repositories, did not work."""


class HostUnavailable(ScmError):
    """The host does not answer in time, or answers with something that is not Git."""


class AccessDenied(ScmError):
    """The host refuses the token, or wants one."""


class RepositoryMissing(ScmError):
    """The host has no such repository, or hides it from this token."""


class EmptyRepository(ScmError):
    """The repository has no commit yet."""


class BranchVanished(ScmError):
    """The repository has no branch, tag or commit of the wanted name."""


class MirrorDamaged(ScmError):
    """Objects are missing or broken in the mirror on our disk."""


class MirrorUnusable(ScmError):
    """This machine can't read or write mirrors now: its disk is full, or too many files are open."""


class RepositoryTooLarge(ScmError):
    """The repository, or a file in it, is larger than may be fetched."""


class FileMissing(ScmError):
    """The tree holds no file at that path."""


class FileRefused(ScmError):
    """What stands at that path is not a plain file, or is larger than may be read."""


class UrlRefused(ScmError):
    """A URL outside of what configuration allows, or one whose answer can't be used."""
