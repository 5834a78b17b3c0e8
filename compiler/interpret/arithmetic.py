"""`+ - * /`, negation and conversion. Chains go left to right, without recursion."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from compiler.checked.ir import Convert, Negate, Product, Sum
from compiler.interpret.meaning import means, value
from compiler.interpret.scene import Scene
from compiler.interpret.values import DAY, fit, half_away, strict, towards_zero
from compiler.types import MISSING, UNAVAILABLE, Kind, Value


@means(Sum)
def _sum(expr: Sum, scene: Scene) -> Value:
    kinds = [term.type.kind for term in expr.terms]

    def added(first: Value, *rest: Value) -> Value:
        total = first
        for operator, kind, term in zip(expr.operators, kinds[1:], rest, strict=True):
            total = fit(expr.type.kind, _plus(kinds[0], total, operator, kind, term))
            if total is MISSING:
                return MISSING
        return total

    return strict(added, [value(term, scene) for term in expr.terms])


def _plus(left_kind: Kind, left: Any, operator: str, right_kind: Kind, right: Any) -> int | float:
    if left_kind is Kind.DATE and right_kind is Kind.DURATION:
        right = towards_zero(Fraction(right, DAY))
    result = left + right if operator == "+" else left - right
    if left_kind is Kind.DATE and right_kind is Kind.DATE:
        result = result * DAY
    number: int | float = result
    return number


@means(Product)
def _product(expr: Product, scene: Scene) -> Value:
    kinds = [term.type.kind for term in expr.terms]

    def multiplied(first: Value, *rest: Value) -> Value:
        result, result_kind = first, kinds[0]
        for operator, kind, term, step in zip(expr.operators, kinds[1:], rest, expr.steps, strict=True):
            result = _times(result_kind, result, kind, term) if operator == "*" else _over(kind, result, term)
            result_kind = step.kind
            result = MISSING if result is MISSING else fit(result_kind, result)
            if result is MISSING:
                return MISSING
        return result

    return strict(multiplied, [value(term, scene) for term in expr.terms])


def _times(left_kind: Kind, left: Any, right_kind: Kind, right: Any) -> Value:
    """Of two ints, of two numbers, or of a number with money or a duration, whichever comes first."""
    result: Value = left * right
    if left_kind is right_kind:
        return result
    return half_away(Fraction(left) * Fraction(right))


def _over(right_kind: Kind, left: Any, right: Any) -> Value:
    """number / number in doubles; exact otherwise: by a number, or one money or duration by another."""
    if right == 0:
        return MISSING
    if isinstance(left, float):
        quotient: float = left / right
        return quotient
    exact = Fraction(left) / Fraction(right)
    return half_away(exact) if right_kind is Kind.NUMBER else float(exact)


@means(Negate)
def _negate(expr: Negate, scene: Scene) -> Value:
    def negated(term: Any) -> Value:
        return fit(expr.type.kind, -term)

    return strict(negated, [value(expr.term, scene)])


@means(Convert)
def _convert(expr: Convert, scene: Scene) -> Value:
    term = value(expr.term, scene)
    if term is MISSING or term is UNAVAILABLE:
        return term
    if expr.type.kind is Kind.MONEY:
        return exchanged(term, expr.rate)
    return float(term) if isinstance(term, int) else term


def exchanged(millionths: Any, rate: Fraction | None) -> Value:
    """Money in another currency; MISSING without a declared rate."""
    return MISSING if rate is None else fit(Kind.MONEY, half_away(millionths * rate))
