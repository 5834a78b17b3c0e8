"""The small parts of which the rest is made."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A dotted name: `cart_add.price`, `life.lapsed`, `user`."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A string without its quotes."""

    value: str


class Unit(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """`7 days`: elapsed time; `lexeme` is canonical (`7 days`, single spaces)."""

    microseconds: int
    lexeme: str


@dataclass(frozen=True, slots=True)
class DateTime(Node):
    """`2026-03-01`, `2026-03-01 20:10[:30[.5]]`, with `Z` for UTC. `lexeme` is canonical (a space, not `T`)."""

    lexeme: str

    @property
    def is_date(self) -> bool:
        return len(self.lexeme) == 10


@dataclass(frozen=True, slots=True)
class TimeOfDay(Node):
    """`21:00`, as minutes of the day."""

    minute: int
    lexeme: str


@dataclass(frozen=True, slots=True)
class Share(Node):
    """`5%`: exact, between 0 and 1 unless the checker refuses it."""

    fraction: Fraction
    lexeme: str


@dataclass(frozen=True, slots=True)
class Amount(Node):
    """`500` or `0.02 EUR`."""

    number: Decimal
    currency: str | None
    lexeme: str
