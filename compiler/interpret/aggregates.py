"""Aggregates, `did` and `time since last`. Semantics, *Events*."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from compiler.checked.ir import Aggregate, Did, EventField, Expr, SinceLast, Without
from compiler.facts import Event, Total
from compiler.interpret.conditions import certain
from compiler.interpret.history import history, place, window_known
from compiler.interpret.kleene import all_of, any_of, negation
from compiler.interpret.meaning import answer, means
from compiler.interpret.names import field_of
from compiler.interpret.scene import Scene
from compiler.interpret.totals import events_beside, happened_before, total_of
from compiler.interpret.values import fit, half_away
from compiler.types import (
    DECIMAL_LIMIT,
    MISSING,
    MONEY_SCALE,
    UNAVAILABLE,
    Answer,
    Kind,
    Unavailable,
    Value,
)


def matches(where: Expr | None, event: Event, scene: Scene) -> Answer:
    """What `where` says of an event; yes without one."""
    return True if where is None else answer(where, scene.looking_at(event))


@means(Did)
def _did(expr: Did, scene: Scene) -> Answer:
    total = total_of(expr, scene)
    events, before = events_beside(total, expr, scene), total or Total()
    if events is UNAVAILABLE:
        return None
    answers = [matches(expr.where, event, scene) for event in events]
    taken, unknown = before.count + answers.count(True), before.unknown + answers.count(None)
    if taken >= expr.at_least:
        return True
    return False if taken + unknown < expr.at_least else None


@means(SinceLast)
def _since_last(expr: SinceLast, scene: Scene) -> Value:
    events, total = history(expr.event, scene), total_of(expr, scene)
    if events is UNAVAILABLE or (total is not None and not happened_before(total, scene)):
        return UNAVAILABLE
    times = [event.time for event in [*events, *(total.standing if total else ())]]
    if times:
        return fit(Kind.DURATION, scene.now - max(times))
    is_known = total.is_complete if total else expr.event not in scene.facts.known_since
    return MISSING if is_known else UNAVAILABLE


@means(Aggregate)
def _aggregate(expr: Aggregate, scene: Scene) -> Value:
    total = total_of(expr, scene)
    events, before = _candidates(total, expr, scene), total or Total()
    if events is UNAVAILABLE:
        return UNAVAILABLE
    answers = [_taken(expr, event, scene) for event in events]
    if None in answers or before.unknown:
        return MISSING
    taken = [event for event, yes in zip(events, answers, strict=True) if yes]
    if expr.field is None:
        return before.count + len(taken)
    if expr.function in _ADDED:
        return _ADDED[expr.function](before, taken, expr.field)
    return _CHOSEN[expr.function](_values(sorted([*before.standing, *taken], key=place), expr.field))


def _candidates(total: Total | None, expr: Aggregate, scene: Scene) -> list[Event] | Unavailable:
    """The events in the window; UNAVAILABLE if those are, or those that `without` looks at."""
    if expr.without is not None and _later(expr.without, expr, scene) is UNAVAILABLE:
        return UNAVAILABLE
    return events_beside(total, expr, scene)


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


# ---- functions that choose among the field's values, in the order of the events


def _values(events: list[Event], field: EventField) -> list[Value]:
    return [field_of(event, field.name) for event in events]


def _present(values: list[Value]) -> list[Any]:
    return [value for value in values if value is not MISSING]


def _distinct(values: list[Value]) -> Value:
    return len(set(_present(values)))


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[[list[Value]], Value]:
    def extreme(values: list[Value]) -> Value:
        chosen: Value = choose(_present(values)) if _present(values) else MISSING
        return chosen

    return extreme


def _first(values: list[Value]) -> Value:
    return values[0] if values else MISSING


def _last(values: list[Value]) -> Value:
    return values[-1] if values else MISSING


_CHOSEN: dict[str, Callable[[list[Value]], Value]] = {
    "distinct": _distinct,
    "min": _extreme(min),
    "max": _extreme(max),
    "first": _first,
    "last": _last,
}


# ---- functions that add to what was before


def _count(before: Total, taken: list[Event], field: EventField) -> Value:
    return before.present + len(_present(_values(taken, field)))


def _sum(before: Total, taken: list[Event], field: EventField) -> Value:
    values = _present(_values(taken, field))
    if field.type.kind is not Kind.NUMBER:
        return fit(field.type.kind, before.sum + sum(values))
    total = before.sum + sum(map(_millionths, values))
    looked_at = [*map(_millionths, [*_present(_values([*before.standing], field)), *values]), total]
    return _number(total) if all(abs(each) < DECIMAL_LIMIT for each in looked_at) else MISSING


def _average(before: Total, taken: list[Event], field: EventField) -> Value:
    values, unit = _present(_values(taken, field)), _UNITS[field.type.kind]
    total = before.sum * (MONEY_SCALE if field.type.kind is Kind.INT else 1) + sum(map(unit, values))
    count = before.present + len(values)
    if not count or abs(total) >= DECIMAL_LIMIT:
        return MISSING
    average = half_away(Fraction(total, count))
    return average if unit is _as_it_is else _number(average)


def _millionths(value: Any) -> int:
    """Rounded to DECIMAL(38, 6)."""
    return half_away(Fraction(value) * MONEY_SCALE)


def _as_it_is(value: int) -> int:
    return value


def _number(millionths: int) -> float:
    return float(Fraction(millionths, MONEY_SCALE))


_UNITS: dict[Kind, Callable[[Any], int]] = {
    Kind.INT: _millionths,
    Kind.NUMBER: _millionths,
    Kind.MONEY: _as_it_is,
    Kind.DURATION: _as_it_is,
}
"""In which an average is computed."""

_ADDED: dict[str, Callable[[Total, list[Event], EventField], Value]] = {
    "count": _count,
    "sum": _sum,
    "average": _average,
}
