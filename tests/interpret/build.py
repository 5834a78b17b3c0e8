"""Short words for making the IR, events and instants that a test is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from compiler.checked import ir
from compiler.facts import Event, Facts
from compiler.interpret import evaluate
from compiler.types import (
    CONDITION,
    DATE,
    DURATION,
    FLAG,
    INSTANT,
    INT,
    NUMBER,
    SET,
    TEXT,
    Answer,
    Type,
    Value,
    money,
)
from dsl.source import Span

EUR = money("EUR")
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
HERE = Span(1, 1, 1, 1)


def line(number: int) -> Span:
    """A span that tells one rule from another."""
    return Span(number, 1, number, 1)


def at(text: str) -> int:
    """`2026-03-01 20:10` in UTC, as microseconds."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return round(moment.timestamp()) * 1_000_000


def ruleset(**parts: Any) -> ir.RuleSet:
    """A rule set that holds these parts; `user_key` is `id`, `user_zone` is `timezone`."""
    empty = (
        "attributes",
        "inputs",
        "events",
        "lists",
        "crowds",
        "scores",
        "policies",
        "campaigns",
        "plans",
        "decides",
    )
    whole: dict[str, Any] = {
        "hash": "",
        "settings": ir.Settings(),
        "user_key": "id",
        "user_zone": "timezone",
        "origins": {},
    }
    whole |= {part: {} for part in empty}
    return ir.RuleSet(**(whole | parts))


def facts(now: int = at("2026-03-01 12:00"), **parts: Any) -> Facts:
    return Facts(now, **parts)


def event(time: int, id: str = "", **fields: Value) -> Event:
    return Event(time, id or str(time), fields)


def value(expr: ir.Expr, known: Facts | None = None, rules: ir.RuleSet | None = None) -> Value:
    return evaluate(rules or ruleset(), expr, known or facts())


# ---- values


def user(name: str, type: Type = INT) -> ir.Attribute:
    return ir.Attribute(type, "user", name)


def field(name: str, type: Type = INT) -> ir.EventField:
    return ir.EventField(type, name)


def const(value: Any, type: Type | None = None) -> ir.Const:
    """Of the type that Python's value suggests, if none is told."""
    suggested = {bool: FLAG, int: INT, float: NUMBER, str: TEXT, frozenset: SET}
    return ir.Const(type or suggested[value.__class__], value)


def eur(text: str) -> ir.Const:
    """`20.00` euros, exact."""
    whole, _, part = text.lstrip("-").partition(".")
    millionths = int(whole) * 1_000_000 + int(part.ljust(6, "0"))
    return ir.Const(EUR, -millionths if text.startswith("-") else millionths)


def duration(microseconds: int) -> ir.Const:
    return ir.Const(DURATION, microseconds)


def instant(text: str) -> ir.Const:
    return ir.Const(INSTANT, at(text))


def date(text: str) -> ir.Const:
    return ir.Const(DATE, at(text) // DAY)


def total(type: Type, first: ir.Expr, *rest: tuple[Any, ir.Expr]) -> ir.Sum:
    """`total(INT, a, ("+", b), ("-", c))`."""
    return ir.Sum(type, (first, *(term for _, term in rest)), tuple(sign for sign, _ in rest), HERE)


def product(first: ir.Expr, *rest: tuple[Any, ir.Expr, Type]) -> ir.Product:
    """Each step with the type after it: `product(a, ("*", b, EUR), ("/", c, NUMBER))`."""
    steps = tuple(step for _, _, step in rest)
    terms = (first, *(term for _, term, _ in rest))
    return ir.Product(steps[-1], terms, tuple(sign for sign, _, _ in rest), steps, HERE)


def call(function: str, *arguments: ir.Expr, type: Type = CONDITION) -> ir.Call:
    return ir.Call(type, function, arguments, HERE)


# ---- conditions

YES: Answer = True
NO: Answer = False
UNKNOWN: Answer = None
SAYS: Mapping[Answer, ir.Expr] = {
    YES: ir.Equal(const(1), const(1), HERE),
    NO: ir.Equal(const(1), const(2), HERE),
    UNKNOWN: ir.Equal(const(1), user("not there"), HERE),
}
"""A condition of each answer."""


def at_least(left: ir.Expr, right: ir.Expr) -> ir.Compare:
    return ir.Compare(">=", left, right, HERE)


def same(left: ir.Expr, right: ir.Expr) -> ir.Equal:
    return ir.Equal(left, right, HERE)


# ---- events


def aggregate(
    function: Any,
    of: ir.EventField | None = None,
    type: Type = INT,
    event: str = "buy",
    where: ir.Expr | None = None,
    without: ir.Without | None = None,
    window: ir.Window = ir.Ever(),  # noqa: B008 (frozen)
) -> ir.Aggregate:
    return ir.Aggregate(type, function, event, of, where, without, window, HERE)


def did(
    event: str = "buy",
    where: ir.Expr | None = None,
    window: ir.Window = ir.Ever(),  # noqa: B008 (frozen)
    at_least: int = 1,
) -> ir.Did:
    return ir.Did(event, at_least, where, window, HERE)


def buys(values: Iterable[Value], name: str = "amount", now: int = at("2026-03-01 12:00")) -> Facts:
    """Facts with one `buy` a minute for each value, the last of them a minute ago."""
    values = list(values)
    start = now - len(values) * MINUTE
    events = [Event(start + n * MINUTE, f"b{n}", {name: value}) for n, value in enumerate(values)]
    return Facts(now, events={"buy": tuple(events)})
