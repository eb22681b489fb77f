"""The time, as the tables keep it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Read the wall clock."""
    return datetime.now(UTC)


def micros(moment: datetime) -> int:
    """Count whole microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(count: int) -> datetime:
    """Turn microseconds since 1970 back into a moment."""
    return _EPOCH + timedelta(microseconds=count)
