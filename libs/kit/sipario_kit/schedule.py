"""When a provider is read: `schedule`, in Backstage's shapes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cronsim import CronSim, CronSimError

TIMEOUT = 600.0
DAY = 86_400.0
LONGEST = 3650 * DAY

_UNITS = {
    "years": 365 * DAY,
    "months": 30 * DAY,
    "weeks": 7 * DAY,
    "days": DAY,
    "hours": 3600.0,
    "minutes": 60.0,
    "seconds": 1.0,
    "milliseconds": 0.001,
}
_NUMBER = r"(\d+(?:\.\d+)?)"
_ISO = re.compile(
    rf"P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_PLAIN = re.compile(rf"{_NUMBER} ?([a-z]+)")
_SHORT = {
    "ms": "milliseconds",
    "s": "seconds",
    "sec": "seconds",
    "secs": "seconds",
    "m": "minutes",
    "min": "minutes",
    "mins": "minutes",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "d": "days",
    "w": "weeks",
    "y": "years",
}
_CRON_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds between two readings, or a cron expression in UTC; neither means only at the start and by hand.

    `delay` seconds pass before the first reading, and each may take `timeout` seconds.
    """

    seconds: float = 0.0
    cron: str = ""
    timeout: float = TIMEOUT
    delay: float = 0.0

    @classmethod
    def of(cls, entry: Any, seconds: float) -> "Schedule":
        """Read an entry's `schedule`; without a frequency, it is every so many seconds. Raises ValueError."""
        if entry is None:
            entry = {}
        if not isinstance(entry, Mapping):
            raise ValueError("schedule: an object with frequency is expected")  # noqa: TRY004
        frequency = entry.get("frequency", {"seconds": seconds})
        timeout = duration(entry.get("timeout", {"seconds": TIMEOUT}), "schedule.timeout")
        delay = duration(entry.get("initialDelay", {"seconds": 0}), "schedule.initialDelay", least=0.0)
        if frequency == {"trigger": "manual"}:
            return cls(timeout=timeout, delay=delay)
        cron = frequency.get("cron") if isinstance(frequency, Mapping) else frequency
        if isinstance(cron, str) and (isinstance(frequency, Mapping) or _is_cron(cron)):
            return cls(cron=_checked(cron), timeout=timeout, delay=delay)
        return cls(duration(frequency, "schedule.frequency"), timeout=timeout, delay=delay)

    def rest(self, now: datetime) -> float:
        """Return how many seconds after a moment the next reading is due."""
        if self.cron:
            following = next(CronSim(self.cron, now), None)
            return (following - now).total_seconds() if following else LONGEST
        return self.seconds or LONGEST


def _is_cron(text: str) -> bool:
    return len(text.split()) == _CRON_FIELDS


def _checked(cron: str) -> str:
    try:
        CronSim(cron, datetime.now().astimezone())
    except CronSimError as error:
        raise ValueError(f"schedule.frequency: {cron!r} is no cron expression: {error}") from error
    return cron


def duration(value: Any, key: str, *, least: float = 1.0) -> float:
    """Read a duration in seconds: an object by units, ISO 8601, or words as `30 minutes`. Raises ValueError."""
    try:
        found = _of_units(value) if isinstance(value, Mapping) else _of_text(str(value))
    except (KeyError, TypeError, ValueError):
        frequent = " or a cron expression" if key.endswith("frequency") else ""
        expected = f"{{minutes: 30}}, PT30M, '30 minutes'{frequent}"
        raise ValueError(f"{key}: a duration as {expected} is expected") from None
    return min(max(found, least), LONGEST)


def _of_units(value: Mapping[str, Any]) -> float:
    if not value:
        raise ValueError
    seconds = sum(_UNITS[unit] * float(number) for unit, number in value.items())
    if not seconds >= 0:  # no number is not
        raise ValueError
    return seconds


def _of_text(text: str) -> float:
    plain = _PLAIN.fullmatch(text.strip().lower())
    if plain:
        unit = _SHORT.get(plain[2], f"{plain[2].removesuffix('s')}s")
        return _UNITS[unit] * float(plain[1])
    iso = _ISO.fullmatch(text.strip().upper())
    if iso is None or not any(iso.groups()):
        raise ValueError
    return sum(size * float(number or 0) for size, number in zip(_UNITS.values(), iso.groups(), strict=False))
