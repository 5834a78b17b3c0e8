"""Expressions that answer yes, no or unknown."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Literal

from compiler.checked.ir.events import Window
from compiler.checked.ir.values import Expr
from compiler.types import CONDITION, Present, Type
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Condition(Expr):
    type: Type = dataclasses.field(default=CONDITION, init=False)


@dataclass(frozen=True, slots=True)
class And(Condition):
    terms: tuple[Expr, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Or(Condition):
    terms: tuple[Expr, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    operator: Literal["<", "<=", ">", ">="]
    left: Expr
    right: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Equal(Condition):
    left: Expr
    right: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """`country in ("de", "fr")`: constants of the term's type."""

    term: Expr
    options: frozenset[Present]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class IsMissing(Condition):
    """Yes when missing, no when present, unknown when unavailable."""

    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class FlagIs(Condition):
    """A flag used as a condition; unknown when it is missing or unavailable."""

    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class InCrowd(Condition):
    crowd: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class InList(Condition):
    list: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class InShare(Condition):
    """SEMANTICS 'share': the user's hash under `salt` lies below `share`; unknown without a user id."""

    share: Fraction
    salt: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Did(Condition):
    event: str
    at_least: int
    where: Expr | None
    window: Window
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Sequence(Condition):
    """Some `first` x and `then` y in the window with x.time < y.time <= x.time + inside and no `without` in (x.time, y.time]."""

    first: str
    first_where: Expr | None
    then: str
    then_where: Expr | None
    inside: int
    without: str | None
    window: Window
    span: Span = dataclasses.field(compare=False)
