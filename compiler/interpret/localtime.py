"""Local time by plain stepping through `zoneinfo`. Semantics, *Time*, and `docs/language/time.md`.

Offsets and their changes are whole seconds, so that walks by minutes and then by seconds find every boundary exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from compiler.checked.ir import Calendar
from compiler.interpret.scene import Scene
from compiler.interpret.values import DAY, HOUR, MINUTE, SECOND
from compiler.types import MISSING

_EPOCH = datetime(1970, 1, 1)
_FIRST_DAY = _EPOCH.toordinal()


# ---- zones


@lru_cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def user_zone(scene: Scene) -> ZoneInfo:
    """The zone that the user's profile names, else that of the settings."""
    attribute = scene.ruleset.user_zone
    name = scene.facts.user.get(attribute) if attribute is not None else MISSING
    return ZoneInfo(name) if isinstance(name, str) and name in _known_zones() else settings_zone(scene)


def settings_zone(scene: Scene) -> ZoneInfo:
    return ZoneInfo(scene.ruleset.settings.zone)


# ---- clocks and dates


def local_time(instant: int, zone: ZoneInfo) -> datetime | None:
    """What the wall clock shows; None beyond the years 1 to 9999."""
    try:
        shown = (_EPOCH + timedelta(microseconds=instant)).replace(tzinfo=UTC).astimezone(zone)
    except (OverflowError, ValueError):
        return None
    return shown.replace(tzinfo=None, fold=0)


def local_date(instant: int, zone: ZoneInfo) -> int | None:
    """In days since 1970-01-01; None beyond the years 1 to 9999."""
    shown = local_time(instant, zone)
    return None if shown is None else day_number(shown.date())


def day_number(day: date) -> int:
    return day.toordinal() - _FIRST_DAY


def day_of(number: int) -> date:
    return date.fromordinal(number + _FIRST_DAY)


def _as_if_utc(wall: datetime) -> int:
    return (wall - _EPOCH) // timedelta(microseconds=1)


def _start_of(holds: Callable[[int], bool], instant: int) -> int:
    """Walk back from `instant` while `holds`: the first instant of that stretch."""
    for step in (MINUTE, SECOND):
        while holds(instant - step):
            instant -= step
    return instant


# ---- calendar periods


def period_days(day: int, period: Calendar, first_weekday: int) -> tuple[int, int]:
    """The period that holds a date, as its first date and the first date of the next one."""
    return _PERIODS[period.unit](day_of(day), first_weekday)


def _day(day: date, first_weekday: int) -> tuple[int, int]:
    return day_number(day), day_number(day) + 1


def _week(day: date, first_weekday: int) -> tuple[int, int]:
    start = day_number(day) - (day.isoweekday() - first_weekday) % 7
    return start, start + 7


def _month(day: date, first_weekday: int) -> tuple[int, int]:
    start = day.replace(day=1)
    later = start + timedelta(days=31)
    return day_number(start), day_number(later.replace(day=1))


_PERIODS = {"day": _day, "week": _week, "month": _month}


def same_period(instant: int, other: int, period: Calendar, zone: ZoneInfo, first_weekday: int) -> bool:
    day, other_day = local_date(instant, zone), local_date(other, zone)
    if day is None or other_day is None:
        return False
    start, end = period_days(other_day, period, first_weekday)
    return start <= day < end


def next_period(instant: int, period: Calendar, zone: ZoneInfo, first_weekday: int) -> int | None:
    """The first instant after which the local date never again lies in the period that holds `instant`."""
    day = local_date(instant, zone)
    return None if day is None else _never_before(period_days(day, period, first_weekday)[1], zone)


@lru_cache(maxsize=100_000)
def _never_before(day: int, zone: ZoneInfo) -> int:
    """The first instant from which on every local date is `day` or later; none is later than a day behind UTC."""

    def not_before(instant: int) -> bool:
        date_there = local_date(instant, zone)
        return date_there is not None and date_there >= day

    return _start_of(not_before, (day + 1) * DAY)


# ---- quiet hours


def quiet_end(instant: int, start: int, end: int, zone: ZoneInfo) -> int | None:
    """The end of the quiet period that holds `instant`, of two the later; None where it is not quiet.

    `start` and `end` are minutes of the local day; a period belongs to the date on which it starts.
    """
    day = local_date(instant, zone)
    if day is None or start == end:
        return None
    last_day = 0 if start < end else 1
    periods = [
        (_first_reading(each, start, zone), _last_reading(each + last_day, end, zone))
        for each in range(day - 2, day + 3)
    ]
    return max((closes for opens, closes in periods if opens <= instant < closes), default=None)


def _first_reading(day: int, minute: int, zone: ZoneInfo) -> int:
    return _readings(day, minute, zone)[0]


def _last_reading(day: int, minute: int, zone: ZoneInfo) -> int:
    return _readings(day, minute, zone)[-1]


@lru_cache(maxsize=100_000)
def _readings(day: int, minute: int, zone: ZoneInfo) -> list[int]:
    """The instants at which the wall clock shows that minute of that date; in a gap the first instant behind it."""
    wall = _EPOCH + timedelta(days=day, minutes=minute)
    as_if_utc = _as_if_utc(wall)
    around = range(as_if_utc - 26 * HOUR, as_if_utc + 26 * HOUR, HOUR // 4)
    offsets = {_offset(instant, zone) for instant in around}
    readings = [as_if_utc - offset for offset in offsets if local_time(as_if_utc - offset, zone) == wall]
    return sorted(readings) or [_after_gap(wall, zone)]


def _offset(instant: int, zone: ZoneInfo) -> int:
    """Microseconds by which local time is ahead of UTC."""
    shown = local_time(instant, zone)
    return 0 if shown is None else _as_if_utc(shown) - instant


def _after_gap(wall: datetime, zone: ZoneInfo) -> int:
    def is_behind(instant: int) -> bool:
        shown = local_time(instant, zone)
        return shown is not None and shown > wall

    return _start_of(is_behind, _as_if_utc(wall) + DAY)
