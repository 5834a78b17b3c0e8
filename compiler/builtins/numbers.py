"""Functions of numbers, and of what orders like them."""

from __future__ import annotations

import math
from collections.abc import Callable

from compiler.builtins.function import SAME, Function, Overload
from compiler.types import INT, INT_MAX, INT_MIN, MONEY_SCALE, NUMBER, ORDERED, Kind, Present

DIGITS = 6
"""The most digits behind the point that `round` keeps, those of money."""


def half_away(dividend: int, divisor: int) -> int:
    """The quotient rounded to a whole number, half away from zero. `divisor` is positive."""
    quotient = (2 * abs(dividend) + divisor) // (2 * divisor)
    return quotient if dividend >= 0 else -quotient


def _in_range(value: int) -> int | None:
    return value if INT_MIN <= value <= INT_MAX else None


def absolute(value: int) -> int | None:
    return _in_range(abs(value))


def round_number(digits: int) -> Callable[[float], float]:
    """Of the double's exact value, then the nearest double (int / int is correctly rounded in Python)."""
    scale = 10**digits

    def rounded(value: float) -> float:
        dividend, divisor = value.as_integer_ratio()
        nearest: float = half_away(dividend * scale, divisor) / scale
        return nearest

    return rounded


def round_money(digits: int) -> Callable[[int], int]:
    unit = MONEY_SCALE // 10**digits
    return lambda value: half_away(value, unit) * unit


def floor(value: float) -> int | None:
    return _in_range(math.floor(value))


def ceil(value: float) -> int | None:
    return _in_range(math.ceil(value))


def remainder(dividend: int, divisor: int) -> int | None:
    return dividend % divisor if divisor else None


def square_root(value: float) -> float | None:
    return math.sqrt(value) if value >= 0 else None


def complain_of_digits(position: int, digits: Present) -> str | None:
    good = isinstance(digits, int) and 0 <= digits <= DIGITS
    return None if good else f"the digits behind the point are 0 to {DIGITS}"


def _roundings(kind: Kind, to: Callable[[int], Callable[..., object]]) -> tuple[Overload, Overload]:
    digits = Overload((kind, Kind.INT), SAME, to, constants=frozenset({1}), complain=complain_of_digits)
    return Overload((kind,), SAME, to(0)), digits


def _of_ordered(choose: Callable[..., object]) -> tuple[Overload, ...]:
    kinds = [kind for kind in Kind if kind in ORDERED]
    return tuple(Overload((kind, kind), SAME, choose, rest=kind) for kind in kinds)


NUMBER_FUNCTIONS = (
    Function("min", "the least of two or more values of one type", "min(3, 1, 2) is 1", _of_ordered(min)),
    Function("max", "the greatest of two or more values of one type", "max(3, 1, 2) is 3", _of_ordered(max)),
    Function(
        "abs",
        "without its sign; missing outside 64 bits",
        "abs(0 - 5) is 5",
        (
            Overload((Kind.INT,), SAME, absolute),
            Overload((Kind.NUMBER,), SAME, abs),
            Overload((Kind.MONEY,), SAME, abs),
            Overload((Kind.DURATION,), SAME, absolute),
        ),
    ),
    Function(
        "round",
        "the nearest whole number, or with so many digits behind the point (a literal, 0 to 6); half goes "
        "away from zero",
        "round(2.345, 1) is 2.3",
        (*_roundings(Kind.NUMBER, round_number), *_roundings(Kind.MONEY, round_money)),
    ),
    Function(
        "floor",
        "the greatest int not above it; missing outside 64 bits",
        "floor(2.9) is 2",
        (Overload((Kind.NUMBER,), INT, floor),),
    ),
    Function(
        "ceil",
        "the least int not below it; missing outside 64 bits",
        "ceil(2.1) is 3",
        (Overload((Kind.NUMBER,), INT, ceil),),
    ),
    Function(
        "remainder",
        "of the first divided by the second, with the sign of the second; missing when that is 0",
        "remainder(17, 5) is 2",
        (Overload((Kind.INT, Kind.INT), INT, remainder),),
    ),
    Function(
        "sqrt",
        "the square root; missing of a negative number",
        "sqrt(9) is 3.0",
        (Overload((Kind.NUMBER,), NUMBER, square_root),),
    ),
    Function(
        "amount",
        "of money, in units of its currency",
        "amount(20.50 EUR) is 20.5",
        (Overload((Kind.MONEY,), NUMBER, lambda millionths: millionths / MONEY_SCALE),),
    ),
)
