"""Trees of arithmetic. Each step of a chain takes two present values and gives one, or None where it is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from compiler.builtins.numbers import half_away
from compiler.checked.ir import Convert, Expr, Negate, Product, Sum
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.types import (
    DATE_MAX,
    DATE_MIN,
    DECIMAL_LIMIT,
    INSTANT_MAX,
    INSTANT_MIN,
    INT_MAX,
    INT_MIN,
    UNAVAILABLE,
    Kind,
)

DAY = 86_400_000_000

Step = Callable[[Any, Any], Any]


def int_in_range(value: int) -> int | None:
    return value if INT_MIN <= value <= INT_MAX else None


def money_in_range(value: int) -> int | None:
    return value if -DECIMAL_LIMIT < value < DECIMAL_LIMIT else None


def finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _instant_in_range(value: int) -> int | None:
    return value if INSTANT_MIN <= value <= INSTANT_MAX else None


def _date_in_range(value: int) -> int | None:
    return value if DATE_MIN <= value <= DATE_MAX else None


def _whole_days(duration: int) -> int:
    return duration // DAY if duration >= 0 else -(-duration // DAY)


def _divide(dividend: float, divisor: float) -> float | None:
    return finite(dividend / divisor) if divisor else None


def _quotient(dividend: int, divisor: int) -> float | None:
    """Exact, correctly rounded: so Python divides ints, but for nothing by less than nothing, which has no sign."""
    return (dividend / divisor if dividend else 0.0) if divisor else None


def _times(amount: int, factor: float) -> int:
    numerator, denominator = factor.as_integer_ratio()
    return half_away(amount * numerator, denominator)


def _over(amount: int, divisor: float) -> int | None:
    numerator, denominator = divisor.as_integer_ratio()
    if numerator == 0:
        return None
    return half_away(amount * denominator * (1 if numerator > 0 else -1), abs(numerator))


def _sums(kind: Kind, in_range: Callable[[Any], Any]) -> dict[tuple[str, Kind, Kind], Step]:
    return {
        ("+", kind, kind): lambda a, b: in_range(a + b),
        ("-", kind, kind): lambda a, b: in_range(a - b),
    }


def _scalings(kind: Kind, in_range: Callable[[int], int | None]) -> dict[tuple[str, Kind, Kind], Step]:
    """Of money and duration by a number, and by one another."""

    def over(amount: int, divisor: float) -> int | None:
        quotient = _over(amount, divisor)
        return None if quotient is None else in_range(quotient)

    return {
        ("*", kind, Kind.NUMBER): lambda amount, factor: in_range(_times(amount, factor)),
        ("*", Kind.NUMBER, kind): lambda factor, amount: in_range(_times(amount, factor)),
        ("/", kind, Kind.NUMBER): over,
        ("/", kind, kind): _quotient,
    }


STEPS: Mapping[tuple[str, Kind, Kind], Step] = {
    **_sums(Kind.INT, int_in_range),
    **_sums(Kind.NUMBER, finite),
    **_sums(Kind.MONEY, money_in_range),
    **_sums(Kind.DURATION, int_in_range),
    ("+", Kind.INSTANT, Kind.DURATION): lambda instant, span: _instant_in_range(instant + span),
    ("+", Kind.DURATION, Kind.INSTANT): lambda span, instant: _instant_in_range(instant + span),
    ("-", Kind.INSTANT, Kind.DURATION): lambda instant, span: _instant_in_range(instant - span),
    ("-", Kind.INSTANT, Kind.INSTANT): lambda a, b: a - b,
    ("+", Kind.DATE, Kind.DURATION): lambda date, span: _date_in_range(date + _whole_days(span)),
    ("+", Kind.DURATION, Kind.DATE): lambda span, date: _date_in_range(date + _whole_days(span)),
    ("-", Kind.DATE, Kind.DURATION): lambda date, span: _date_in_range(date - _whole_days(span)),
    ("-", Kind.DATE, Kind.DATE): lambda a, b: (a - b) * DAY,
    ("*", Kind.INT, Kind.INT): lambda a, b: int_in_range(a * b),
    ("*", Kind.NUMBER, Kind.NUMBER): lambda a, b: finite(a * b),
    ("/", Kind.NUMBER, Kind.NUMBER): _divide,
    **_scalings(Kind.MONEY, money_in_range),
    **_scalings(Kind.DURATION, int_in_range),
}
"""By operator and the kinds on its left and right. Differences of two instants or dates always fit a duration."""


def sum_of(expr: Sum, trees: Trees) -> Tree:
    kinds = [expr.terms[0].type.kind] + [expr.type.kind] * (len(expr.operators) - 1)
    return _chain(expr, kinds, trees)


def product(expr: Product, trees: Trees) -> Tree:
    return _chain(expr, [expr.terms[0].type.kind, *(step.kind for step in expr.steps)], trees)


def _chain(expr: Sum | Product, before: list[Kind], trees: Trees) -> Tree:
    """`before[i]`: the kind of what stands left of `operators[i]`."""
    first, *others = (trees.build(term) for term in expr.terms)
    steps = tuple(
        (term, STEPS[operator, left, right.type.kind])
        for term, operator, left, right in zip(others, expr.operators, before, expr.terms[1:], strict=False)
    )

    def computed(context: Context) -> Any:
        total = first(context)
        if total is UNAVAILABLE:
            return total
        for term, step in steps:
            value = term(context)
            if value is UNAVAILABLE:
                return UNAVAILABLE
            total = None if value is None or total is None else step(total, value)
        return total

    return computed


def _negated(in_range: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: in_range(-value)


_NEGATIONS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.INT: _negated(int_in_range),
    Kind.NUMBER: _negated(finite),
    Kind.MONEY: _negated(money_in_range),
    Kind.DURATION: _negated(int_in_range),
}


def negate(expr: Negate, trees: Trees) -> Tree:
    return _mapped(trees.build(expr.term), _NEGATIONS[expr.type.kind])


def at_rate(millionths: int, rate: Fraction) -> int | None:
    """Money in another currency, of which `rate` units are one."""
    return money_in_range(half_away(millionths * rate.numerator, rate.denominator))


def convert(expr: Convert, trees: Trees) -> Tree:
    term, rate = trees.build(expr.term), expr.rate
    if expr.type.kind is Kind.TEXT:
        return term
    if expr.type.kind is Kind.NUMBER:
        return _mapped(term, float)
    return _mapped(term, lambda value: None if rate is None else at_rate(value, rate))


def _mapped(term: Tree, apply: Callable[[Any], Any]) -> Tree:
    def mapped(context: Context) -> Any:
        value = term(context)
        return value if value is None or value is UNAVAILABLE else apply(value)

    return mapped


ARITHMETIC: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    Sum: sum_of,
    Product: product,
    Negate: negate,
    Convert: convert,
}
