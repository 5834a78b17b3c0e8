"""Each zone's offsets from UTC as a table to bisect."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib import resources

from compiler.calendar.footer import parse_footer
from compiler.calendar.tzif import ZoneFile, read_zone_file

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND

CYCLE_DAYS = 146_097
"""The Gregorian calendar repeats, weekdays included, after 400 years: these days."""

_CYCLE = CYCLE_DAYS * DAY
_STEADY_AFTER = 2 * 366 * DAY
_YEARS_TABULATED = 400 + 5


class UnknownZoneError(LookupError):
    """A name that the pinned `tzdata` package does not list."""


@dataclass(frozen=True, slots=True)
class OffsetTable:
    """Offsets of one zone, in microseconds.

    `transitions`: ascending instants at which the offset changes.
    `offsets`: `offsets[i]` holds before `transitions[i]`, the last one after all of them.
    `horizon`: from here on, and for 400 years before, the clocks follow a yearly rule, so that a later
    instant reads like the one whole cycles earlier. The table goes on for a year beyond it.
    """

    transitions: tuple[int, ...]
    offsets: tuple[int, ...]
    horizon: int

    def cycles_past(self, instant: int) -> int:
        """The least multiple of 400 years, in microseconds, that brings `instant` before the horizon."""
        return 0 if instant < self.horizon else ((instant - self.horizon) // _CYCLE + 1) * _CYCLE

    def offset_at(self, instant: int) -> int:
        return self.offsets[bisect_right(self.transitions, instant - self.cycles_past(instant))]


def known_zone(name: str) -> bool:
    """Whether `name`, spelled exactly so, is in the pinned `tzdata` package."""
    return name in zone_names()


def utc_offset(zone: str, instant: int) -> int:
    """Seconds that the wall clock of `zone` is ahead of UTC, negative when behind."""
    return offset_table(zone).offset_at(instant) // SECOND


@cache
def zone_names() -> frozenset[str]:
    """Of all zones in the pinned `tzdata` package."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("utf-8").split())


@cache  # bounded by the names that exist: an unknown one raises and leaves nothing behind
def offset_table(zone: str) -> OffsetTable:
    """Reads the zone's file from the package itself, whatever PYTHONTZPATH says: milliseconds, once."""
    if not known_zone(zone):
        raise UnknownZoneError(zone)
    path = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/"))
    return _tabulated(read_zone_file(path.read_bytes()))


def _tabulated(file: ZoneFile) -> OffsetTable:
    last = file.transitions[-1] if file.transitions else 0
    listed = list(zip(file.transitions, file.offsets[1:], strict=True))
    transitions, offsets = [], [file.offsets[0]]
    for second, offset in listed + _changes_after(last, file.footer):
        if offset != offsets[-1]:  # a change of name alone is no transition to us
            transitions.append(second)
            offsets.append(offset)
    return OffsetTable(
        tuple(second * SECOND for second in transitions),
        tuple(offset * SECOND for offset in offsets),
        last * SECOND + _STEADY_AFTER + _CYCLE,
    )


def _changes_after(last: int, footer: str) -> list[tuple[int, int]]:
    season = parse_footer(footer)
    if season is None:
        return []
    year = 1970 + last // 31_556_952  # by the mean year, so up to one off; the span has room for that
    changes = [change for y in range(year - 1, year + _YEARS_TABULATED) for change in season.changes(y)]
    return sorted(change for change in changes if change[0] > last)
