"""Times as GitHub writes them."""

from datetime import UTC, datetime


def now() -> str:
    """Return this second in UTC, as 2026-11-22T17:00:00Z."""
    return written(datetime.now(UTC).timestamp())


def written(seconds: float) -> str:
    """Write seconds since the epoch as 2026-11-22T17:00:00Z."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
