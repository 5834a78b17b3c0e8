"""Periods of limits: rolling ones, and calendar ones of the user's zone."""

from __future__ import annotations

from compiler.checked.ir import Calendar, Period, Rolling
from compiler.interpret.localtime import next_period, same_period, settings_zone, user_zone
from compiler.interpret.scene import Scene


def in_period(time: int, period: Period | None, at: int, scene: Scene) -> bool:
    """Whether `time` lies in the period that holds `at`; None is for ever."""
    if period is None:
        return True
    if isinstance(period, Rolling):
        return at - period.microseconds < time <= at
    return same_period(time, at, period, user_zone(scene), scene.ruleset.settings.first_weekday)


def free_again(time: int, period: Period | None, at: int, scene: Scene) -> int | None:
    """The first instant whose period no longer holds `time`, which the period of `at` does; None is never."""
    if period is None:
        return None
    if isinstance(period, Rolling):
        return time + period.microseconds
    return next_period(at, period, user_zone(scene), scene.ruleset.settings.first_weekday)


def next_unit_of_settings(period: Calendar, scene: Scene) -> int | None:
    """The start of the calendar unit after the present one, in the settings' zone."""
    return next_period(scene.now, period, settings_zone(scene), scene.ruleset.settings.first_weekday)
