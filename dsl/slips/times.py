"""Dates, times of day, lengths of time and windows written as elsewhere, or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsl.diagnostics import Diagnostic
from dsl.expected import DURATION_UNITS, UNITS, WINDOW
from dsl.findings import amiss, instead
from dsl.positions import span_of
from dsl.stop import END, Stop
from dsl.text import OPEN_TEXT, quoted

OTHER_UNITS = {
    **dict.fromkeys(("s", "sec", "secs"), "seconds"),
    **dict.fromkeys(("m", "min", "mins"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs"), "hours"),
    **dict.fromkeys(("d", "dy"), "days"),
    **dict.fromkeys(("w", "wk", "wks"), "weeks"),
}
UNEVEN_UNITS = ("month", "months", "year", "years", "quarter", "quarters")
DATE = re.compile(r"\d{4}-\d\d-\d\d.*")
GERMAN_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
DATE_LIKE = re.compile(r'"?\d{1,4}[-./]\d{1,2}[-./]?\d{0,4}')
ODD_DATE = re.compile(r"(?<![\w.])[12]\d{3}(?:/\d{1,2}/\d{1,2}|-\d-\d{1,2}|-\d\d-\d)(?![\w.])")
ODD_DATE_IN_CODE = re.compile(rf'{OPEN_TEXT}"|#[^\n]*|(?P<date>{ODD_DATE.pattern})')
WINDOW_WORDS = ("in", "last", "past", "during", "over", "since", "the", "for", "before", "after", "between")
THE_WINDOWS = "windows: `within 7 days`, `within today`, `from 2026-01-01 to 2026-03-31`, `ever`"


def unit(stop: Stop) -> Diagnostic | None:
    """`wait 2`, `within 5 min`, `within 2 months`."""
    number, found = stop.previous(), stop.found
    if number.kind != "number" or not stop.could >= DURATION_UNITS:
        return None
    if meant := OTHER_UNITS.get(found.text):
        message = f"{quoted(found.text)} is not a unit of time"
        return instead("S016", message, stop.text, found.start, found.end, f"write `{meant}`", meant)
    if found.text in UNEVEN_UNITS:
        label = "months and years differ in length: count in days or weeks"
        return amiss("S016", f"{quoted(found.text)} is not a unit of time", stop.span(found), label)
    if stop.could != DURATION_UNITS:
        return None  # a plain number may stand here too
    label = f"a unit should follow: {', '.join(f'`{one}s`' for one in UNITS)}"
    return amiss("S016", f"{quoted(number.text)} has no unit of time", stop.span(number), label)


def date(stop: Stop) -> Diagnostic | None:
    """`at 1.3.2026`, `at "2026-03-01"`, `2026-03-01T20:10+01:00`."""
    found = stop.found
    if DATE.fullmatch(stop.previous().text) and found.text in ("+", "UTC", "GMT", "CET", "CEST"):
        label = (
            "write no zone: an instant is local time, or UTC when it ends in `Z` as in `2026-03-01 20:10Z`"
        )
        return amiss("S004", f"{quoted(found.text)} cannot follow a date", stop.span(found), label)
    if german := GERMAN_DATE.match(stop.text, stop.previous().start):
        return no_date(stop.text, *german.span())
    if "DATETIME" not in stop.could or not DATE_LIKE.match(stop.text, stop.start):
        return None
    return no_date(stop.text, found.start, found.end)


def no_date(text: str, start: int, end: int) -> Diagnostic:
    label = "dates are written `2026-03-01`, instants `2026-03-01 20:10`"
    return amiss("S004", f"{quoted(text[start:end])} is not a date", span_of(text, start, end), label)


def odd_dates(text: str) -> Iterator[Diagnostic]:
    """`2026/3/1` and `2026-3-1`, which read as a number divided or lessened twice."""
    if ODD_DATE.search(text):
        for found in ODD_DATE_IN_CODE.finditer(text):
            if found["date"]:
                yield no_date(text, *found.span("date"))


def clock(stop: Stop) -> Diagnostic | None:
    """`quiet 9:00 to 21`, `at 2026-03-01 9:00`."""
    found = stop.found
    after_date = DATE.fullmatch(stop.previous().text) and ":" in found.text
    if found.kind != "number" or not (after_date or "CLOCK" in stop.could):
        return None
    label = "times of day are written with four digits, such as `09:00` and `21:30`"
    return amiss("S004", f"{quoted(found.text)} is not a time of day", stop.span(found), label)


def window(stop: Stop) -> Diagnostic | None:
    """`did not order_paid and …`, `count of view in the last 7 days`."""
    if not stop.could >= WINDOW:
        return None
    if stop.found.text in WINDOW_WORDS:
        message = f"{quoted(stop.found.text)} does not begin a window"
        return amiss("S017", message, stop.span(stop.found), "write a window here", THE_WINDOWS)
    before = stop.previous()
    is_far = stop.found.kind == END or "\n" in stop.text[before.end : stop.start]
    where, label = (
        (before, "a window should follow") if is_far else (stop.found, "a window should stand here")
    )
    return amiss("S017", "over which time? a window is left out", stop.span(where), label, THE_WINDOWS)
