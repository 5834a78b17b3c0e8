"""Constants as written → constants as they are at run time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from compiler.calendar import first_instant
from compiler.checked.scope import Lookups
from compiler.types import DECIMAL_LIMIT, MONEY_SCALE
from dsl import ast

EPOCH = date(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)


def millionths(names: Lookups, amount: ast.Amount) -> int:
    """An amount of money in millionths; more than six decimals or too many digits are refused."""
    scaled = amount.number * MONEY_SCALE
    if scaled != scaled.to_integral_value():
        raise names.refuse("S307", f"`{amount.lexeme}` has more than six decimals", amount.span)
    if abs(scaled) >= DECIMAL_LIMIT:
        raise names.refuse("S306", f"`{amount.lexeme}` is larger than money can be", amount.span)
    return int(scaled)


def share_of(names: Lookups, share: ast.Share) -> Fraction:
    if not 0 <= share.fraction <= 1:
        raise names.refuse("S406", f"`{share.lexeme}` is not a share between 0% and 100%", share.span)
    return share.fraction


def date_of(lexeme: str) -> int:
    """`2026-03-01` as days since 1970-01-01."""
    return (date.fromisoformat(lexeme[:10]) - EPOCH).days


def instant_of(lexeme: str, zone: str) -> int:
    """`2026-03-01 20:10[:30[.5]][Z]` as microseconds; wall time of `zone` unless it ends in Z; a date alone is its start.

    A wall time inside a gap is the first instant that exists, one inside a fold the earlier reading.
    """
    wall = datetime.fromisoformat(lexeme.removesuffix("Z"))
    within_minute = wall.second * 1_000_000 + wall.microsecond
    day = (wall.date() - EPOCH).days
    if lexeme.endswith("Z"):
        utc = wall.replace(tzinfo=UTC)
        return (utc - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND
    return first_instant(zone, day, wall.hour * 60 + wall.minute, fold="earlier") + within_minute
