"""Walking an expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from compiler.checked.ir.values import Expr


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """The expression and all below it, `where` conditions included, in source order, without recursion."""
    pending = [expr]
    while pending:
        current = pending.pop()
        yield current
        if below := direct_subexpressions(current):
            pending.extend(reversed(below))


def direct_subexpressions(expr: Expr) -> list[Expr]:
    """The expressions directly below one."""
    found: list[Expr] = []
    kind: Any = type(expr)
    for name in _holding_expressions(kind):
        value = getattr(expr, name)
        if isinstance(value, Expr):
            found.append(value)
        elif value:
            for item in value:
                found.extend((item,) if isinstance(item, Expr) else item)
    return found


@cache
def _holding_expressions(kind: type[Any]) -> tuple[str, ...]:
    """The fields of an expression that hold expressions: one, some, or pairs of them."""
    return tuple(part.name for part in fields(kind) if "Expr" in part.type or "EventField" in part.type)
