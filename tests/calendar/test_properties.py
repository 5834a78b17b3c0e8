"""What holds for every zone and instant, transitions sought out."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from compiler import calendar
from compiler.calendar import Unit
from compiler.calendar.offsets import offset_table
from tests.calendar.second_source import DAY, EPOCH, HOUR, SECOND, Clock, zone_names

MINUTE = 60 * SECOND

zones = st.sampled_from(zone_names())
minutes = st.integers(0, 1439)
weekdays = st.integers(1, 7)
instants = st.dates(date(1, 1, 3), date(9999, 12, 30)).map(lambda day: (day - EPOCH).days * DAY)
units: st.SearchStrategy[Unit] = st.sampled_from(["day", "week", "month"])


@st.composite
def places(draw: st.DrawFn) -> tuple[str, int]:
    """A zone and an instant, mostly within two days of a transition."""
    zone = draw(zones)
    transitions = offset_table(zone).transitions
    near = st.sampled_from(transitions) if transitions else st.nothing()
    anchor = draw(near | near | instants)
    return zone, anchor + draw(st.integers(-48, 48)) * HOUR + draw(
        st.integers(-HOUR, HOUR) | st.integers(-2, 2)
    )


@given(zones, instants)
def test_offset_equals_the_second_source_in_every_year(zone: str, instant: int) -> None:
    assert calendar.utc_offset(zone, instant) == Clock(zone).offset(instant)


@given(places())
def test_an_instant_that_reads_a_whole_minute_is_found_by_it(place: tuple[str, int]) -> None:
    zone, instant = place
    offset = calendar.utc_offset(zone, instant)
    instant -= (instant + offset * SECOND) % MINUTE
    assume(calendar.utc_offset(zone, instant) == offset)
    day, minute = calendar.local_date(zone, instant), calendar.local_minute(zone, instant)
    earlier, later = (calendar.first_instant(zone, day, minute, fold=fold) for fold in ("earlier", "later"))
    assert earlier <= later
    assert instant in (earlier, later)


@given(places(), minutes, minutes, st.integers(0, 2))
def test_a_later_reading_is_never_an_earlier_instant(
    place: tuple[str, int], a: int, b: int, days: int
) -> None:
    zone, instant = place
    day = calendar.local_date(zone, instant)
    first, second = sorted([(day, a), (day + days, b)])
    assert calendar.first_instant(zone, *first) <= calendar.first_instant(zone, *second)
    earlier = calendar.first_instant(zone, *first, fold="earlier")
    assert earlier <= calendar.first_instant(zone, *second, fold="earlier")


@given(places())
def test_a_day_starts_where_its_date_first_appears(place: tuple[str, int]) -> None:
    zone, instant = place
    day = calendar.local_date(zone, instant)
    start = calendar.start_of_day(zone, day)
    assert start == calendar.day_start_of(zone, instant) <= instant
    assert calendar.local_date(zone, start) == day
    assert calendar.local_date(zone, start - 1) < day


@given(places(), units, weekdays, st.integers(0, 40 * DAY) | st.integers(0, 26 * HOUR))
def test_a_period_is_over_for_good_at_the_next(
    place: tuple[str, int], unit: Unit, first: int, later: int
) -> None:
    zone, instant = place
    following = calendar.next_period_start(zone, unit, instant, first)
    assert instant < following
    assert calendar.same_period(zone, unit, instant, following - 1, first)
    assert not calendar.same_period(zone, unit, instant, following + later, first)


@given(places(), weekdays)
def test_periods_start_on_their_first_day(place: tuple[str, int], first_weekday: int) -> None:
    zone, instant = place
    week = calendar.week_start_of(zone, instant, first_weekday)
    month = calendar.month_start_of(zone, instant)
    assert week <= instant and month <= instant
    assert not calendar.same_period(zone, "week", week - 1, instant, first_weekday)
    assert not calendar.same_period(zone, "month", month - 1, instant)


@given(places(), minutes, minutes, st.floats(0, 1, exclude_max=True))
def test_it_is_quiet_up_to_the_end(place: tuple[str, int], start: int, end: int, part: float) -> None:
    zone, instant = place
    until = calendar.quiet_end(zone, instant, start, end)
    assert calendar.is_quiet(zone, instant, start, end) == (until > instant)
    between = instant + int((until - instant) * part)
    assert until == instant or calendar.is_quiet(zone, between, start, end)


@given(places(), minutes, minutes)
def test_it_is_quiet_at_the_end_only_if_the_next_period_has_begun(
    place: tuple[str, int], start: int, end: int
) -> None:
    zone, instant = place
    until = calendar.quiet_end(zone, instant, start, end)
    today = calendar.local_date(zone, until)
    begins = [calendar.first_instant(zone, day, start, fold="earlier") for day in range(today - 2, today + 3)]
    begun_since = any(instant < begin <= until for begin in begins)
    assert begun_since or until == instant or not calendar.is_quiet(zone, until, start, end)


@given(places(), minutes, minutes)
def test_far_from_transitions_quiet_is_what_the_clock_says(
    place: tuple[str, int], start: int, end: int
) -> None:
    zone, instant = place
    instant += 4 * DAY
    minute = calendar.local_minute(zone, instant)
    by_clock = start <= minute < end if start <= end else minute >= start or minute < end
    offsets = {calendar.utc_offset(zone, instant + hours * HOUR) for hours in range(-72, 73)}
    assert len(offsets) > 1 or calendar.is_quiet(zone, instant, start, end) == by_clock
