"""Functions of dates, instants and durations; each takes present values, those in LOCAL the user's zone first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from compiler.interpret.localtime import day_of, local_date, local_time
from compiler.interpret.values import DAY, HOUR, towards_zero
from compiler.types import MISSING, Kind, Value

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def _of_date(read: Callable[[date], Value]) -> Callable[[int], Value]:
    return lambda number: read(day_of(number))


def _of_clock(read: Callable[[datetime], Value]) -> Callable[[ZoneInfo, int], Value]:
    """`read` on the wall clock; MISSING where that leaves the calendar."""

    def reading(zone: ZoneInfo, instant: int) -> Value:
        shown = local_time(instant, zone)
        return MISSING if shown is None else read(shown)

    return reading


def _date(zone: ZoneInfo, instant: int) -> Value:
    return local_date(instant, zone)


def _whole(unit: int) -> Callable[[int], int]:
    return lambda microseconds: towards_zero(Fraction(microseconds, unit))


TIMES: dict[tuple[str, Kind], Callable[..., Any]] = {
    ("year", Kind.DATE): _of_date(lambda day: day.year),
    ("month", Kind.DATE): _of_date(lambda day: day.month),
    ("day", Kind.DATE): _of_date(lambda day: day.day),
    ("weekday", Kind.DATE): _of_date(_weekday),
    ("days", Kind.DURATION): _whole(DAY),
    ("hours", Kind.DURATION): _whole(HOUR),
}
LOCAL: dict[tuple[str, Kind], Callable[..., Any]] = {
    ("year", Kind.INSTANT): _of_clock(lambda shown: shown.year),
    ("month", Kind.INSTANT): _of_clock(lambda shown: shown.month),
    ("day", Kind.INSTANT): _of_clock(lambda shown: shown.day),
    ("weekday", Kind.INSTANT): _of_clock(_weekday),
    ("hour", Kind.INSTANT): _of_clock(lambda shown: shown.hour),
    ("minute", Kind.INSTANT): _of_clock(lambda shown: shown.minute),
    ("date", Kind.INSTANT): _date,
}
