"""Expressions without events."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from enum import Enum

from dsl.ast.parts import Amount, Duration, Name, Node, Ref
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Expr(Node):
    pass


class LiteralKind(Enum):
    FLAG = "flag"
    INT = "int"
    NUMBER = "number"
    TEXT = "text"
    MONEY = "money"
    DURATION = "duration"
    DATE = "date"
    INSTANT = "instant"

    __hash__ = object.__hash__  # there is one of each, and tables are asked by them all the time


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A constant as written. `value`: bool, int, Decimal (NUMBER; of `2%` 0.02), str (TEXT, DATE, INSTANT as lexeme), Amount,
    Duration."""

    kind: LiteralKind
    value: bool | int | Decimal | str | Amount | Duration
    lexeme: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class RefExpr(Expr):
    ref: Ref


@dataclass(frozen=True, slots=True)
class Group(Expr):
    """Parentheses, kept because people put them in for people."""

    inner: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    function: Name
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Expr):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class And(Expr):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Expr):
    term: Expr


@dataclass(frozen=True, slots=True)
class Chain(Expr):
    """A flat chain of `+ -` or of `* /`: `operators[i]` stands between `terms[i]` and `terms[i + 1]`."""

    terms: tuple[Expr, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negative(Expr):
    term: Expr


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`operator` is one of `>= <= > <`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Is(Expr):
    """`left is right`, `left is not right`."""

    left: Expr
    right: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class IsMissing(Expr):
    term: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class In(Expr):
    """`left in NAME` or `left in (a, b)`; options are Literal, Negative of a Literal, or RefExpr (a choice's name)."""

    left: Expr
    right: Ref | tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Otherwise(Expr):
    value: Expr
    fallback: Expr


@dataclass(frozen=True, slots=True)
class Arm(Node):
    value: Expr
    condition: Expr


@dataclass(frozen=True, slots=True)
class Pick(Expr):
    arms: tuple[Arm, ...]
    default: Expr
