"""What random trees are made of at their leaves."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from dsl import ast
from dsl.ast import Amount, Expr, Literal, LiteralKind, Name, Ref, RefExpr, Text, Unit
from dsl.source import Span

AT = Span(1, 1, 1, 1)
NAMES = (
    "a",
    "b1",
    "_x",
    "Tier",
    "cart_add",
    "price",
    "value",
    "day",
    "text",
    "total",
    "user",
    "a_name_of_some_length",
)
FIELDS = ("id", "sku", "price", "value", "first", "time", "with_a_long_name_that_takes_room")
TEXTS = ("", "x", 'say "hi"', "# { no comment }", "日本 🎁", "Grüße", "back\\slash", "it's", "x" * 60)
T = TypeVar("T")


class Leaves:
    """Chances, small parts and constants, by seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    # ---- chances

    def one(self, choices: Sequence[T]) -> T:
        return self.dice.choice(choices)

    def maybe(self, make: Callable[[], T]) -> T | None:
        return make() if self.dice.random() < 0.4 else None

    def some(self, make: Callable[[], T], least: int = 1, most: int = 4) -> tuple[T, ...]:
        return tuple(make() for _ in range(self.dice.randint(least, most)))

    def coin(self) -> bool:
        return self.dice.random() < 0.5

    # ---- small parts

    def name(self) -> Name:
        return Name(AT, self.one(NAMES))

    def ref(self) -> Ref:
        return Ref(AT, tuple(self.one(NAMES) for _ in range(self.one((1, 1, 1, 2, 3)))))

    def text(self) -> Text:
        return Text(AT, self.one(TEXTS))

    def digits(self) -> str:
        return self.one(("0", "1", "7", "20", "365", "9223372036854775807"))

    def number(self) -> str:
        return self.one(("0.5", "1.50", "1234567.000001", self.digits()))

    def amount(self) -> Amount:
        number, currency = self.number(), self.one((None, "EUR", "USD"))
        return Amount(AT, Decimal(number), currency, f"{number} {currency}" if currency else number)

    def duration(self) -> ast.Duration:
        number = self.one(("1", "7", "0.5", "90"))
        unit, microseconds = self.one(
            (("seconds", 10**6), ("minute", 60 * 10**6), ("hours", 3600 * 10**6), ("days", 86400 * 10**6))
        )
        return ast.Duration(AT, int(Decimal(number) * microseconds), f"{number} {unit}")

    def moment(self) -> ast.DateTime:
        day = self.one(("2026-03-01", "2024-02-29", "1999-12-31"))
        return ast.DateTime(AT, day + self.one(("", " 20:10", " 00:00:59", " 23:59:59.123456", " 20:10Z")))

    def clock(self) -> ast.TimeOfDay:
        hour, minute = self.dice.randrange(24), self.dice.randrange(60)
        return ast.TimeOfDay(AT, hour * 60 + minute, f"{hour:02}:{minute:02}")

    def share(self) -> ast.Share:
        number = self.one(("5", "12.5", "100", "0.001"))
        return ast.Share(AT, Fraction(number) / 100, f"{number}%")

    def period(self) -> tuple[Unit | None, ast.Duration | None]:
        return (self.one(tuple(Unit)), None) if self.coin() else (None, self.duration())

    # ---- constants

    def literal(self) -> Literal:
        return self.one(
            (self.flag, self.quantity, self.part_of_one, self.money, self.elapsed, self.words, self.date)
        )()

    def flag(self) -> Literal:
        value = self.coin()
        return Literal(AT, LiteralKind.FLAG, value, "true" if value else "false")

    def quantity(self) -> Literal:
        lexeme = self.number()
        if "." in lexeme:
            return Literal(AT, LiteralKind.NUMBER, Decimal(lexeme), lexeme)
        return Literal(AT, LiteralKind.INT, int(lexeme), lexeme)

    def part_of_one(self) -> Literal:
        share = self.share()
        return Literal(AT, LiteralKind.NUMBER, Decimal(f"{share.lexeme[:-1]}e-2"), share.lexeme)

    def money(self) -> Literal:
        number = self.number()
        amount = Amount(AT, Decimal(number), "EUR", f"{number} EUR")
        return Literal(AT, LiteralKind.MONEY, amount, amount.lexeme)

    def elapsed(self) -> Literal:
        duration = self.duration()
        return Literal(AT, LiteralKind.DURATION, duration, duration.lexeme)

    def words(self) -> Literal:
        value = self.one(TEXTS)
        doubled = value.replace('"', '""')
        return Literal(AT, LiteralKind.TEXT, value, f'"{doubled}"')

    def date(self) -> Literal:
        moment = self.moment()
        kind = LiteralKind.DATE if moment.is_date else LiteralKind.INSTANT
        return Literal(AT, kind, moment.lexeme, moment.lexeme)

    def constant(self) -> Expr:
        option = RefExpr(AT, Ref(AT, (self.one(NAMES),)))
        return self.one((self.literal(), ast.Negative(AT, self.quantity()), option))
