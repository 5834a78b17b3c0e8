"""Calendar periods and quiet hours, from the tables in docs/language/time.md."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from compiler.checked.ir import Calendar
from compiler.interpret.localtime import next_period, quiet_end, same_period
from tests.interpret.build import DAY, at

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
APIA, ST_JOHNS, HAVANA = ZoneInfo("Pacific/Apia"), ZoneInfo("America/St_Johns"), ZoneInfo("America/Havana")
UTC = ZoneInfo("UTC")


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "until"),
    [
        (NEW_YORK, "22:00 08:00", "2026-11-01 03:30", "2026-11-01 13:00"),
        (NEW_YORK, "22:00 01:30", "2026-11-01 05:45", "2026-11-01 06:30"),
        (NEW_YORK, "01:30 08:00", "2026-11-01 05:29", None),
        (NEW_YORK, "01:30 08:00", "2026-11-01 06:10", "2026-11-01 13:00"),
        (BERLIN, "22:00 02:30", "2026-03-29 00:30", "2026-03-29 01:00"),
        (BERLIN, "22:00 02:30", "2026-03-29 01:00", None),
        (BERLIN, "02:10 02:40", "2026-03-29 01:00", None),
        (BERLIN, "02:10 03:20", "2026-03-29 01:00", "2026-03-29 01:20"),
        (APIA, "22:00 08:00", "2011-12-30 09:00", "2011-12-30 10:00"),
        (APIA, "22:00 08:00", "2011-12-30 10:00", "2011-12-30 18:00"),
        (UTC, "21:00 09:00", "2026-03-01 21:00", "2026-03-02 09:00"),
        (UTC, "21:00 09:00", "2026-03-01 20:59", None),
        (UTC, "21:00 09:00", "2026-03-01 09:00", None),
        (UTC, "13:00 15:00", "2026-03-01 14:59", "2026-03-01 15:00"),
        (UTC, "13:00 13:00", "2026-03-01 13:00", None),
    ],
)
def test_quiet_hours(zone: ZoneInfo, quiet: str, now: str, until: str | None) -> None:
    start, end = map(clock, quiet.split())
    assert quiet_end(at(now), start, end, zone) == (None if until is None else at(until))


@pytest.mark.parametrize(
    ("unit", "zone", "now", "following"),
    [
        ("day", NEW_YORK, "2026-11-01 05:30", "2026-11-02 05:00"),  # a day of 25 hours
        ("day", BERLIN, "2026-03-29 12:00", "2026-03-29 22:00"),
        ("day", ST_JOHNS, "2010-11-06 12:00", "2010-11-07 03:30"),  # 00:01 -> 23:01, so midnight comes twice
        ("day", HAVANA, "2026-10-31 12:00", "2026-11-01 04:00"),  # 01:00 -> 00:00: the first midnight
        ("day", APIA, "2011-12-29 12:00", "2011-12-30 10:00"),  # the 30th was left out
        ("week", UTC, "2026-03-01 12:00", "2026-03-02 00:00"),  # a Sunday
        ("month", BERLIN, "2026-01-31 23:30", "2026-02-28 23:00"),  # 00:30 on the 1st of February there
        ("month", UTC, "2026-12-31 23:59", "2027-01-01 00:00"),
    ],
)
def test_the_next_period_starts(unit: str, zone: ZoneInfo, now: str, following: str) -> None:
    assert next_period(at(now), Calendar(unit), zone, 1) == at(following)  # type: ignore[arg-type]


def test_weeks_start_as_the_settings_say() -> None:
    sunday = at("2026-03-01 12:00")
    assert next_period(sunday, Calendar("week"), UTC, 7) == at("2026-03-08")
    assert same_period(sunday - DAY, sunday, Calendar("week"), UTC, 1)
    assert not same_period(sunday - DAY, sunday, Calendar("week"), UTC, 7)


def test_both_readings_of_a_fold_are_one_day() -> None:
    first, second = at("2026-11-01 05:30"), at("2026-11-01 06:30")
    assert same_period(first, second, Calendar("day"), NEW_YORK, 1)


def test_a_day_in_two_pieces_is_one_day() -> None:
    # St. John's, UTC-2:30 until 2010-11-07 02:31Z, then UTC-3:30: the 7th began at 02:30Z, and again at 03:30Z
    piece, between, again = at("2010-11-07 02:30"), at("2010-11-07 03:00"), at("2010-11-07 03:30")
    assert same_period(piece, again, Calendar("day"), ST_JOHNS, 1)
    assert not same_period(piece, between, Calendar("day"), ST_JOHNS, 1)
    assert next_period(between, Calendar("day"), ST_JOHNS, 1) == again
    assert next_period(piece, Calendar("day"), ST_JOHNS, 1) == at("2010-11-08 03:30")


def test_offsets_with_seconds_count() -> None:
    # Monrovia was 44 minutes and 30 seconds behind until 1972
    monrovia = ZoneInfo("Africa/Monrovia")
    assert next_period(at("1971-06-01 12:00"), Calendar("day"), monrovia, 1) == at("1971-06-02 00:44:30")
    assert quiet_end(at("1971-06-01 12:00"), 0, 14 * 60, monrovia) == at("1971-06-01 14:44:30")
