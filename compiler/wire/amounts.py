"""The texts of money: a decimal amount with up to 6 decimals, and a currency."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from compiler.types import DECIMAL_LIMIT, MONEY_SCALE

Rates: TypeAlias = Mapping[tuple[str, str], Fraction]
"""(from, to) -> units of `to` for one `from`."""

_amount = re.compile(r"(-?\d{1,32})(?:\.(\d{1,6}))?", re.ASCII).fullmatch
_PAD: Sequence[int] = [10**power for power in range(6, -1, -1)]
"""By number of decimals: what makes millionths of them."""
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def read_amount(text: str) -> int | None:
    """Millionths; None for a text of another form."""
    match = _amount(text)
    if match is None:
        return None
    units, decimals = match.groups("")
    return int(units + decimals) * _PAD[len(decimals)]


def write_amount(millionths: int) -> str:
    """With two decimals, or as many as needed: `20.00`, `0.000125`."""
    units, rest = divmod(abs(millionths), MONEY_SCALE)
    decimals = f"{rest:06}".rstrip("0")
    return f"{'-' if millionths < 0 else ''}{units}.{decimals:0<2}"


def is_currency(text: str) -> bool:
    """Whether a text looks like an ISO 4217 code."""
    return _CURRENCY.fullmatch(text) is not None


def converted(millionths: int, rate: Fraction | None) -> int | None:
    """In another currency, rounded half away from zero; missing without a rate, or from DECIMAL_LIMIT on."""
    if rate is None:
        return None
    exact = abs(millionths) * rate
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    if rounded >= DECIMAL_LIMIT:
        return None
    return -rounded if millionths < 0 else rounded
