"""Windows, aggregates, `did`, sequences."""

from __future__ import annotations

from dsl.ast.expressions import Expr
from dsl.ast.parts import DateTime, Duration, Name, Node, Ref
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Window(Node):
    pass


@dataclass(frozen=True, slots=True)
class Within(Window):
    duration: Duration


@dataclass(frozen=True, slots=True)
class Today(Window):
    pass


@dataclass(frozen=True, slots=True)
class Ever(Window):
    pass


@dataclass(frozen=True, slots=True)
class Between(Window):
    """`from A to B`, an end day included."""

    start: DateTime
    end: DateTime


@dataclass(frozen=True, slots=True)
class Without(Node):
    """`without refund with same order`."""

    event: Ref
    same: Name


@dataclass(frozen=True, slots=True)
class Aggregate(Expr):
    """`sum of cart_add.price where … without … within 7 days`; `function` is count, sum, average, min, max, distinct, first or last."""

    function: str
    of: Ref
    where: Expr | None
    without: Without | None
    window: Window


@dataclass(frozen=True, slots=True)
class SinceLast(Expr):
    """`time since last order_paid`."""

    event: Ref


@dataclass(frozen=True, slots=True)
class Did(Expr):
    """`did [not] E [at least N times] [with same F] [where …] window`."""

    event: Ref
    negated: bool
    at_least: int | None
    same: Name | None
    where: Expr | None
    window: Window


@dataclass(frozen=True, slots=True)
class Sequence(Expr):
    """`did a where … then b where … inside 30 minutes without c within 7 days`."""

    first: Ref
    first_where: Expr | None
    then: Ref
    then_where: Expr | None
    inside: Duration
    without: Ref | None
    window: Window
