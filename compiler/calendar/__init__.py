"""Local time of the fast path: the day, minute, calendar period and quiet hours of an instant in a zone.

An instant is an int, microseconds since 1970-01-01T00:00Z. A local day is an int, days since 1970-01-01 in
the proleptic Gregorian calendar. A minute of day is an int, 0 to 1439. A zone is an IANA name in the pinned
`tzdata` package; any other raises `UnknownZoneError`. All are pure functions of their arguments and that
package, defined for every instant.

    tzif, footer -> offsets     the package's files, read as tables of offsets
    offsets -> wall             instant <-> what the wall clock reads
    wall -> periods, quiet      days, weeks, months; quiet hours

The meaning, with its corner cases, is in docs/language/time.md.

>>> noon = first_instant("America/New_York", 20_394, 12 * 60)  # 2025-11-02, the day the clocks go back
>>> (noon - start_of_day("America/New_York", 20_394)) // 3_600_000_000
13
"""

from compiler.calendar.offsets import UnknownZoneError, known_zone, utc_offset, zone_names
from compiler.calendar.periods import (
    Unit,
    day_start_of,
    month_start_of,
    next_day_start,
    next_month_start,
    next_period_start,
    next_week_start,
    same_period,
    week_start_of,
)
from compiler.calendar.quiet import is_quiet, quiet_end
from compiler.calendar.wall import Fold, first_instant, local_date, local_minute, start_of_day, weekday

__all__ = [
    "Fold",
    "Unit",
    "UnknownZoneError",
    "day_start_of",
    "first_instant",
    "is_quiet",
    "known_zone",
    "local_date",
    "local_minute",
    "month_start_of",
    "next_day_start",
    "next_month_start",
    "next_period_start",
    "next_week_start",
    "quiet_end",
    "same_period",
    "start_of_day",
    "utc_offset",
    "week_start_of",
    "weekday",
    "zone_names",
]
