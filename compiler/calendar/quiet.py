"""Quiet hours: one quiet period for each local day, from a minute of that day up to, not including, another.

An end before the start lies on the next day; an end equal to the start means never quiet. A period begins
at the first instant that reads its start and ends at the last that reads its end; in a gap either is the
first instant that exists. So when clocks are set back over the end, it stays quiet until they have come to
it again.
"""

from __future__ import annotations

from functools import lru_cache

from compiler.calendar.wall import first_instant, local_date


def is_quiet(zone: str, instant: int, start_minute: int, end_minute: int) -> bool:
    """Whether `instant` lies in the quiet period of some local day. Minutes of day."""
    return quiet_end(zone, instant, start_minute, end_minute) > instant


def quiet_end(zone: str, instant: int, start_minute: int, end_minute: int) -> int:
    """The end of the quiet period that holds `instant`; `instant` itself when it is not quiet. Minutes of day.

    At a transition two periods may overlap, then it is the later end; or meet, then it is quiet again at the end.
    """
    until = instant
    for begin, end in _periods_near(zone, local_date(zone, instant), start_minute, end_minute):
        if begin <= instant < end:
            until = end  # periods stand in order, so the last is the latest
    return until


@lru_cache(maxsize=4096)  # the deciding day of each zone and window, and a replay's days: under 4 MB
def _periods_near(zone: str, day: int, start_minute: int, end_minute: int) -> tuple[tuple[int, int], ...]:
    """The quiet periods that can hold an instant with local date `day`.

    They start on that day, the day before, or, where clocks go back across midnight, the day after. No zone
    ever set them back by more than 24 hours; so if a period older than these lasts until a second reading of
    its end, yesterday's has begun as well and ends later.
    """
    if start_minute == end_minute:
        return ()
    days_on = 1 if end_minute < start_minute else 0
    return tuple(
        (first_instant(zone, d, start_minute, fold="earlier"), first_instant(zone, d + days_on, end_minute))
        for d in range(day - 1, day + 2)
    )
