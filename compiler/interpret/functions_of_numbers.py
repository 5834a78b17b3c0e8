"""Functions of numbers, money and durations; each takes present values."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from compiler.interpret.values import fit, half_away
from compiler.types import MISSING, MONEY_SCALE, Kind, Value


def _absolute(kind: Kind) -> Callable[[Any], Value]:
    return lambda value: fit(kind, abs(value))


def _rounded(exact: Fraction, digits: int) -> Fraction:
    """To that many decimal places, halves away from zero."""
    return Fraction(half_away(exact * 10**digits), 10**digits)


def _round_number(number: float, digits: int = 0) -> Value:
    return float(_rounded(Fraction(number), digits))


def _round_money(millionths: int, digits: int = 0) -> Value:
    units = _rounded(Fraction(millionths, MONEY_SCALE), digits)
    return fit(Kind.MONEY, int(units * MONEY_SCALE))


def _floor(number: float) -> Value:
    return fit(Kind.INT, math.floor(number))


def _ceil(number: float) -> Value:
    return fit(Kind.INT, math.ceil(number))


def _remainder(dividend: int, divisor: int) -> Value:
    """With the sign of the divisor, as Python's `%`."""
    return MISSING if divisor == 0 else dividend % divisor


def _square_root(number: float) -> Value:
    return MISSING if number < 0 else math.sqrt(number)


NUMBERS: dict[tuple[str, Kind], Callable[..., Any]] = {
    ("abs", Kind.INT): _absolute(Kind.INT),
    ("abs", Kind.NUMBER): _absolute(Kind.NUMBER),
    ("abs", Kind.MONEY): _absolute(Kind.MONEY),
    ("abs", Kind.DURATION): _absolute(Kind.DURATION),
    ("round", Kind.NUMBER): _round_number,
    ("round", Kind.MONEY): _round_money,
    ("floor", Kind.NUMBER): _floor,
    ("ceil", Kind.NUMBER): _ceil,
    ("remainder", Kind.INT): _remainder,
    ("sqrt", Kind.NUMBER): _square_root,
    ("amount", Kind.MONEY): lambda millionths: float(Fraction(millionths, MONEY_SCALE)),
}
