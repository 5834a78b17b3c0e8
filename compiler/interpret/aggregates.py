"""Aggregates, `did` and `time since last`. Semantics, *Events*."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from compiler.checked.ir import Aggregate, Did, Expr, SinceLast, Without
from compiler.facts import Event
from compiler.interpret.conditions import certain
from compiler.interpret.history import events_in, history, window_known
from compiler.interpret.kleene import all_of, any_of, negation
from compiler.interpret.meaning import answer, means
from compiler.interpret.names import field_of
from compiler.interpret.scene import Scene
from compiler.interpret.values import fit, half_away
from compiler.types import (
    DECIMAL_LIMIT,
    MISSING,
    MONEY_SCALE,
    UNAVAILABLE,
    Answer,
    Kind,
    Type,
    Unavailable,
    Value,
)


def matches(where: Expr | None, event: Event, scene: Scene) -> Answer:
    """What `where` says of an event; yes without one."""
    return True if where is None else answer(where, scene.looking_at(event))


@means(Did)
def _did(expr: Did, scene: Scene) -> Answer:
    events = events_in(expr.event, expr.window, scene)
    if events is UNAVAILABLE:
        return None
    answers = [matches(expr.where, event, scene) for event in events]
    if answers.count(True) >= expr.at_least:
        return True
    return False if answers.count(True) + answers.count(None) < expr.at_least else None


@means(SinceLast)
def _since_last(expr: SinceLast, scene: Scene) -> Value:
    events = history(expr.event, scene)
    if events is UNAVAILABLE:
        return UNAVAILABLE
    if events:
        return fit(Kind.DURATION, scene.now - events[-1].time)
    return UNAVAILABLE if expr.event in scene.facts.known_since else MISSING


@means(Aggregate)
def _aggregate(expr: Aggregate, scene: Scene) -> Value:
    events = _candidates(expr, scene)
    if events is UNAVAILABLE:
        return UNAVAILABLE
    answers = [_taken(expr, event, scene) for event in events]
    if None in answers:
        return MISSING
    taken = [event for event, yes in zip(events, answers, strict=True) if yes]
    if expr.field is None:
        return len(taken)
    values = [field_of(event, expr.field.name) for event in taken]
    return _FUNCTIONS[expr.function](values, expr.field.type)


def _candidates(expr: Aggregate, scene: Scene) -> list[Event] | Unavailable:
    """The events in the window; UNAVAILABLE if those are, or those that `without` looks at."""
    if expr.without is not None and _later(expr.without, expr, scene) is UNAVAILABLE:
        return UNAVAILABLE
    return events_in(expr.event, expr.window, scene)


def _later(without: Without, expr: Aggregate, scene: Scene) -> list[Event] | Unavailable:
    return history(without.event, scene) if window_known(without.event, expr.window, scene) else UNAVAILABLE


def _taken(expr: Aggregate, event: Event, scene: Scene) -> Answer:
    """`where`, and no later event of `without` with an equal field."""
    where = matches(expr.where, event, scene)
    if expr.without is None:
        return where
    return all_of([where, negation(_undone(expr.without, event, scene))])


def _undone(without: Without, event: Event, scene: Scene) -> Answer:
    later = history(without.event, scene)
    assert later is not UNAVAILABLE, "looked at in _candidates"
    own = field_of(event, without.field)
    return any_of(
        certain(lambda a, b: a == b, own, field_of(each, without.field))
        for each in later
        if event.time <= each.time
    )


# ---- functions on the field's values, in the order of the events


def _present(values: list[Value]) -> list[Any]:
    return [value for value in values if value is not MISSING]


def _count(values: list[Value], kind: Type) -> Value:
    return len(_present(values))


def _distinct(values: list[Value], kind: Type) -> Value:
    return len(set(_present(values)))


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[[list[Value], Type], Value]:
    def extreme(values: list[Value], kind: Type) -> Value:
        chosen: Value = choose(_present(values)) if _present(values) else MISSING
        return chosen

    return extreme


def _first(values: list[Value], kind: Type) -> Value:
    return values[0] if values else MISSING


def _last(values: list[Value], kind: Type) -> Value:
    return values[-1] if values else MISSING


def _sum(values: list[Value], kind: Type) -> Value:
    if kind.kind is not Kind.NUMBER:
        return fit(kind.kind, sum(_present(values)))
    total = _decimal_total(_present(values))
    return MISSING if total is None else _number(total)


def _average(values: list[Value], kind: Type) -> Value:
    values = _present(values)
    counted_in_units = kind.kind in (Kind.MONEY, Kind.DURATION)
    total = sum(_present(values)) if counted_in_units else _decimal_total(_present(values))
    if not values or total is None or abs(total) >= DECIMAL_LIMIT:
        return MISSING
    average = half_away(Fraction(total, len(values)))
    return average if counted_in_units else _number(average)


def _decimal_total(values: list[Any]) -> int | None:
    """The sum in millionths of values rounded to DECIMAL(38, 6); None where one of them or the sum does not fit."""
    parts = [half_away(Fraction(value) * MONEY_SCALE) for value in values]
    return sum(parts) if all(abs(each) < DECIMAL_LIMIT for each in [*parts, sum(parts)]) else None


def _number(millionths: int) -> float:
    return float(Fraction(millionths, MONEY_SCALE))


_FUNCTIONS: dict[str, Callable[[list[Value], Type], Value]] = {
    "count": _count,
    "distinct": _distinct,
    "sum": _sum,
    "average": _average,
    "min": _extreme(min),
    "max": _extreme(max),
    "first": _first,
    "last": _last,
}
