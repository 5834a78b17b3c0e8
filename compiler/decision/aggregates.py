"""Trees of aggregates: one pass over the events that a window takes, then a fold of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compiler.builtins.numbers import half_away
from compiler.checked.ir import Aggregate, EventField, Expr
from compiler.decision.arithmetic import int_in_range, money_in_range
from compiler.decision.context import Context
from compiler.decision.events import Sieve, sieve, uncorrelated
from compiler.decision.trees import Tree, Trees
from compiler.decision.windows import Reach, counter, reach
from compiler.facts import Event
from compiler.types import DECIMAL_LIMIT, MONEY_SCALE, UNAVAILABLE, Kind, Value

Fold = Callable[[Sequence[Event]], Value]


def aggregate(expr: Aggregate, trees: Trees) -> Tree:
    return trees.once(expr, lambda: _aggregate(expr, trees))


def _aggregate(expr: Aggregate, trees: Trees) -> Tree:
    if expr.field is None and expr.where is None and expr.without is None:
        return counter(expr.event, expr.window, trees)
    fold = len if expr.field is None else _FOLDS[expr.function](expr.field)
    if expr.without is not None:
        return _correlated(expr, fold, trees)
    reached = reach(expr.event, expr.window, trees)
    return _plain(reached, fold) if expr.where is None else _sifted(reached, sieve(expr.where, trees), fold)


def _plain(reached: Reach, fold: Fold) -> Tree:
    def folded(context: Context) -> Value:
        events = reached(context)
        return UNAVAILABLE if events is UNAVAILABLE else fold(events)

    return folded


def _sifted(reached: Reach, sift: Sieve, fold: Fold) -> Tree:
    def folded(context: Context) -> Value:
        events = reached(context)
        if events is UNAVAILABLE:
            return UNAVAILABLE
        taken, unknown = sift(context, events)
        return None if unknown else fold(taken)

    return folded


def _correlated(expr: Aggregate, fold: Fold, trees: Trees) -> Tree:
    assert expr.without is not None
    reached, sift = reach(expr.event, expr.window, trees), sieve(expr.where, trees)
    correlate = uncorrelated(expr.without, expr.window, trees)

    def folded(context: Context) -> Value:
        events, correlation = reached(context), correlate(context)
        if events is UNAVAILABLE or correlation is None:
            return UNAVAILABLE
        taken, unknown = sift(context, events)
        if any(correlation.answers(event) is not True for event in unknown):
            return None
        answers = [(correlation.answers(event), event) for event in taken]
        if any(answer is None for answer, _ in answers):
            return None
        return fold([event for answer, event in answers if answer is False])

    return folded


def present(events: Sequence[Event], name: str) -> list[Any]:
    return [value for event in events if (value := event.fields.get(name)) is not None]


def _count(field: EventField) -> Fold:
    return lambda events: len(present(events, field.name))


def _distinct(field: EventField) -> Fold:
    return lambda events: len(set(present(events, field.name)))


def _least(field: EventField) -> Fold:
    return lambda events: min(present(events, field.name), default=None)


def _greatest(field: EventField) -> Fold:
    return lambda events: max(present(events, field.name), default=None)


def _first(field: EventField) -> Fold:
    return lambda events: events[0].fields.get(field.name) if events else None


def _last(field: EventField) -> Fold:
    return lambda events: events[-1].fields.get(field.name) if events else None


def micros(value: float) -> int:
    """A double as DECIMAL of scale 6: its exact binary value in millionths, half away from zero.

    The product is off by less than 2**-10 below 2**43, so that away from a half it rounds as the exact value does.
    """
    scaled = value * MONEY_SCALE
    if -(2.0**43) < scaled < 2.0**43 and abs(scaled - (whole := round(scaled))) < 0.49:
        return whole
    numerator, denominator = value.as_integer_ratio()
    return half_away(numerator * MONEY_SCALE, denominator)


def _sum_of_numbers(values: Sequence[float]) -> float | None:
    """In millionths, exactly; missing where a value or the total leaves DECIMAL(38,6)."""
    parts = [micros(value) for value in values]
    fits = all(-DECIMAL_LIMIT < part < DECIMAL_LIMIT for part in parts)
    total = money_in_range(sum(parts)) if fits else None
    return None if total is None else total / MONEY_SCALE


def _average_of_numbers(values: Sequence[float]) -> float | None:
    """Missing where the sum leaves DECIMAL(38,6); the values alone may."""
    total = money_in_range(sum(micros(value) for value in values))
    return None if total is None else half_away(total, len(values)) / MONEY_SCALE


def _average_of_ints(values: Sequence[int]) -> float | None:
    total = money_in_range(sum(values) * MONEY_SCALE)
    return None if total is None else half_away(total, len(values)) / MONEY_SCALE


def _average_of_amounts(values: Sequence[int]) -> int | None:
    total = money_in_range(sum(values))
    return None if total is None else half_away(total, len(values))


_SUMS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.INT: lambda values: int_in_range(sum(values)),
    Kind.NUMBER: _sum_of_numbers,
    Kind.MONEY: lambda values: money_in_range(sum(values)),
    Kind.DURATION: lambda values: int_in_range(sum(values)),
}
_AVERAGES: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.INT: _average_of_ints,
    Kind.NUMBER: _average_of_numbers,
    Kind.MONEY: _average_of_amounts,
    Kind.DURATION: _average_of_amounts,
}


def _sum(field: EventField) -> Fold:
    total, name = _SUMS[field.type.kind], field.name
    return lambda events: total(present(events, name))


def _average(field: EventField) -> Fold:
    average, name = _AVERAGES[field.type.kind], field.name

    def averaged(events: Sequence[Event]) -> Value:
        values = present(events, name)
        return average(values) if values else None

    return averaged


_FOLDS: Mapping[str, Callable[[EventField], Fold]] = {
    "count": _count,
    "sum": _sum,
    "average": _average,
    "min": _least,
    "max": _greatest,
    "distinct": _distinct,
    "first": _first,
    "last": _last,
}

AGGREGATES: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {Aggregate: aggregate}
