"""What the forge refuses, each with the HTTP status that says so.

ForgeError
├── BadCredentials 401
├── Forbidden      403
├── NotFound       404
├── Conflict       409
├── TooLarge       413
├── Invalid        422
└── MergeRefused   405
"""

from typing import ClassVar


class ForgeError(Exception):
    """A refusal that the client is told in GitHub's error shape."""

    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadCredentials(ForgeError):
    """Nobody, or somebody else, tried what needs the forge's token."""

    status = 401


class Forbidden(ForgeError):
    """Known, but not allowed: writing to an archived repository, for one."""

    status = 403


class NotFound(ForgeError):
    """There is no such thing, or not for whoever asks."""

    status = 404

    def __init__(self, message: str = "Not Found") -> None:
        super().__init__(message)


class MergeRefused(ForgeError):
    """The pull request is closed, merged already or cannot be merged."""

    status = 405


class Conflict(ForgeError):
    """The state of the repository is not what the request assumes."""

    status = 409


class TooLarge(ForgeError):
    """A body beyond the limit that the message names."""

    status = 413


class Invalid(ForgeError):
    """Well-formed JSON that cannot be done."""

    status = 422
