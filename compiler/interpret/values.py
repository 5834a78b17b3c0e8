"""Present, missing, unavailable; ranges; rounding. Semantics, *Values*."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from compiler.types import (
    DATE_MAX,
    DATE_MIN,
    DECIMAL_LIMIT,
    INSTANT_MAX,
    INSTANT_MIN,
    INT_MAX,
    INT_MIN,
    MISSING,
    UNAVAILABLE,
    Kind,
    Present,
    Value,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def present(value: Value) -> bool:
    return value is not MISSING and value is not UNAVAILABLE


def absence(values: Iterable[Value]) -> Value:
    """What a strict operator yields when one of `values` is not present: unavailable wins over missing."""
    return UNAVAILABLE if any(value is UNAVAILABLE for value in values) else MISSING


def strict(operator: Callable[..., Value], operands: Iterable[Value]) -> Value:
    """The operator on its operands if all are present, else their absence."""
    operands = list(operands)
    return operator(*operands) if all(map(present, operands)) else absence(operands)


def fit(kind: Kind, value: Any) -> Value:
    """The value, or MISSING where it lies outside the range of its kind."""
    result: Present = value
    return result if _IN_RANGE.get(kind, _anything)(value) else MISSING


def half_away(exact: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    nearest = math.floor(abs(exact) + Fraction(1, 2))
    return -nearest if exact < 0 else nearest


def towards_zero(exact: Fraction) -> int:
    return math.trunc(exact)


def _anything(value: Any) -> bool:
    return True


def _in_64_bits(value: int) -> bool:
    return INT_MIN <= value <= INT_MAX


_IN_RANGE: dict[Kind, Callable[[Any], bool]] = {
    Kind.INT: _in_64_bits,
    Kind.DURATION: _in_64_bits,
    Kind.NUMBER: math.isfinite,
    Kind.MONEY: lambda millionths: abs(millionths) < DECIMAL_LIMIT,
    Kind.DATE: lambda days: DATE_MIN <= days <= DATE_MAX,
    Kind.INSTANT: lambda microseconds: INSTANT_MIN <= microseconds <= INSTANT_MAX,
}
