"""Errors of the ingestor's own, with their HTTP status.

StatusError
 └─ TooLarge  413
"""

from sipario_kit.errors import StatusError


class TooLarge(StatusError):
    """More was sent than is read."""

    status = 413
    name = "PayloadTooLargeError"
