"""Crowds made of crowds."""

from __future__ import annotations

from dsl.ast.expressions import Expr
from dsl.ast.parts import Share, Text
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Algebra(Expr):
    """`a or b`, `a and b`, `a except b` between crowds; one operator a level, mixed ones are told apart by parentheses
    (and binds tighter than or; `except` beside either without parentheses is a diagnostic of the parser)."""

    operator: str
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Sample(Expr):
    share: Share
    of: Expr
    salt: Text
