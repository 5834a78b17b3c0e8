"""Compares `compiler.calendar` with the second source around one transition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from compiler import calendar
from compiler.calendar import Unit
from tests.calendar.second_source import EPOCH, HOUR, SECOND, Clock, Walk

MINUTE = 60 * SECOND
NEAR = (0, MINUTE, 30 * MINUTE, HOUR, 90 * MINUTE, 3 * HOUR, 12 * HOUR, 24 * HOUR, 26 * HOUR)
FIXED_WINDOWS = ((22 * 60, 8 * 60), (21 * 60, 9 * 60), (0, 6 * 60), (23 * 60 + 30, 30), (12 * 60, 12 * 60))


@dataclass
class Comparison:
    """How often what was compared, and each answer that differs."""

    compared: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def expect(self, what: str, ours: object, theirs: object, *arguments: object) -> None:
        self.compared[what] += 1
        if ours != theirs:
            self.differences.append(f"{what}{arguments}: {ours}, second source {theirs}")


def compare_around(zone: str, clock: Clock, transition: int, result: Comparison) -> None:
    walk = Walk(clock, transition)
    instants = probes(transition)
    compare_readings(zone, clock, instants, result)
    compare_first_instants(zone, walk, transition, result)
    compare_periods(zone, walk, instants, result)
    compare_quiet(zone, walk, transition, instants, result)


def probes(transition: int) -> list[int]:
    """On each side of the transition, and a microsecond to either side of each."""
    return sorted(
        {transition + side * far + jitter for far in NEAR for side in (-1, 1) for jitter in (-1, 0, 1)}
    )


def compare_readings(zone: str, clock: Clock, instants: list[int], result: Comparison) -> None:
    for instant in instants:
        local = clock.read(instant)
        offset = clock.offset(instant)
        result.expect("utc_offset", calendar.utc_offset(zone, instant), offset, zone, instant)
        result.expect(
            "local_date", calendar.local_date(zone, instant), (local.date() - EPOCH).days, zone, instant
        )
        minute = local.hour * 60 + local.minute
        result.expect("local_minute", calendar.local_minute(zone, instant), minute, zone, instant)


def edges(walk: Walk, transition: int) -> list[int]:
    """What the clock was to read at the transition, what it reads, and the middle, on steps of the walk."""
    at = walk.index(transition)
    due, read = walk.readings[at - 1] + walk.step // SECOND, walk.readings[at]
    return [reading // 60 * 60 for reading in (due, (due + read) // 2 // 300 * 300, read)]


def compare_first_instants(zone: str, walk: Walk, transition: int, result: Comparison) -> None:
    for reading in (edge + shift for edge in edges(walk, transition) for shift in (-300, 0, 300)):
        number, minute = divmod(reading // 60, 1440)
        day = EPOCH + timedelta(number)
        earlier = calendar.first_instant(zone, number, minute, fold="earlier")
        later = calendar.first_instant(zone, number, minute, fold="later")
        result.expect(
            "first_instant", earlier, walk.instants[walk.first(day, minute)], zone, day, minute, "earlier"
        )
        result.expect(
            "first_instant", later, walk.instants[walk.last(day, minute)], zone, day, minute, "later"
        )
    for day in walk.days_within():
        ours = calendar.start_of_day(zone, (day - EPOCH).days)
        result.expect("start_of_day", ours, walk.instants[walk.begin(day)], zone, day)


def period_of(unit: Unit, day: date, first_weekday: int) -> date:
    """The first day of the period."""
    if unit == "week":
        while day.isoweekday() != first_weekday:
            day -= timedelta(1)
    return day.replace(day=1) if unit == "month" else day


def compare_periods(zone: str, walk: Walk, instants: list[int], result: Comparison) -> None:
    kinds: list[tuple[Unit, int]] = [
        ("day", 1),
        ("month", 1),
        *(("week", weekday) for weekday in range(1, 8)),
    ]
    for unit, first_weekday in kinds:
        periods = {day: period_of(unit, day, first_weekday) for day in set(walk.dates)}
        for a, b in combinations(instants[:: 1 if unit == "day" else 5], 2):
            same = periods[walk.dates[walk.index(a)]] == periods[walk.dates[walk.index(b)]]
            ours = calendar.same_period(zone, unit, a, b, first_weekday)
            result.expect("same_period", ours, same, zone, unit, a, b, first_weekday)
        along = [periods[day] for day in walk.dates]
        for instant in instants:
            compare_bounds(zone, walk, along, unit, first_weekday, instant, result)


def compare_bounds(
    zone: str, walk: Walk, along: list[date], unit: Unit, first_weekday: int, instant: int, result: Comparison
) -> None:
    """Where the walk holds the bound. `along` has the period at each step."""
    now = along[walk.index(instant)]
    if along[-1] != now:
        after = len(along) - along[::-1].index(now)
        ours = calendar.next_period_start(zone, unit, instant, first_weekday)
        result.expect("next_period_start", ours, walk.instants[after], zone, unit, instant, first_weekday)
        result.expect(
            "next start of unit", next_start(zone, unit, instant, first_weekday), ours, zone, unit, instant
        )
    if along[0] != now:
        ours = start_of(zone, unit, instant, first_weekday)
        result.expect(
            "start of unit", ours, walk.instants[walk.begin(now)], zone, unit, instant, first_weekday
        )


def start_of(zone: str, unit: Unit, instant: int, first_weekday: int) -> int:
    if unit == "week":
        return calendar.week_start_of(zone, instant, first_weekday)
    return {"day": calendar.day_start_of, "month": calendar.month_start_of}[unit](zone, instant)


def next_start(zone: str, unit: Unit, instant: int, first_weekday: int) -> int:
    if unit == "week":
        return calendar.next_week_start(zone, instant, first_weekday)
    return {"day": calendar.next_day_start, "month": calendar.next_month_start}[unit](zone, instant)


def windows(walk: Walk, transition: int) -> Iterator[tuple[int, int]]:
    """Quiet hours: usual ones, and such as begin or end at, in and beside the gap or fold."""
    yield from FIXED_WINDOWS
    for minute in (edge // 60 % 1440 for edge in edges(walk, transition)):
        yield from (
            (22 * 60, minute),
            (minute, 8 * 60),
            (minute, (minute + 15) % 1440),
            ((minute + 15) % 1440, minute),
        )


def compare_quiet(zone: str, walk: Walk, transition: int, instants: list[int], result: Comparison) -> None:
    for start, end in set(windows(walk, transition)):
        ends = walk.quiet_ends(start, end)
        turns = [walk.instants[i] for i in range(1, len(ends)) if ends[i] != ends[i - 1]]
        near = [turn for turn in turns if abs(turn - transition) <= 26 * HOUR]
        for instant in {*instants, *near, *(turn - 1 for turn in near)}:
            until = ends[walk.index(instant)]
            quiet_end = instant if until is None else walk.instants[until]
            ours = calendar.is_quiet(zone, instant, start, end)
            result.expect("is_quiet", ours, until is not None, zone, instant, start, end)
            result.expect(
                "quiet_end",
                calendar.quiet_end(zone, instant, start, end),
                quiet_end,
                zone,
                instant,
                start,
                end,
            )
