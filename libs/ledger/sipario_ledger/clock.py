"""Times as the tables keep them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    """Read the wall clock."""
    return datetime.now(UTC)


def to_micros(moment: datetime) -> int:
    """Count whole microseconds since 1970; a moment without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Turn a count of microseconds back into a moment in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
