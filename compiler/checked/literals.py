"""Constants as written → constants as they are at run time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from compiler.calendar import first_instant, zone_names
from compiler.checked import ir
from compiler.checked.scope import Lookups
from compiler.types import DATE, DECIMAL_LIMIT, DURATION, FLAG, INSTANT, INT, MONEY_SCALE, NUMBER, TEXT, money
from dsl import ast
from dsl.diagnostics import suggest
from dsl.source import Span

EPOCH = date(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)


def money_of(names: Lookups, amount: ast.Amount) -> ir.Const:
    assert amount.currency
    return ir.Const(money(amount.currency), millionths(names, amount))


LITERALS: Mapping[ast.LiteralKind, Callable[[Lookups, Any], ir.Const]] = {
    ast.LiteralKind.FLAG: lambda names, value: ir.Const(FLAG, value),
    ast.LiteralKind.TEXT: lambda names, value: ir.Const(TEXT, value),
    ast.LiteralKind.INT: lambda names, value: ir.Const(INT, value),
    ast.LiteralKind.NUMBER: lambda names, value: ir.Const(NUMBER, float(value)),
    ast.LiteralKind.MONEY: money_of,
    ast.LiteralKind.DURATION: lambda names, value: ir.Const(DURATION, value.microseconds),
    ast.LiteralKind.INSTANT: lambda names, value: ir.Const(INSTANT, instant_of(value, names.settings().zone)),
    ast.LiteralKind.DATE: lambda names, value: ir.Const(DATE, date_of(value)),
}


def millionths(names: Lookups, amount: ast.Amount) -> int:
    """An amount of money in millionths; more than six decimals or too many digits are refused."""
    scaled = amount.number * MONEY_SCALE
    if scaled != scaled.to_integral_value():
        raise names.refuse(
            "S307", f"`{amount.lexeme}` has more than six decimals", amount.span, "money counts in millionths"
        )
    if abs(scaled) >= DECIMAL_LIMIT:
        raise names.refuse(
            "S306",
            f"`{amount.lexeme}` is larger than money can be",
            amount.span,
            "money goes up to 10³² of a currency",
        )
    return int(scaled)


def share_of(names: Lookups, share: ast.Share) -> Fraction:
    if not 0 <= share.fraction <= 1:
        raise names.refuse(
            "S406", f"`{share.lexeme}` is more than everybody", share.span, "a share is between 0% and 100%"
        )
    return share.fraction


def zone_of_text(names: Lookups, text: str, span: Span) -> str:
    """The time zone of that name; one that does not exist is refused, with the one that was meant most likely."""
    if text in zone_names():
        return text
    near = zone_like(text)
    label = f'did you mean "{near}"?' if near else 'zones are written as in "Europe/Berlin"'
    raise names.refuse("S215", f"unknown time zone `{text}`", span, label, replacement=near and f'"{near}"')


def zone_like(text: str) -> str | None:
    """`Europe/Berlin` for `Berlin` and for `Europe/Berln`."""
    city = text.casefold().replace(" ", "_")
    of_city = (zone for zone in sorted(zone_names()) if zone.casefold().rpartition("/")[2] == city)
    return next(of_city, None) or suggest(text, zone_names())


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
