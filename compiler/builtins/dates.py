"""Functions of dates, instants and durations. An instant is read in the user's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from compiler.builtins.function import Function, Overload
from compiler.calendar import local_date, local_minute, weekday
from compiler.types import DATE, DATE_MAX, DATE_MIN, INT, Kind, Type, choice

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EPOCH = date(1970, 1, 1).toordinal()
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


def _calendar(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def year(day: int) -> int:
    return _calendar(day).year


def month(day: int) -> int:
    return _calendar(day).month


def day_of_month(day: int) -> int:
    return _calendar(day).day


def weekday_name(day: int) -> str:
    return WEEKDAYS[weekday(day) - 1]


def date_of(zone: str, instant: int) -> int | None:
    """Missing where the local date is not one that can be written, at the ends of the years 1 to 9999."""
    day = local_date(zone, instant)
    return day if DATE_MIN <= day <= DATE_MAX else None


def hour(zone: str, instant: int) -> int | None:
    return None if date_of(zone, instant) is None else local_minute(zone, instant) // 60


def minute(zone: str, instant: int) -> int | None:
    return None if date_of(zone, instant) is None else local_minute(zone, instant) % 60


def whole(unit: int) -> Callable[[int], int]:
    """How many whole units are in a duration, towards zero."""
    return lambda duration: duration // unit if duration >= 0 else -(-duration // unit)


def _of_day(name: str, doc: str, example: str, result: Type, read: Callable[[int], object]) -> Function:
    def of_instant(zone: str, instant: int) -> object:
        day = date_of(zone, instant)
        return None if day is None else read(day)

    overloads = (
        Overload((Kind.DATE,), result, read),
        Overload((Kind.INSTANT,), result, of_instant, uses_zone=True),
    )
    return Function(name, doc, example, overloads)


def _of_instant(
    name: str, doc: str, example: str, result: Type, read: Callable[[str, int], object]
) -> Function:
    return Function(name, doc, example, (Overload((Kind.INSTANT,), result, read, uses_zone=True),))


DATE_FUNCTIONS = (
    _of_day("year", "the year", "year(2026-03-01) is 2026", INT, year),
    _of_day("month", "the month, 1 to 12", "month(2026-03-01) is 3", INT, month),
    _of_day("day", "the day of the month, 1 to 31", "day(2026-03-01) is 1", INT, day_of_month),
    _of_day("weekday", "monday to sunday", "weekday(2026-03-01) is sunday", choice(*WEEKDAYS), weekday_name),
    _of_instant("hour", "the hour in the user's zone, 0 to 23", "hour(2026-03-01 20:10) is 20", INT, hour),
    _of_instant(
        "minute", "the minute in the user's zone, 0 to 59", "minute(2026-03-01 20:10) is 10", INT, minute
    ),
    _of_instant("date", "the date in the user's zone", "date(2026-03-01 20:10) is 2026-03-01", DATE, date_of),
    Function(
        "days",
        "how many whole days of 24 hours, towards zero",
        "days(50 hours) is 2",
        (Overload((Kind.DURATION,), INT, whole(_DAY)),),
    ),
    Function(
        "hours",
        "how many whole hours, towards zero",
        "hours(150 minutes) is 2",
        (Overload((Kind.DURATION,), INT, whole(_HOUR)),),
    ),
)
