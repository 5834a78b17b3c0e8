"""Settings, modules, declarations, crowds and scores, with their clauses in the order written."""

from __future__ import annotations

from dsl.ast.expressions import Expr, Literal, Negative
from dsl.ast.parts import Amount, Name, Node, Ref, Text
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Clause(Node):
    pass


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """A top-level statement; its span starts at line 1, column 1."""


@dataclass(frozen=True, slots=True)
class TimezoneIs(Clause):
    zone: Text


@dataclass(frozen=True, slots=True)
class CurrencyIs(Clause):
    currency: Name


@dataclass(frozen=True, slots=True)
class WeekStarts(Clause):
    weekday: Name


@dataclass(frozen=True, slots=True)
class Rate(Clause):
    """`rate 1 USD = 0.92 EUR`."""

    left: Amount
    right: Amount


@dataclass(frozen=True, slots=True)
class Settings(Statement):
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Binding(Node):
    name: Name
    target: Ref


@dataclass(frozen=True, slots=True)
class Use(Statement):
    module: Ref
    alias: Name | None
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """`text`, `money EUR`, `choice(a, b)`, `set(text)`: `options` holds the names in the parentheses."""

    name: str
    currency: str | None
    options: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class FieldDecl(Node):
    """`tier: choice(free, plus)  optional`; `default` is a Literal, Negative of one, or RefExpr (a choice's name)."""

    name: Name
    type: TypeName
    key: bool
    optional: bool
    private: bool
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Profile(Statement):
    name: Name
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class Input(Statement):
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class EventDecl(Statement):
    name: Name
    doc: Text | None
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class ListDecl(Statement):
    name: Name
    doc: Text | None


@dataclass(frozen=True, slots=True)
class Crowd(Statement):
    """`body` is a condition (`{ … }`) or, with `by_algebra`, an expression over crowds (`= …`)."""

    name: Name
    doc: Text | None
    body: Expr
    by_algebra: bool


@dataclass(frozen=True, slots=True)
class Points(Clause):
    """`add 30 points when …`; `sign` is 1 for add, -1 for take."""

    sign: int
    points: Expr
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Band(Node):
    """`A from 60`, or `C below` with no threshold."""

    grade: Name
    threshold: Literal | Negative | None


@dataclass(frozen=True, slots=True)
class Grades(Clause):
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Score(Statement):
    name: Name
    doc: Text | None
    clauses: tuple[Clause, ...]
