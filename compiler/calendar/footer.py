"""POSIX TZ strings as they end zone files: how the clocks go on after the last listed transition.

Of the three forms of a date the one that `tzdata` uses is read, `Mm.w.d`; hours may exceed a day or be
negative (RFC 9636, section 3.3.2).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_NAME = r"(?:<[^>]+>|[A-Za-z]+)"
_TIME = r"([+-]?\d+(?::\d\d){0,2})"
_DATE = rf",M(\d+)\.(\d)\.(\d)(?:/{_TIME})?"
_FIXED = re.compile(rf"{_NAME}{_TIME}")
_SEASONAL = re.compile(rf"{_NAME}{_TIME}{_NAME}{_TIME}?{_DATE}{_DATE}")
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class YearlyDate:
    """The `week`-th `weekday` (0 is Sunday) of a month, 5 being the last; `second` counts from midnight."""

    month: int
    week: int
    weekday: int
    second: int

    def wall_second(self, year: int) -> int:
        """Seconds since 1970-01-01T00:00 on the wall clock."""
        first = date(year, self.month, 1).toordinal() - _EPOCH
        nth = (self.weekday - first - 4) % 7 + 7 * (self.week - 1)  # 1970-01-01 was a Thursday
        while nth >= monthrange(year, self.month)[1]:
            nth -= 7
        return (first + nth) * 86_400 + self.second


@dataclass(frozen=True, slots=True)
class Season:
    """A second offset that holds for a part of every year; offsets are seconds east of UTC.

    Most zones call it summer time; Europe/Dublin's lies in winter and an hour behind its standard.
    """

    standard: int
    offset: int
    start: YearlyDate
    end: YearlyDate

    def changes(self, year: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The year's two transitions, each with the offset that begins there."""
        return (
            (self.start.wall_second(year) - self.standard, self.offset),
            (self.end.wall_second(year) - self.offset, self.standard),
        )


def parse_footer(text: str) -> Season | None:
    """None when one offset goes on for ever. A form that `tzdata` does not use raises ValueError."""
    if _FIXED.fullmatch(text):
        return None
    match = _SEASONAL.fullmatch(text)
    if match is None:
        raise ValueError(f"time zone rule {text!r} is of a form that is not read")
    standard, offset, *dates = match.groups()
    standard_seconds = -_seconds(standard)  # POSIX counts west of UTC
    return Season(
        standard_seconds,
        -_seconds(offset) if offset else standard_seconds + 3600,
        _yearly_date(*dates[:4]),
        _yearly_date(*dates[4:]),
    )


def _yearly_date(month: str, week: str, weekday: str, time: str | None) -> YearlyDate:
    return YearlyDate(int(month), int(week), int(weekday), _seconds(time or "2"))


def _seconds(time: str) -> int:
    parts = time.lstrip("+-").split(":")
    size = sum(int(part) * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    return -size if time.startswith("-") else size
