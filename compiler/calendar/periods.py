"""Calendar days, weeks and months of a zone.

A period is a set of local days, and an instant belongs to it by its local date. Where clocks are set back
across midnight the date goes back too, so a period is not always an interval: ask `same_period`, do not
compare bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from compiler.calendar.offsets import CYCLE_DAYS
from compiler.calendar.wall import local_date, settled_start_of_day, start_of_day, weekday

Unit = Literal["day", "week", "month"]

_EPOCH = date(1970, 1, 1).toordinal()


def same_period(zone: str, unit: Unit, a: int, b: int, first_weekday: int = 1) -> bool:
    """Whether the local dates of two instants lie in one period. `first_weekday` is ISO, Monday 1."""
    first_day = _FIRST_DAY[unit]
    return first_day(local_date(zone, a), first_weekday) == first_day(local_date(zone, b), first_weekday)


def next_period_start(zone: str, unit: Unit, instant: int, first_weekday: int = 1) -> int:
    """The first instant after `instant` from which on the local date is never again in the present period."""
    first = _FIRST_DAY[unit](local_date(zone, instant), first_weekday)
    return settled_start_of_day(zone, _FIRST_DAY[unit](first + _LONGEST[unit], first_weekday))


def day_start_of(zone: str, instant: int) -> int:
    """The first instant of the local day of `instant`."""
    return start_of_day(zone, local_date(zone, instant))


def week_start_of(zone: str, instant: int, first_weekday: int = 1) -> int:
    """The first instant of the first day of the local week of `instant`. `first_weekday` is ISO, Monday 1."""
    return start_of_day(zone, _first_of_week(local_date(zone, instant), first_weekday))


def month_start_of(zone: str, instant: int) -> int:
    """The first instant of the first day of the local month of `instant`."""
    return start_of_day(zone, _first_of_month(local_date(zone, instant)))


def next_day_start(zone: str, instant: int) -> int:
    """When the present local day is over for good, see `next_period_start`."""
    return next_period_start(zone, "day", instant)


def next_week_start(zone: str, instant: int, first_weekday: int = 1) -> int:
    """When the present local week is over for good, see `next_period_start`."""
    return next_period_start(zone, "week", instant, first_weekday)


def next_month_start(zone: str, instant: int) -> int:
    """When the present local month is over for good, see `next_period_start`."""
    return next_period_start(zone, "month", instant)


def _first_of_week(day: int, first_weekday: int) -> int:
    return day - (weekday(day) - first_weekday) % 7


def _first_of_month(day: int) -> int:
    return day - date.fromordinal(_EPOCH + day % CYCLE_DAYS).day + 1


_FIRST_DAY: dict[Unit, Callable[[int, int], int]] = {
    "day": lambda day, _: day,
    "week": _first_of_week,
    "month": lambda day, _: _first_of_month(day),
}
_LONGEST: dict[Unit, int] = {"day": 1, "week": 7, "month": 31}  # in days; this far on is the next period
