"""Functions of local time: expected values from the calendar and the zones' history."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from compiler.builtins import Resolved, resolve
from compiler.types import DATE, DATE_MAX, DATE_MIN, DURATION, INSTANT, INSTANT_MAX, INSTANT_MIN, Type

HOUR = 3_600_000_000


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def instant(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def call(name: str, kind: Type, argument: int, zone: str = "UTC") -> object:
    resolved = resolve(name, (kind,))
    assert isinstance(resolved, Resolved)
    evaluate = resolved.overload.bound(())
    return evaluate(zone, argument) if resolved.overload.uses_zone else evaluate(argument)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("year", "1969-12-31", 1969),
        ("month", "1969-12-31", 12),
        ("day", "2024-02-29", 29),
        ("weekday", "1970-01-01", "thursday"),
        ("weekday", "2026-03-01", "sunday"),
        ("weekday", "0001-01-01", "monday"),
        ("year", "9999-12-31", 9999),
    ],
)
def test_reads_a_date(name: str, text: str, expected: object) -> None:
    assert call(name, DATE, day(text)) == expected


@pytest.mark.parametrize(
    ("name", "text", "zone", "expected"),
    [
        ("year", "2025-12-31 16:00", "Asia/Tokyo", 2026),
        ("day", "2025-12-31 14:59", "Asia/Tokyo", 31),
        ("weekday", "2026-03-01 03:00", "America/New_York", "saturday"),
        ("date", "2026-03-01 03:00", "America/New_York", day("2026-02-28")),
        ("hour", "2026-03-29 00:59", "Europe/Berlin", 1),
        ("hour", "2026-03-29 01:00", "Europe/Berlin", 3),
        ("minute", "2026-03-01 00:00", "Asia/Kathmandu", 45),
        ("hour", "1969-12-31 23:59", "UTC", 23),
    ],
)
def test_reads_an_instant_in_the_zone(name: str, text: str, zone: str, expected: object) -> None:
    assert call(name, INSTANT, instant(text), zone) == expected


@pytest.mark.parametrize("name", ["year", "month", "day", "weekday", "hour", "minute", "date"])
def test_a_local_date_outside_of_the_calendar_is_missing(name: str) -> None:
    assert call(name, INSTANT, INSTANT_MAX, "Asia/Tokyo") is None
    assert call(name, INSTANT, INSTANT_MIN, "America/New_York") is None
    assert call(name, INSTANT, INSTANT_MAX, "UTC") is not None


def test_the_ends_of_the_calendar_are_dates() -> None:
    assert (day("0001-01-01"), day("9999-12-31")) == (DATE_MIN, DATE_MAX)
    assert call("date", INSTANT, INSTANT_MIN) == DATE_MIN
    assert call("date", INSTANT, INSTANT_MAX) == DATE_MAX


@pytest.mark.parametrize(
    ("name", "duration", "expected"),
    [
        ("days", 50 * HOUR, 2),
        ("days", -50 * HOUR, -2),
        ("days", -23 * HOUR, 0),
        ("hours", HOUR - 1, 0),
        ("hours", -HOUR, -1),
        ("hours", -2 * HOUR + 1, -1),
    ],
)
def test_whole_units_go_towards_zero(name: str, duration: int, expected: int) -> None:
    assert call(name, DURATION, duration) == expected
