"""Values, instants and spans of time as an explanation writes them."""

from __future__ import annotations

from compiler.calendar import known_zone
from compiler.cases.texts import instant_text, value_text
from compiler.checked.ir import RuleSet
from compiler.facts import Facts
from compiler.types import Kind, Type, Value
from dsl.frozen import dataclass

SECOND = 1_000_000
UNITS = (("day", 86_400 * SECOND), ("hour", 3_600 * SECOND), ("minute", 60 * SECOND), ("second", SECOND))


@dataclass(frozen=True, slots=True)
class Words:
    """`zone`: the one in which instants are told."""

    zone: str

    @classmethod
    def of(cls, ruleset: RuleSet, facts: Facts) -> Words:
        """In the user's zone, or that of the settings."""
        own = None if ruleset.user_zone is None else facts.user.get(ruleset.user_zone)
        return cls(own if isinstance(own, str) and known_zone(own) else ruleset.settings.zone)

    def instant(self, instant: int) -> str:
        """`2026-03-01 20:10 Europe/Berlin`."""
        try:
            text = instant_text(instant, self.zone)
        except OverflowError:  # the local date lies outside of all years
            return f"{instant} µs"
        return text if text.endswith(("Z", "µs")) else f"{text} {self.zone}"

    def value(self, type_: Type, value: Value) -> str:
        """`42.50 EUR`; `missing` and `unavailable` as such."""
        if type_.kind is Kind.INSTANT and isinstance(value, int):
            return self.instant(value)
        return value_text(type_, value, self.zone)

    def difference(self, type_: Type, by: int | float) -> str:
        """An amount of a type by which something is more or less; of instants and dates, a span."""
        if type_.kind in (Kind.INSTANT, Kind.DURATION):
            return span(round(by))
        if type_.kind is Kind.DATE:
            return counted(round(by), "day")
        if type_.kind is Kind.NUMBER:
            return f"{by:.6g}"
        return value_text(type_, by, self.zone)


def span(microseconds: int) -> str:
    """`3 hours 20 minutes`: the two largest units, rounded down."""
    left, parts = abs(microseconds), list[tuple[int, str]]()
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append((count, unit))
    said = [counted(count, unit) for count, unit in parts[:2] if count]
    return " ".join(said) or counted(abs(microseconds), "microsecond")


def counted(number: int, word: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
