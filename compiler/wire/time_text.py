"""Instants, dates and durations as text: RFC 3339, and durations as protobuf's JSON writes them.

Reading gives None for a text of another form, or outside the range of the type (`compiler.types`).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from compiler.types import INSTANT_MAX, INSTANT_MIN, INT_MAX, INT_MIN

_MINUTE = r"(?:[01]\d|2[0-3]):[0-5]\d"
_INSTANT = re.compile(
    rf"\d{{4}}-\d\d-\d\d[Tt]{_MINUTE}:[0-5]\d(?:\.\d{{1,9}})?(?:[Zz]|[+-]{_MINUTE})", re.ASCII
)
_date = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_DURATION = re.compile(r"(-?)(\d{1,15})(?:\.(\d{1,9}))?s", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000


def read_instant(text: str) -> int | None:
    """`2026-03-01T20:10:00.5+01:00` in microseconds since 1970; digits beyond microseconds are cut off."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        instant = (datetime.fromisoformat(text.upper()) - _EPOCH) // _MICROSECOND
    except ValueError:  # a day that does not exist
        return None
    return instant if INSTANT_MIN <= instant <= INSTANT_MAX else None


def write_instant(instant: int) -> str:
    """In UTC, with microseconds where there are some."""
    text = (_EPOCH + instant * _MICROSECOND).isoformat()
    return text.removesuffix("+00:00") + "Z"


def read_date(text: str) -> int | None:
    """`2026-03-01` in days since 1970."""
    if not _date(text):
        return None
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH_DAY
    except ValueError:
        return None


def write_date(day: int) -> str:
    return date.fromordinal(day + _EPOCH_DAY).isoformat()


def read_duration(text: str) -> int | None:
    """`-1.5s` in microseconds; digits beyond them are cut off."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    sign, seconds, decimals = match.groups()
    magnitude = int(seconds) * _SECOND + int(f"{decimals or '':0<6.6}")
    duration = -magnitude if sign else magnitude
    return duration if INT_MIN <= duration <= INT_MAX else None


def write_duration(duration: int) -> str:
    """In seconds, with 0, 3 or 6 decimals as protobuf has it."""
    seconds, microseconds = divmod(abs(duration), _SECOND)
    decimals = f".{microseconds:06}".removesuffix("000") if microseconds else ""
    return f"{'-' if duration < 0 else ''}{seconds}{decimals}s"
