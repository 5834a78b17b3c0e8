"""Periods of limits: which touches lie in the one that holds an instant, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compiler.calendar import next_period_start, same_period
from compiler.checked.ir import Calendar, Period, Rolling
from compiler.decision.case import Moment

DAY = 86_400_000_000

Within = Callable[[Moment, Sequence[int]], Sequence[int]]
"""Of instants in order up to now, those in the period that holds the moment."""
Over = Callable[[Moment, int], int]
"""When an instant in the period that holds the moment is no longer in the present period."""

_LONGEST = {"day": 3, "week": 10, "month": 34}  # days: no period spans more, whatever the clocks did


def within(period: Period, first_weekday: int) -> Within:
    return _WITHIN[type(period)](period, first_weekday)


def over(period: Period, first_weekday: int) -> Over:
    return _OVER[type(period)](period, first_weekday)


def _within_rolling(period: Rolling, first_weekday: int) -> Within:
    span = period.microseconds
    return lambda moment, instants: [instant for instant in instants if instant > moment.at - span]


def _within_calendar(period: Calendar, first_weekday: int) -> Within:
    unit, span = period.unit, _LONGEST[period.unit] * DAY

    def inside(moment: Moment, instants: Sequence[int]) -> Sequence[int]:
        zone, at = moment.zone, moment.at
        return [
            instant
            for instant in instants
            if instant > at - span and same_period(zone, unit, instant, at, first_weekday)
        ]

    return inside


def _over_rolling(period: Rolling, first_weekday: int) -> Over:
    return lambda moment, instant: instant + period.microseconds


def _over_calendar(period: Calendar, first_weekday: int) -> Over:
    return lambda moment, instant: next_period_start(moment.zone, period.unit, moment.at, first_weekday)


_WITHIN: Mapping[type, Callable[[Any, int], Within]] = {Rolling: _within_rolling, Calendar: _within_calendar}
_OVER: Mapping[type, Callable[[Any, int], Over]] = {Rolling: _over_rolling, Calendar: _over_calendar}
