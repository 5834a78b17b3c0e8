"""Local time again, slowly: python-dateutil's reader of zone files, and a walk through what the clock reads.

Nothing here is shared with `compiler.calendar`. Instants are microseconds since 1970-01-01T00:00Z; readings
are seconds since 1970-01-01T00:00 on the wall clock.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise

from dateutil import tz

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
EPOCH = date(1970, 1, 1)

FROM, UNTIL = (
    (date(year, 1, 1) - EPOCH).days * DAY for year in (1970, 2038)
)  # every transition from 1970 to 2037


@cache
def zone_names() -> tuple[str, ...]:
    return tuple((resources.files("tzdata") / "zones").read_text().split())


def zone_file(zone: str) -> bytes:
    return resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()


@cache
def distinct_zones() -> tuple[str, ...]:
    """One name for each content: the others are links, whose clocks cannot differ."""
    return tuple({zone_file(zone): zone for zone in reversed(zone_names())}.values())


class Clock:
    """The wall clock of a zone as dateutil reads it from the pinned file."""

    def __init__(self, zone: str) -> None:
        with resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as stream:
            self._zone = tz.tzfile(stream)
        self._epoch = datetime(1970, 1, 1, tzinfo=self._zone)

    def read(self, instant: int) -> datetime:
        return self._zone.fromutc(self._epoch + timedelta(microseconds=instant)).replace(tzinfo=None)

    def reading(self, instant: int) -> int:
        local = self.read(instant)
        return (
            (local.toordinal() - EPOCH.toordinal()) * 86_400
            + local.hour * 3_600
            + local.minute * 60
            + local.second
        )

    def offset(self, instant: int) -> int:
        """Seconds east of UTC, of a whole second."""
        return self.reading(instant) - instant // SECOND

    def changes(self, start: int, stop: int, step: int) -> list[int]:
        """The instants at which the offset changes, found by looking every `step` and then halving."""
        looks = [(instant, self.offset(instant)) for instant in range(start, stop + 1, step)]
        return [
            self._change_between(before, after, offset)
            for (before, offset), (after, other) in pairwise(looks)
            if offset != other
        ]

    def _change_between(self, before: int, after: int, offset_before: int) -> int:
        while after - before > SECOND:
            middle = (before + after) // 2 // SECOND * SECOND
            if self.offset(middle) == offset_before:
                before = middle
            else:
                after = middle
        return after


class Walk:
    """What the clock reads at every step, for days around one transition.

    The step divides five minutes, the transition and both offsets, so that clocks change, and read every
    fifth minute, only on a step: what holds on a step holds up to the next.
    """

    def __init__(self, clock: Clock, transition: int, reach: int = 80 * HOUR) -> None:
        before, after = clock.offset(transition - SECOND), clock.offset(transition)
        self.step = math.gcd(300, transition // SECOND, before, after) * SECOND
        self.instants = range(transition - reach // self.step * self.step, transition + reach, self.step)
        self.readings = [clock.reading(instant) for instant in self.instants]
        self.dates = [EPOCH + timedelta(reading // 86_400) for reading in self.readings]
        backwards = range(len(self.instants) - 1, -1, -1)
        self._last = {reading: index for index, reading in enumerate(self.readings)}
        self._first = {self.readings[index]: index for index in backwards}
        self._begin = {self.dates[index]: index for index in backwards}

    def index(self, instant: int) -> int:
        return (instant - self.instants.start) // self.step

    def first(self, day: date, minute: int) -> int:
        """The index at which the clock first reads `minute` of `day`; if it never does, first reads more."""
        return self._first[self._existing(day, minute)]

    def last(self, day: date, minute: int) -> int:
        """The same for the last time."""
        return self._last[self._existing(day, minute)]

    def _existing(self, day: date, minute: int) -> int:
        reading = (day - EPOCH).days * 86_400 + minute * 60
        while reading not in self._first:
            reading += self.step // SECOND
        return reading

    def begin(self, day: date) -> int:
        """The first index whose date is `day`, or a later one where the zone left `day` out."""
        while day not in self._begin:
            day += timedelta(1)
        return self._begin[day]

    def days_within(self) -> list[date]:
        """Every day of the calendar, left-out ones too, that the walk holds with all of the day after."""
        length = (self.dates[-1] - self.dates[0]).days
        return [self.dates[0] + timedelta(days) for days in range(1, length - 1)]

    def quiet_ends(self, start: int, end: int) -> list[int | None]:
        """Step by step, the index at which the quiet period ends, of two the later; None where it is not quiet.

        A day's period goes from its minute `start` to the next minute `end`.
        """
        ends: list[int | None] = [None] * len(self.readings)
        for day in self.days_within() if start != end else ():
            until = self.last(day if start < end else day + timedelta(1), end)
            for index in range(self.first(day, start), until):
                ends[index] = max(until, ends[index] or 0)
        return ends
