"""Schedules are read in Backstage's shapes, and say when the next reading is due."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sipario_kit.schedule import LONGEST, Schedule

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("frequency", "seconds"),
    [
        ({"minutes": 30}, 1800),
        ({"hours": 1, "minutes": 30}, 5400),
        ("PT30M", 1800),
        ("P1DT2H", 93_600),
        ("30m", 1800),
        ("2 hours", 7200),
        ("1 day", 86_400),
        ({"cron": "30 12 * * *"}, 1800),
        ("*/10 * * * *", 600),
        ({"milliseconds": 1}, 1),  # not oftener than that
        ({"trigger": "manual"}, LONGEST),
        ({"years": 1e300}, LONGEST),
    ],
)
def test_a_frequency_in_any_shape_tells_the_rest(frequency: Any, seconds: float) -> None:
    assert Schedule.of({"frequency": frequency}, 3600).rest(NOON) == seconds


def test_without_a_schedule_the_provider_itself_says_how_often() -> None:
    schedule = Schedule.of(None, 900)
    assert (schedule.rest(NOON), schedule.timeout, schedule.delay) == (900, 600, 0)


def test_timeout_and_delay_are_durations_too() -> None:
    schedule = Schedule.of({"timeout": {"minutes": 3}, "initialDelay": "15s"}, 900)
    assert (schedule.timeout, schedule.delay) == (180, 15)


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"frequency": "often"}, "schedule.frequency"),
        ({"frequency": {"fortnights": 1}}, "schedule.frequency"),
        ({"frequency": {}}, "schedule.frequency"),
        ({"frequency": {"minutes": -5}}, "schedule.frequency"),
        ({"frequency": {"minutes": float("nan")}}, "schedule.frequency"),
        ({"frequency": {"cron": "61 * * * *"}}, "schedule.frequency"),
        ({"frequency": "P"}, "schedule.frequency"),
        ({"timeout": ["PT1M"]}, "schedule.timeout"),
        ({"initialDelay": "soon"}, "schedule.initialDelay"),
        ("PT30M", "schedule"),
    ],
)
def test_what_is_no_schedule_is_told_with_its_key(entry: Any, key: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}: "):
        Schedule.of(entry, 3600)
