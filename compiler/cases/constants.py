"""Values as the constants that a test writes for them: the way back of `entries`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from compiler.cases.texts import UNITS, instant_text
from compiler.types import (
    INSTANT_MAX,
    INSTANT_MIN,
    INT_MAX,
    MISSING,
    MONEY_SCALE,
    UNAVAILABLE,
    Kind,
    Type,
    Value,
)
from compiler.wire.time_text import write_date
from compiler.wire.writing import write_value
from dsl import ast
from dsl.characters import HIDDEN
from dsl.limits import DURATION_DAYS, NUMBER_DIGITS, TEXT_LENGTH, YEARS
from dsl.printing.expressions import text as in_quotes
from dsl.source import Span

NOWHERE = Span(1, 1, 1, 1)
"""Of nodes that were not read from a text."""
LONGEST_DURATION = DURATION_DAYS * UNITS["day"]


class Unsayable(Exception):
    """No constant of the language stands for a value; the text says why."""


def name(text: str) -> ast.Name:
    return ast.Name(NOWHERE, text)


def ref(text: str) -> ast.Ref:
    """`life.lapsed`."""
    return ast.Ref(NOWHERE, tuple(text.split(".")))


def named(text: str) -> ast.RefExpr:
    return ast.RefExpr(NOWHERE, ref(text))


def moment(instant: int, zone: str) -> ast.DateTime:
    """Wall time of the zone. Raises Unsayable for an instant that no clock of the language shows."""
    lexeme = instant_text(instant, zone) if INSTANT_MIN <= instant <= INSTANT_MAX else ""
    if not lexeme or int(lexeme[:4]) not in YEARS:
        raise Unsayable("its time is too far away")
    return ast.DateTime(NOWHERE, lexeme)


def constant(type_: Type, value: Value, zone: str) -> ast.Expr:
    """What a test writes for the value. Raises Unsayable."""
    if value is MISSING or value is UNAVAILABLE:
        return named("missing" if value is MISSING else "unavailable")
    return WRITERS[type_.kind](type_, value, zone)


def literal(kind: ast.LiteralKind, value: Any, lexeme: str) -> ast.Literal:
    return ast.Literal(NOWHERE, kind, value, lexeme)


def signed(value: Any, write: Callable[[Any], ast.Expr]) -> ast.Expr:
    return ast.Negative(NOWHERE, write(-value)) if value < 0 else write(value)


def text(value: str) -> ast.Literal:
    lexeme = in_quotes(ast.Text(NOWHERE, value))
    if HIDDEN.search(value) or "\n" in value or "\r" in value:
        raise Unsayable("it has characters that cannot be seen")
    if len(lexeme) > TEXT_LENGTH:
        raise Unsayable("it is too long")
    return literal(ast.LiteralKind.TEXT, value, lexeme)


def whole(value: int) -> ast.Expr:
    if value > INT_MAX:
        raise Unsayable("it is too large")
    return literal(ast.LiteralKind.INT, value, str(value))


def number(value: float) -> ast.Expr:
    exact = Decimal(repr(value))
    lexeme = f"{exact:f}"
    if len(lexeme) > NUMBER_DIGITS:
        raise Unsayable("it has too many digits")
    return literal(ast.LiteralKind.NUMBER, exact, lexeme)


def money(type_: Type, value: int) -> ast.Expr:
    assert type_.currency
    written: Any = write_value(type_, value)
    lexeme = f"{written['amount'].removesuffix('.00')} {type_.currency}"
    if len(written["amount"]) > NUMBER_DIGITS:
        raise Unsayable("it has too many digits")
    amount = ast.Amount(NOWHERE, Decimal(value) / MONEY_SCALE, type_.currency, lexeme)
    return literal(ast.LiteralKind.MONEY, amount, lexeme)


def duration(value: int) -> ast.Expr:
    if value > LONGEST_DURATION:
        raise Unsayable("it is too long")
    unit, size = next(
        (each for each in UNITS.items() if value and value % each[1] == 0), ("second", UNITS["second"])
    )
    count = Decimal(value) / size
    lexeme = f"{count:f} {unit}{'' if count == 1 else 's'}"
    return literal(ast.LiteralKind.DURATION, ast.Duration(NOWHERE, value, lexeme), lexeme)


def instant(value: int, zone: str) -> ast.Expr:
    lexeme = moment(value, zone).lexeme
    return literal(ast.LiteralKind.INSTANT, lexeme, lexeme)


def date(value: int) -> ast.Expr:
    lexeme = str(write_date(value))
    if int(lexeme[:4]) not in YEARS:
        raise Unsayable("it is too far away")
    return literal(ast.LiteralKind.DATE, lexeme, lexeme)


def texts(value: frozenset[str]) -> ast.Expr:
    if not value:
        raise Unsayable("a set without texts cannot be written")
    return ast.Call(NOWHERE, name("set"), tuple(map(text, sorted(value))))


def flag(value: bool) -> ast.Expr:
    return literal(ast.LiteralKind.FLAG, value, "true" if value else "false")


WRITERS: Mapping[Kind, Callable[[Type, Any, str], ast.Expr]] = {
    Kind.FLAG: lambda type_, value, zone: flag(value),
    Kind.INT: lambda type_, value, zone: signed(value, whole),
    Kind.NUMBER: lambda type_, value, zone: signed(value, number),
    Kind.TEXT: lambda type_, value, zone: text(value),
    Kind.MONEY: lambda type_, value, zone: signed(value, lambda positive: money(type_, positive)),
    Kind.CHOICE: lambda type_, value, zone: named(value),
    Kind.TIMEZONE: lambda type_, value, zone: text(value),
    Kind.INSTANT: lambda type_, value, zone: instant(value, zone),
    Kind.DATE: lambda type_, value, zone: date(value),
    Kind.DURATION: lambda type_, value, zone: signed(value, duration),
    Kind.VERSION: lambda type_, value, zone: text(str(write_value(type_, value))),
    Kind.SET: lambda type_, value, zone: texts(value),
}
