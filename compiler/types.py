"""The static types of the language, and how a value of each looks while a rule runs.

| type | run-time value |
|---|---|
| condition | True yes, False no, None unknown |
| flag | bool |
| int | int, 64-bit signed |
| number | float, finite |
| money | int, millionths of the currency (scale 6) |
| text, choice, timezone | str |
| instant | int, microseconds since 1970-01-01T00:00Z |
| duration | int, microseconds |
| date | int, days since 1970-01-01 |
| version | tuple that orders as versions do (`compiler.versions`) |
| set | frozenset of str |

A value of any type but condition may also be MISSING (None: known to be absent) or UNAVAILABLE (not fetched, stale, or
history too short).
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias

from dsl.frozen import dataclass


class Unavailable(Enum):
    """One member, so that `is` tells it apart and it survives copying and pickling."""

    UNAVAILABLE = "unavailable"

    def __repr__(self) -> str:
        return "UNAVAILABLE"


UNAVAILABLE: Final = Unavailable.UNAVAILABLE
MISSING: Final = None

Present: TypeAlias = bool | int | float | str | tuple[object, ...] | frozenset[str]
Value: TypeAlias = Present | Unavailable | None
Answer: TypeAlias = bool | None
"""Of a condition: True yes, False no, None unknown."""

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
MONEY_SCALE: Final = 1_000_000
DECIMAL_LIMIT: Final = 10**38
"""`sum` and `average` are computed on DECIMAL(38,6); a magnitude of this many millionths is overflow. Money likewise."""

DATE_MIN: Final = -719_162
"""0001-01-01, in days since 1970-01-01; a date before it is missing."""
DATE_MAX: Final = 2_932_896
"""9999-12-31."""
INSTANT_MIN: Final = DATE_MIN * 86_400_000_000
INSTANT_MAX: Final = (DATE_MAX + 1) * 86_400_000_000 - 1
"""The last microsecond of 9999-12-31 UTC."""


class Kind(Enum):
    CONDITION = "condition"
    FLAG = "flag"
    INT = "int"
    NUMBER = "number"
    TEXT = "text"
    MONEY = "money"
    CHOICE = "choice"
    TIMEZONE = "timezone"
    INSTANT = "instant"
    DATE = "date"
    DURATION = "duration"
    VERSION = "version"
    SET = "set"

    __hash__ = object.__hash__  # there is one of each, and tables are asked by them all the time


@dataclass(frozen=True, slots=True)
class Type:
    """`currency` goes with money, `options` (in the declared order) with choice."""

    kind: Kind
    currency: str | None = None
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind is Kind.MONEY:
            return f"money {self.currency}"
        if self.kind is Kind.CHOICE:
            return f"choice({', '.join(self.options)})"
        return "set(text)" if self.kind is Kind.SET else self.kind.value


CONDITION: Final = Type(Kind.CONDITION)
FLAG: Final = Type(Kind.FLAG)
INT: Final = Type(Kind.INT)
NUMBER: Final = Type(Kind.NUMBER)
TEXT: Final = Type(Kind.TEXT)
TIMEZONE: Final = Type(Kind.TIMEZONE)
INSTANT: Final = Type(Kind.INSTANT)
DATE: Final = Type(Kind.DATE)
DURATION: Final = Type(Kind.DURATION)
VERSION: Final = Type(Kind.VERSION)
SET: Final = Type(Kind.SET)


def money(currency: str) -> Type:
    return Type(Kind.MONEY, currency=currency)


def choice(*options: str) -> Type:
    return Type(Kind.CHOICE, options=options)


ORDERED: Final = frozenset(
    {Kind.INT, Kind.NUMBER, Kind.TEXT, Kind.MONEY, Kind.INSTANT, Kind.DATE, Kind.DURATION, Kind.VERSION}
)
"""Kinds that `< <= > >=`, `min` and `max` accept; text orders by code point, other kinds by value."""

SUMMABLE: Final = frozenset({Kind.INT, Kind.NUMBER, Kind.MONEY, Kind.DURATION})
"""Kinds that `+ -`, `sum` and `average` accept (instants and dates also take `+ -` with a duration or with each other)."""
