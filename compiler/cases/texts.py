"""What stands at a place of the rules, and instants and values as a test would write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from compiler.calendar import utc_offset
from compiler.checked.literals import instant_of
from compiler.types import INSTANT_MAX, INSTANT_MIN, MISSING, UNAVAILABLE, Answer, Kind, Type, Value
from compiler.wire.writing import write_value
from dsl.source import Place, Source
from dsl.text import lines_of

EPOCH = datetime(1970, 1, 1)
LONGEST = 120
ANSWERS: Mapping[Answer, str] = {True: "yes", False: "no", None: "unknown"}


class Texts:
    """The sources of a rule set, by their names."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.lines = {source.name: lines_of(source.text) for source in sources}

    def beside(self, others: Texts, called: Callable[[str], str]) -> Texts:
        """These, and those of another rule set under other names."""
        texts = Texts(())
        texts.lines = {**self.lines, **{called(name): lines for name, lines in others.lines.items()}}
        return texts

    def at(self, place: Place) -> str:
        """The text of a place in one line, a long one cut; empty if its file is not at hand."""
        lines = self.lines.get(place.file, [])[place.span.line - 1 : place.span.end_line]
        if not lines:
            return ""
        lines = [*lines[:-1], lines[-1][: place.span.end_column - 1]]
        lines[0] = lines[0][place.span.column - 1 :]
        text = " ".join(" ".join(lines).split())
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def instant_text(instant: int, zone: str) -> str:
    """`2026-03-02 09:00` in the zone; in UTC with a Z where the wall time would be read as another instant."""
    if not INSTANT_MIN <= instant <= INSTANT_MAX:
        return f"{instant} µs"
    wall = instant + utc_offset(zone, instant) * SECOND
    if not INSTANT_MIN <= wall <= INSTANT_MAX:  # no year of the calendar there
        return wall_text(instant) + "Z"
    local = wall_text(wall)
    return local if instant_of(local, zone) == instant else wall_text(instant) + "Z"


def wall_text(microseconds: int) -> str:
    wall = EPOCH + timedelta(microseconds=microseconds)
    seconds = f":{wall.second:02}" if wall.second or wall.microsecond else ""
    fraction = f".{wall.microsecond:06}".rstrip("0") if wall.microsecond else ""
    return f"{wall:%Y-%m-%d %H:%M}{seconds}{fraction}"


def value_text(type_: Type, value: Value, zone: str) -> str:
    """A value as it is written in a test."""
    if value is MISSING:
        return "unknown" if type_.kind is Kind.CONDITION else "missing"
    if value is UNAVAILABLE:
        return "unavailable"
    write = WRITERS.get(type_.kind)
    return write(type_, value, zone) if write else str(write_value(type_, value))


def duration_text(microseconds: int) -> str:
    """`2 hours`, `90 minutes`, in the largest unit that fits."""
    for unit, size in UNITS.items():
        if microseconds % size == 0 and microseconds:
            count = microseconds // size
            return f"{count} {unit}{'' if abs(count) == 1 else 's'}"
    return f"{microseconds / SECOND:g} seconds"


SECOND = 1_000_000
UNITS = {"day": 86400 * SECOND, "hour": 3600 * SECOND, "minute": 60 * SECOND, "second": SECOND}
WRITERS: Mapping[Kind, Callable[[Type, Any, str], str]] = {
    Kind.CONDITION: lambda type_, value, zone: ANSWERS[value],
    Kind.FLAG: lambda type_, value, zone: "true" if value else "false",
    Kind.TEXT: lambda type_, value, zone: f'"{value}"',
    Kind.TIMEZONE: lambda type_, value, zone: f'"{value}"',
    Kind.MONEY: lambda type_, value, zone: f"{write_value(type_, value)['amount']} {type_.currency}",  # type: ignore[index]
    Kind.INSTANT: lambda type_, value, zone: instant_text(value, zone),
    Kind.DURATION: lambda type_, value, zone: duration_text(value),
    Kind.SET: lambda type_, value, zone: f"set({', '.join(f'{each!r}' for each in sorted(value))})",
}
