"""Walking an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from compiler.checked.ir.values import Expr


def subexpressions(expr: Expr) -> list[Expr]:
    """The expression and all below it, `where` conditions included, in source order, without recursion."""
    found: list[Expr] = []
    pending = [expr]
    while pending:
        current = pending.pop()
        found.append(current)
        if below := BELOW[type(current)](current):
            pending.extend(reversed(below))
    return found


def direct_subexpressions(expr: Expr) -> Sequence[Expr]:
    """The expressions directly below one."""
    return BELOW[type(expr)](expr)


class Below(dict[type, Callable[[Any], Sequence[Expr]]]):
    """How the expressions directly below those of each class are read; found out when the first one is met."""

    def __missing__(self, kind: type) -> Callable[[Any], Sequence[Expr]]:
        read = self[kind] = reader(kind)
        return read


BELOW = Below()


def reader(kind: Any) -> Callable[[Any], Sequence[Expr]]:
    """Most hold two expressions or one tuple of them, which are read without a look at each."""
    held = {part.name: part.type for part in fields(kind) if "Expr" in part.type or "EventField" in part.type}
    if not held:
        return lambda expr: ()
    if [*held.values()] in (["Expr", "Expr"], ["tuple[Expr, ...]"]):
        return attrgetter(*held)
    return lambda expr: expressions_in([getattr(expr, name) for name in held])


def expressions_in(values: Iterable[Any]) -> Sequence[Expr]:
    """The fields of an expression that hold expressions: one, some, or pairs of them."""
    found: list[Expr] = []
    for value in values:
        if isinstance(value, Expr):
            found.append(value)
        elif value:
            for item in value:
                found.extend((item,) if isinstance(item, Expr) else item)
    return found
