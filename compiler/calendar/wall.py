"""What the wall clock reads at an instant, and when it reads what.

Clocks are set forward (a *gap*: readings that never occur) and back (a *fold*: readings that occur twice).
A reading is an int like an instant: microseconds since 1970-01-01T00:00 on the wall clock.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

from compiler.calendar.offsets import DAY, MINUTE, offset_table

Fold = Literal["earlier", "later"]

_WIDEST = 26 * 60 * MINUTE  # every offset is smaller (RFC 9636, section 3.2)


def local_date(zone: str, instant: int) -> int:
    """The local day on the wall clock."""
    return (instant + offset_table(zone).offset_at(instant)) // DAY


def local_minute(zone: str, instant: int) -> int:
    """The minute of day on the wall clock, seconds cut off."""
    return (instant + offset_table(zone).offset_at(instant)) % DAY // MINUTE


def weekday(day: int) -> int:
    """ISO 8601: Monday 1 to Sunday 7."""
    return (day + 3) % 7 + 1


def first_instant(zone: str, day: int, minute: int = 0, *, fold: Fold = "later") -> int:
    """The instant at which the wall clock reads `minute` of `day`.

    In a gap: the first instant that exists after it, which is the transition. In a fold: the one asked for.
    """
    wall = day * DAY + minute * MINUTE
    return _first_from(zone, wall) if fold == "earlier" else _last_below(zone, wall, wall + 1)


def start_of_day(zone: str, day: int) -> int:
    """The first instant whose local date is `day`; if the zone left that day out, that of the next."""
    return _first_from(zone, day * DAY)


def settled_start_of_day(zone: str, day: int) -> int:
    """The first instant from which on the local date is never again before `day`.

    Later than `start_of_day` only where clocks were set back across midnight after the day had begun.
    """
    return _last_below(zone, day * DAY, day * DAY)


def _first_from(zone: str, wall: int) -> int:
    """The first instant at which the clock reads `wall` or more."""
    table = offset_table(zone)
    transitions, offsets = table.transitions, table.offsets
    shift = table.cycles_past(wall)
    wall -= shift
    index = bisect_right(transitions, wall - _WIDEST)
    while index < len(transitions) and transitions[index] + offsets[index] <= wall:
        index += 1
    instant = wall - offsets[index]
    return shift + (max(instant, transitions[index - 1]) if index else instant)


def _last_below(zone: str, wall: int, limit: int) -> int:
    """In the last stretch of one offset that begins below `limit`: the instant of `wall`, else its end."""
    table = offset_table(zone)
    transitions, offsets = table.transitions, table.offsets
    shift = table.cycles_past(wall)
    wall, limit = wall - shift, limit - shift
    index = bisect_right(transitions, wall + _WIDEST)
    while index and transitions[index - 1] + offsets[index] >= limit:
        index -= 1
    instant = wall - offsets[index]
    return shift + (min(instant, transitions[index]) if index < len(transitions) else instant)
