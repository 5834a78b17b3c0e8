"""Constants and the words between them: each function builds what the rule or terminal of its name reads."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from dsl.ast import (
    Amount,
    DateTime,
    Duration,
    Literal,
    LiteralKind,
    Name,
    Negative,
    Ref,
    RefExpr,
    Share,
    Text,
    TimeOfDay,
)
from dsl.build.spans import Malformed, at, of_type, over
from dsl.lexer import Token
from dsl.limits import DURATION_DAYS, NAME_LENGTH, NUMBER_DIGITS, SHARE_DIGITS, TEXT_LENGTH, YEARS
from dsl.text import quoted

LARGEST_INT = 2**63 - 1
SECOND = 1_000_000
MICROSECONDS = {"second": SECOND, "minute": 60 * SECOND, "hour": 3600 * SECOND, "day": 86400 * SECOND}
MICROSECONDS["week"] = 7 * MICROSECONDS["day"]
FLAGS = {"true": True, "false": False}


def NAME(token: Token) -> Name:
    if len(token) > NAME_LENGTH:
        raise Malformed(
            "S106", f"the name {quoted(token)} is too long", at(token), f"over {NAME_LENGTH} characters"
        )
    return Name(at(token), str(token))


def STRING(token: Token) -> Text:
    if len(token) > TEXT_LENGTH:
        raise Malformed("S105", "the text is too long", at(token), f"over {TEXT_LENGTH} characters")
    return Text(at(token), token[1:-1].replace('""', '"'))


def DATETIME(token: Token) -> DateTime:
    lexeme = token.replace("T", " ")
    try:
        moment = datetime.datetime.fromisoformat(lexeme.removesuffix("Z"))
    except ValueError:
        raise Malformed(
            "S004", f"{quoted(token)} is not in the calendar", at(token), "no such date or time"
        ) from None
    if moment.year not in YEARS:
        raise Malformed(
            "S004", f"{quoted(token)} is too far away", at(token), f"years go from {YEARS[0]} to {YEARS[-1]}"
        )
    return DateTime(at(token), lexeme)


def CLOCK(token: Token) -> TimeOfDay:
    hour, minute = map(int, token.split(":"))
    if hour > 23 or minute > 59:
        raise Malformed(
            "S004", f"{quoted(token)} is not a time of day", at(token), "times go from 00:00 to 23:59"
        )
    return TimeOfDay(at(token), 60 * hour + minute, str(token))


def SHARE(token: Token) -> Share:
    digits = token[:-1]
    if len(digits) > SHARE_DIGITS:
        raise Malformed(
            "S104", f"{quoted(token)} has too many digits", at(token), f"at most {SHARE_DIGITS - 1}"
        )
    return Share(at(token), Fraction(digits) / 100, str(token))


def flag(word: Token) -> Literal:
    return Literal(at(word), LiteralKind.FLAG, FLAGS[word], str(word))


def quantity(digits: Token, currency: Token | None) -> Literal:
    if currency:
        money = amount(digits, currency)
        return Literal(money.span, LiteralKind.MONEY, money, money.lexeme)
    number = exact(digits)
    if "." in digits:
        return Literal(at(digits), LiteralKind.NUMBER, number, str(digits))
    return Literal(at(digits), LiteralKind.INT, whole(digits), str(digits))


def part_of_one(share: Share) -> Literal:
    """A share as a number: `2%` is 0.02."""
    return Literal(share.span, LiteralKind.NUMBER, Decimal(f"{share.lexeme[:-1]}e-2"), share.lexeme)


def exact(digits: Token) -> Decimal:
    """The number as written."""
    if len(digits) > NUMBER_DIGITS:
        raise Malformed("S104", "the number has too many digits", at(digits), f"at most {NUMBER_DIGITS - 1}")
    return Decimal(digits)


def whole(digits: Token) -> int:
    """A number without a fraction, of 64 bits."""
    number = exact(digits)
    if "." in digits:
        raise Malformed("S005", f"{quoted(digits)} has a fraction", at(digits), "a whole number stands here")
    if number > LARGEST_INT:
        raise Malformed(
            "S005", f"{quoted(digits)} is too large", at(digits), f"whole numbers go to {LARGEST_INT}"
        )
    return int(number)


def amount(digits: Token, currency: Token | None) -> Amount:
    lexeme = f"{digits} {currency}" if currency else str(digits)
    return Amount(over(digits, currency), exact(digits), currency and str(currency), lexeme)


def duration(digits: Token, unit: Token) -> Duration:
    length = exact(digits) * MICROSECONDS[unit.removesuffix("s")]
    span, lexeme = over(digits, unit), f"{digits} {unit}"
    if length > DURATION_DAYS * MICROSECONDS["day"]:
        raise Malformed("S005", f"{quoted(lexeme)} is too long", span, f"at most {DURATION_DAYS} days")
    if length != int(length):
        raise Malformed(
            "S005", f"{quoted(lexeme)} is too fine", span, "time is counted in whole microseconds"
        )
    return Duration(span, int(length), lexeme)


def elapsed(length: Duration) -> Literal:
    return Literal(length.span, LiteralKind.DURATION, length, length.lexeme)


def text(content: Text) -> Literal:
    lexeme = '"' + content.value.replace('"', '""') + '"'
    return Literal(content.span, LiteralKind.TEXT, content.value, lexeme)


def date(moment: DateTime) -> Literal:
    kind = LiteralKind.DATE if moment.is_date else LiteralKind.INSTANT
    return Literal(moment.span, kind, moment.lexeme, moment.lexeme)


def threshold(minus: Token | None, digits: Token) -> Literal | Negative:
    number = quantity(digits, None)
    return Negative(over(minus, digits), number) if minus else number


def ref(first: Name, *rest: Name | Token) -> Ref:
    parts = (first.text, *(part.text for part in of_type(Name, rest)))
    return Ref(over(first, *rest), parts)


def named(name: Ref | Name) -> RefExpr:
    target = name if isinstance(name, Ref) else Ref(name.span, (name.text,))
    return RefExpr(target.span, target)


def names(*parts: Name | Token) -> tuple[Name, ...]:
    return of_type(Name, parts)


def refs(*parts: Ref | Token) -> tuple[Ref, ...]:
    return of_type(Ref, parts)
