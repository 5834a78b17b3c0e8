"""Worked examples. The instants are reckoned by hand from what the zones' governments decreed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from compiler import calendar

NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
AT_22, AT_8 = 22 * 60, 8 * 60


def utc(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime.fromisoformat("1970-01-01T00:00Z")) // timedelta(
        microseconds=1
    )


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def test_quiet_hours_end_by_the_wall_clock_after_clocks_went_back() -> None:
    late_evening = utc("2026-11-01T03:30Z")
    assert calendar.is_quiet(NEW_YORK, late_evening, AT_22, AT_8)
    assert calendar.quiet_end(NEW_YORK, late_evening, AT_22, AT_8) == utc("2026-11-01T13:00Z")


def test_quiet_hours_that_end_inside_a_gap_end_at_the_first_instant_that_exists() -> None:
    assert calendar.quiet_end(BERLIN, utc("2026-03-29T00:30Z"), AT_22, 2 * 60 + 30) == utc(
        "2026-03-29T01:00Z"
    )


def test_quiet_hours_inside_a_gap_are_empty() -> None:
    for instant in (utc("2026-03-29T00:59Z"), utc("2026-03-29T01:00Z"), utc("2026-03-29T01:10Z")):
        assert not calendar.is_quiet(BERLIN, instant, 2 * 60 + 10, 2 * 60 + 40)


def test_quiet_hours_that_end_inside_a_fold_end_at_the_later_reading() -> None:
    first, second = utc("2026-11-01T05:30Z"), utc("2026-11-01T06:30Z")
    for instant in (first - 1, first, utc("2026-11-01T05:59Z"), second - 1):
        assert calendar.is_quiet(NEW_YORK, instant, AT_22, 90)
        assert calendar.quiet_end(NEW_YORK, instant, AT_22, 90) == second
    assert not calendar.is_quiet(NEW_YORK, second, AT_22, 90)


def test_quiet_hours_that_begin_inside_a_fold_begin_at_the_earlier_reading() -> None:
    first = utc("2026-11-01T05:30Z")
    assert not calendar.is_quiet(NEW_YORK, first - 1, 90, AT_8)
    assert calendar.is_quiet(NEW_YORK, first, 90, AT_8)
    assert calendar.is_quiet(NEW_YORK, utc("2026-11-01T06:10Z"), 90, AT_8)  # reads 01:10 again


def test_quiet_hours_meet_where_a_day_was_left_out() -> None:
    zone, evening_of_29, transition = "Pacific/Apia", utc("2011-12-30T09:00Z"), utc("2011-12-30T10:00Z")
    assert calendar.quiet_end(zone, evening_of_29, AT_22, AT_8) == transition
    assert calendar.quiet_end(zone, transition, AT_22, AT_8) == utc("2011-12-30T18:00Z")


def test_of_two_quiet_periods_that_overlap_the_later_end_counts() -> None:
    almost_always = 90, 75  # 01:30 to 01:15; clocks go back from 02:00 to 01:00
    before, overlap = utc("2026-11-01T05:29Z"), utc("2026-11-01T05:30Z")
    assert calendar.quiet_end(NEW_YORK, before, *almost_always) == utc("2026-11-01T06:15Z")
    assert calendar.quiet_end(NEW_YORK, overlap, *almost_always) == utc("2026-11-02T06:15Z")


@pytest.mark.parametrize("minute", [0, 12 * 60, 1439])
def test_equal_minutes_are_never_quiet(minute: int) -> None:
    instant = calendar.first_instant(BERLIN, day("2026-06-01"), minute)
    assert not calendar.is_quiet(BERLIN, instant, minute, minute)
    assert calendar.quiet_end(BERLIN, instant, minute, minute) == instant


def test_quiet_is_from_the_start_up_to_the_end() -> None:
    start, end = utc("2026-06-01T20:00Z"), utc("2026-06-02T06:00Z")
    expected = {start - 1: False, start: True, end - 1: True, end: False}
    assert {at: calendar.is_quiet(BERLIN, at, AT_22, AT_8) for at in expected} == expected


def test_both_readings_of_a_fold_are_one_local_day() -> None:
    readings = utc("2026-11-01T05:30Z"), utc("2026-11-01T06:30Z")
    assert [calendar.local_minute(NEW_YORK, at) for at in readings] == [90, 90]
    assert calendar.same_period(NEW_YORK, "day", *readings)
    assert calendar.first_instant(NEW_YORK, day("2026-11-01"), 90, fold="earlier") == readings[0]
    assert calendar.first_instant(NEW_YORK, day("2026-11-01"), 90) == readings[1]


def test_a_date_comes_back_when_clocks_go_back_over_midnight() -> None:
    zone = "America/St_Johns"  # 2006-10-29 00:01 became 23:01 of the 28th
    began, back, again = utc("2006-10-29T02:30Z"), utc("2006-10-29T02:31Z"), utc("2006-10-29T03:30Z")
    dates = [day(text) for text in ("2006-10-28", "2006-10-29", "2006-10-28", "2006-10-29")]
    assert [calendar.local_date(zone, at) for at in (began - 1, began, back, again)] == dates
    assert calendar.start_of_day(zone, day("2006-10-29")) == began
    assert calendar.next_day_start(zone, began - 1) == again
    assert calendar.next_day_start(zone, back) == again
    assert calendar.next_day_start(zone, began) == utc("2006-10-30T03:30Z")
    assert calendar.same_period(zone, "day", began, again)
    assert not calendar.same_period(zone, "day", began, back)


def test_a_fold_that_begins_with_midnight_brings_no_date_back() -> None:
    zone = "America/Havana"  # 2012-11-04 01:00 became 00:00
    first, second = utc("2012-11-04T04:00Z"), utc("2012-11-04T05:00Z")
    assert calendar.start_of_day(zone, day("2012-11-04")) == first
    assert calendar.next_day_start(zone, first - 1) == first
    assert calendar.first_instant(zone, day("2012-11-04")) == second


def test_a_fold_that_ends_with_midnight_puts_the_day_off() -> None:
    zone = "Asia/Beirut"  # 2022-10-29 24:00 became 23:00
    assert calendar.local_date(zone, utc("2022-10-29T21:00Z")) == day("2022-10-29")
    assert calendar.start_of_day(zone, day("2022-10-30")) == utc("2022-10-29T22:00Z")


def test_a_day_whose_midnight_is_left_out_begins_at_the_transition() -> None:
    zone = "America/Sao_Paulo"  # 2018-11-04 00:00 became 01:00
    for minute in (0, 30, 60):
        assert calendar.first_instant(zone, day("2018-11-04"), minute) == utc("2018-11-04T03:00Z")
    assert calendar.start_of_day(zone, day("2018-11-04")) == utc("2018-11-04T03:00Z")


def test_a_day_that_was_left_out_is_empty() -> None:
    zone, transition = "Pacific/Apia", utc("2011-12-30T10:00Z")  # 2011-12-29 24:00 became 2011-12-31 00:00
    assert calendar.local_date(zone, transition - 1) == day("2011-12-29")
    assert calendar.local_date(zone, transition) == day("2011-12-31")
    assert calendar.start_of_day(zone, day("2011-12-30")) == transition
    assert calendar.start_of_day(zone, day("2011-12-31")) == transition
    assert calendar.next_day_start(zone, transition - 1) == transition


def test_offsets_of_odd_seconds_count_exactly() -> None:
    zone, transition = "Africa/Monrovia", utc("1972-01-07T00:44:30Z")  # local midnight became 00:44:30
    assert calendar.utc_offset(zone, transition - 1) == -(44 * 60 + 30)
    assert calendar.local_minute(zone, transition - 1) == 1439
    assert calendar.local_minute(zone, transition) == 44
    assert calendar.start_of_day(zone, day("1972-01-07")) == transition


@pytest.mark.parametrize(("text", "weekday"), [("1970-01-01", 4), ("1969-12-31", 3), ("2026-11-01", 7)])
def test_weekdays_are_iso(text: str, weekday: int) -> None:
    assert calendar.weekday(day(text)) == weekday


def test_weeks_begin_where_asked() -> None:
    sunday = utc("2026-11-01T12:00Z")
    assert calendar.week_start_of(NEW_YORK, sunday) == utc("2026-10-26T04:00Z")
    assert calendar.next_week_start(NEW_YORK, sunday) == utc("2026-11-02T05:00Z")
    assert calendar.week_start_of(NEW_YORK, sunday, 7) == utc("2026-11-01T04:00Z")
    assert calendar.next_week_start(NEW_YORK, sunday, 7) == utc("2026-11-08T05:00Z")


@pytest.mark.parametrize(
    ("instant", "start", "following"),
    [
        ("2026-11-01T12:00Z", "2026-11-01T04:00Z", "2026-12-01T05:00Z"),
        ("2028-02-29T12:00Z", "2028-02-01T05:00Z", "2028-03-01T05:00Z"),
        ("2026-01-01T04:59Z", "2025-12-01T05:00Z", "2026-01-01T05:00Z"),
        ("1969-12-31T12:00Z", "1969-12-01T05:00Z", "1970-01-01T05:00Z"),
    ],
)
def test_months(instant: str, start: str, following: str) -> None:
    assert calendar.month_start_of(NEW_YORK, utc(instant)) == utc(start)
    assert calendar.next_month_start(NEW_YORK, utc(instant)) == utc(following)


@pytest.mark.parametrize(
    "name", ["", "europe/berlin", "Mars/Olympus", "../zones", "Europe", "CEST", "Europe/Berlin "]
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    assert not calendar.known_zone(name)
    with pytest.raises(calendar.UnknownZoneError):
        calendar.utc_offset(name, 0)
