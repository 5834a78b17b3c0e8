"""Expressions that are values: what is read, calculated, stood in for."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Literal

from compiler.types import DATE, INSTANT, Present, Type
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression of a static type; those of type `condition` answer yes, no or unknown."""

    type: Type


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A value of `type` in its run-time form (`compiler.types`); never missing."""

    value: Present


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    """`user.tier`, or a field of the request's `input`."""

    scope: Literal["user", "input"]
    name: str


@dataclass(frozen=True, slots=True)
class EventField(Expr):
    """A field of the event that the enclosing `where` looks at (or that an aggregate takes)."""

    name: str


@dataclass(frozen=True, slots=True)
class TriggerField(Expr):
    """A field of the event that opened the occurrence (`with same coupon`, in a plan's `when` and `unless`)."""

    name: str


@dataclass(frozen=True, slots=True)
class LetRef(Expr):
    """A `let` of the plan, computed at most once per decision."""

    name: str


@dataclass(frozen=True, slots=True)
class PlanTerm(Expr):
    """In a decide's `rank by`: a term that the plan being ranked states (unstated ones are constants already)."""

    term: str


@dataclass(frozen=True, slots=True)
class ScoreRef(Expr):
    score: str


@dataclass(frozen=True, slots=True)
class GradeRef(Expr):
    score: str


@dataclass(frozen=True, slots=True)
class Now(Expr):
    """`now`: the decision's instant."""

    type: Type = INSTANT


@dataclass(frozen=True, slots=True)
class LocalDate(Expr):
    """`today`: the date of now in the user's zone."""

    type: Type = DATE


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A builtin function on evaluated arguments; strict: missing in, missing out; unavailable in, unavailable out.

    Functions of type condition answer unknown instead of missing. See `docs/language/functions.md`.
    """

    function: str
    arguments: tuple[Expr, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """`+ -`, left to right: `terms[0]`, then each `operators[i]` with `terms[i + 1]`.

    All terms have the type of the whole, but: instant ± duration, date ± duration (whole days), instant − instant and
    date − date, where chains are cut into Sums of two terms.
    """

    terms: tuple[Expr, ...]
    operators: tuple[Literal["+", "-"], ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Product(Expr):
    """`* /`, left to right. `steps[i]` is the type after `operators[i]`; the last is `type`.

    Either all terms are int (then every operator is `*`), or all are number, or exactly one is money or duration and
    the rest are number, or exactly one is divided by another money or duration (money / money is a number).
    """

    terms: tuple[Expr, ...]
    operators: tuple[Literal["*", "/"], ...]
    steps: tuple[Type, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Negate(Expr):
    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Convert(Expr):
    """int to number, choice or timezone to text, or money to another currency by `rate` (units of `type` for one)."""

    term: Expr
    rate: Fraction | None
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Otherwise(Expr):
    """`fallback` where `value` is missing; unavailable stays unavailable."""

    value: Expr
    fallback: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Pick(Expr):
    """The value of the first arm whose condition is yes; missing when an unknown comes before it."""

    arms: tuple[tuple[Expr, Expr], ...]
    """(value, condition)"""
    default: Expr
    span: Span = dataclasses.field(compare=False)
