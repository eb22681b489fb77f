"""Whether a mirror is broken, or the machine at its end: only the former is mended by making the mirror anew."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dulwich.errors import ChecksumMismatch, NotGitRepository, ObjectFormatException
from dulwich.file import FileLocked

from sipario_scm.errors import MirrorDamaged, MirrorUnusable

BROKEN = (
    NotGitRepository,
    FileLocked,
    ChecksumMismatch,
    ObjectFormatException,
    KeyError,
    AssertionError,
    ValueError,
    EOFError,
    OSError,
)
_SURROUNDINGS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
}


def is_of_surroundings(error: BaseException) -> bool:
    """Tell that an error speaks of the machine (a full disk, too many open files) and not of what is on it."""
    return isinstance(error, OSError) and error.errno in _SURROUNDINGS


@contextmanager
def sound(folder: Path) -> Iterator[None]:
    """Work on a mirror: raises MirrorDamaged when it is broken, MirrorUnusable when it can't be read or written now."""
    try:
        yield
    except BROKEN as error:
        if is_of_surroundings(error):
            raise unusable(error) from error
        raise MirrorDamaged(
            f"the mirror {folder.name} is damaged ({type(error).__name__}: {error})"
        ) from error


def unusable(error: BaseException) -> MirrorUnusable:
    """Say what keeps this machine from reading and writing mirrors."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return MirrorUnusable(f"mirrors of repositories can't be read or written on this machine: {reason}")
