"""Literals: what a condition asks of one reading, in the form that the predicate index has tables for.

A *slot* is something that is read once per decision, a value or a condition, whatever number of rules ask about it. A
literal asks one slot one question, and says what the answer is when the reading is missing or unavailable. Every
condition that is not `and`, `or`, `not` is a literal: of its operand's slot where a constant is compared, of the slot
of both where two readings are, else of a slot of its own, whose reading is the condition's answer.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable
from math import inf, nextafter
from typing import Any, Final, NamedTuple

from compiler.checked.ir import (
    Aggregate,
    Attribute,
    Compare,
    Const,
    Equal,
    Expr,
    FlagIs,
    IsMissing,
    OneOf,
    Otherwise,
    Rolling,
)
from compiler.types import INT, Answer
from dsl.frozen import dataclass

NEGATED: Final = {"in": "not in", "not in": "in", "<": ">=", ">=": "<"}
_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

HOLDS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "in": lambda value, options: value in options,
    "not in": lambda value, options: value not in options,
    "<": operator.lt,
    ">=": operator.ge,
}
"""Of a value and an operand. `x > 3` is `x >= 4`, so that a table changes at its constants and nowhere else."""

_ORDERS: Final = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}
_NOTHING: Final[frozenset[Any]] = frozenset()
_YES: Final = frozenset({True})


@dataclass(frozen=True, slots=True)
class Order(Expr):
    """How two readings compare: −1, 0 or 1 for left below, at or above right; a slot for all comparisons of the two."""

    left: Expr
    right: Expr


class Literal(NamedTuple):
    """`operator` is one of HOLDS; the operand of `in` and `not in` is a frozenset, of the others a constant."""

    slot: int
    operator: str
    operand: Any
    missing: Answer = None
    unavailable: Answer = None

    def negated(self) -> Literal:
        """Kleene's `not`."""
        return Literal(
            self.slot, NEGATED[self.operator], self.operand, _not(self.missing), _not(self.unavailable)
        )


class Slots:
    """Numbers the slots: equal expressions share one."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self.expressions: list[Expr] = []
        """By slot: what is read."""

    def number(self, expr: Expr) -> int:
        known = (expr.scope, expr.name) if type(expr) is Attribute else key(expr)
        number = self._numbers.get(known)
        if number is None:
            number = self._numbers[known] = len(self.expressions)
            self.expressions.append(expr)
        return number

    def literal(self, expr: Expr) -> Literal:
        """The literal of a condition that is not `and`, `or`, `not`."""
        make = _LITERALS.get(type(expr))
        return self.answer(expr) if make is None else make(self, expr)

    def order(self, left: Expr, right: Expr, operator: str) -> Literal:
        """The literal of a comparison of two readings."""
        if Order(INT, right, left) in self._numbers:
            left, right, operator = right, left, _FLIPPED[operator]
        return Literal(self.number(Order(INT, left, right)), "in", _ORDERS[operator])

    def answer(self, expr: Expr) -> Literal:
        """The literal `expr` is yes, with a slot of its own; for any condition."""
        return Literal(self.number(expr), "in", _YES)

    def asked(self, term: Expr, operator: str, operand: Any) -> Literal:
        """The literal of a term and a constant; a constant fallback becomes the answer for missing."""
        if type(term) is Otherwise and type(term.fallback) is Const:
            missing = HOLDS[operator](term.fallback.value, operand)
            return Literal(self.number(term.value), operator, operand, missing)
        return Literal(self.number(term), operator, operand)


def key(expr: Expr) -> Hashable:
    """Equal for equal expressions; for the frequent kinds several times as fast as their own hash."""
    if type(expr) is Attribute:
        return expr.scope, expr.name
    if (
        type(expr) is Aggregate
        and expr.where is None
        and expr.without is None
        and type(expr.window) is Rolling
    ):
        name = expr.field and expr.field.name
        return expr.function, expr.event, name, expr.window.microseconds
    return expr


_AFTER: Final = {">": ">=", "<=": "<"}


def _next(constant: Any) -> Any:
    """The least value above it of its type: ints and what is stored as one, numbers, texts, versions."""
    if isinstance(constant, int):
        return constant + 1
    if isinstance(constant, float):
        return nextafter(constant, inf)
    return constant + "\0" if isinstance(constant, str) else (*constant, 0)


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _compare(slots: Slots, expr: Compare) -> Literal:
    left, right, operator = expr.left, expr.right, expr.operator
    if type(right) is Const:
        return _bounded(slots, left, operator, right)
    if type(left) is Const:
        return _bounded(slots, right, _FLIPPED[operator], left)
    return slots.order(left, right, operator)


def _bounded(slots: Slots, term: Expr, operator: str, constant: Const) -> Literal:
    if operator in _AFTER:
        return slots.asked(term, _AFTER[operator], _next(constant.value))
    return slots.asked(term, operator, constant.value)


def _equal(slots: Slots, expr: Equal) -> Literal:
    if type(expr.right) is Const:
        return slots.asked(expr.left, "in", frozenset({expr.right.value}))
    if type(expr.left) is Const:
        return slots.asked(expr.right, "in", frozenset({expr.left.value}))
    return slots.answer(expr)


def _one_of(slots: Slots, expr: OneOf) -> Literal:
    return slots.asked(expr.term, "in", expr.options)


def _is_missing(slots: Slots, expr: IsMissing) -> Literal:
    return Literal(slots.number(expr.term), "in", _NOTHING, missing=True)


def _flag_is(slots: Slots, expr: FlagIs) -> Literal:
    return slots.asked(expr.term, "in", _YES)


_LITERALS: Final[dict[type[Expr], Callable[[Slots, Any], Literal]]] = {
    Compare: _compare,
    Equal: _equal,
    OneOf: _one_of,
    IsMissing: _is_missing,
    FlagIs: _flag_is,
}
