"""Declarations, and the definitions of crowds, scores and policies."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Literal

from compiler.checked.ir.events import Rolling
from compiler.checked.ir.values import Expr
from compiler.types import Present, Type
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Settings:
    zone: str = "UTC"
    currency: str = "EUR"
    first_weekday: int = 1
    """ISO: 1 Monday … 7 Sunday."""
    rates: Mapping[tuple[str, str], Fraction] = dataclasses.field(default_factory=dict)
    """(from, to) -> units of `to` for one `from`; both directions of every declared rate."""


@dataclass(frozen=True, slots=True)
class FieldDef:
    name: str
    type: Type
    optional: bool
    private: bool
    default: Present | None


@dataclass(frozen=True, slots=True)
class EventDef:
    name: str
    doc: str
    fields: Mapping[str, FieldDef]


@dataclass(frozen=True, slots=True)
class Definition:
    """Something named that a statement defines. `key` is unique in a rule set: `crowd hot_cart`."""

    name: str
    doc: str
    span: Span = dataclasses.field(compare=False)

    @property
    def key(self) -> str:
        return f"{type(self).__name__.lower()} {self.name}"


@dataclass(frozen=True, slots=True)
class Crowd(Definition):
    condition: Expr


@dataclass(frozen=True, slots=True)
class ScoreLine:
    sign: int
    points: Expr
    condition: Expr | None
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Band:
    grade: str
    threshold: Present | None
    """Of the score's type; None for the last band."""


@dataclass(frozen=True, slots=True)
class Score(Definition):
    """`type` is int or number. The grade is the first band whose threshold the total reaches."""

    type: Type
    lines: tuple[ScoreLine, ...]
    bands: tuple[Band, ...]


class Then(Enum):
    WAIT = "wait"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar day, week or month of the user's zone."""

    unit: Literal["day", "week", "month"]


Period = Rolling | Calendar


@dataclass(frozen=True, slots=True)
class Limit:
    """One line of a policy; `span` is the line's."""

    span: Span = dataclasses.field(compare=False)
    then: Then


@dataclass(frozen=True, slots=True)
class Quiet(Limit):
    """Minutes of the local day, [start, end), maybe over midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cap(Limit):
    """`channel` None is all channels; `tag` None is any plan."""

    channel: str | None
    tag: str | None
    limit: int
    period: Period


@dataclass(frozen=True, slots=True)
class Cooldown(Limit):
    """`event` None is any counted send."""

    microseconds: int
    event: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """`block users in` / `allow users in` a crowd or list: an InCrowd or InList condition."""

    condition: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Never:
    """`channel` None is all."""

    channel: str | None
    condition: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Policy(Definition):
    is_default: bool
    limits: tuple[Limit, ...]
    blocks: tuple[Group, ...]
    allows: tuple[Group, ...]
    nevers: tuple[Never, ...]
