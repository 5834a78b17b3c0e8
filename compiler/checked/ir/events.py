"""Windows over events, and what is made of the events in one."""

from __future__ import annotations

import dataclasses
from typing import Literal

from compiler.checked.ir.values import EventField, Expr
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Rolling:
    """(now − microseconds, now]."""

    microseconds: int


@dataclass(frozen=True, slots=True)
class LocalDay:
    """Instants up to now whose date in the user's zone is that of now."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """[start, end), instants; never beyond now."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ever:
    """All of history up to now."""


Window = Rolling | LocalDay | Fixed | Ever


@dataclass(frozen=True, slots=True)
class Without:
    """Keyed correlation: drops an event e when some `event` r with e.time <= r.time <= now has an equal `field`."""

    event: str
    field: str


@dataclass(frozen=True, slots=True)
class Aggregate(Expr):
    """`field` is None for a plain count. `where` sees the event's fields as EventField."""

    function: Literal["count", "sum", "average", "min", "max", "distinct", "first", "last"]
    event: str
    field: EventField | None
    where: Expr | None
    without: Without | None
    window: Window
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class SinceLast(Expr):
    """now − time of the last such event; missing when there was none."""

    event: str
    span: Span = dataclasses.field(compare=False)
