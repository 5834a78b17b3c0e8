"""Trees of aggregates: one pass over the events that a window takes, then a fold of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compiler.builtins.numbers import half_away
from compiler.checked.ir import Aggregate, EventField, Expr
from compiler.decision.arithmetic import int_in_range, money_in_range
from compiler.decision.context import Context
from compiler.decision.events import Sieve, sieve, uncorrelated
from compiler.decision.totals import Begun, begun
from compiler.decision.trees import Tree, Trees
from compiler.decision.windows import PLACE, Reach, counter, reach
from compiler.facts import Event, Total
from compiler.types import DECIMAL_LIMIT, MONEY_SCALE, UNAVAILABLE, Kind, Value

Fold = Callable[[Sequence[Event]], Value]
FoldOn = Callable[[Total, Sequence[Event]], Value]
"""What the events that are taken come to, with those that a total stands for."""


def aggregate(expr: Aggregate, trees: Trees) -> Tree:
    return trees.once(expr, lambda: _aggregate(expr, trees))


def _aggregate(expr: Aggregate, trees: Trees) -> Tree:
    return begun(expr, trees, _of_events(expr, trees), lambda: _begin(expr, trees))


def _begin(expr: Aggregate, trees: Trees) -> Begun:
    fold_on, sift = _fold_on(expr), sieve(expr.where, trees)

    def begin(total: Total, events: Sequence[Event], context: Context) -> Value:
        if not total.is_complete:
            return UNAVAILABLE
        taken, unknown = sift(context, events)
        return None if unknown or total.unknown else fold_on(total, taken)

    return begin


def _of_events(expr: Aggregate, trees: Trees) -> Tree:
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


def exact_sum(kind: Kind, values: Sequence[Any]) -> int:
    """Of numbers in millionths, to which each is rounded."""
    return sum(map(micros, values)) if kind is Kind.NUMBER else sum(values)


def _fits(values: Sequence[float]) -> bool:
    return all(-DECIMAL_LIMIT < micros(value) < DECIMAL_LIMIT for value in values)


def _sum_of_numbers(values: Sequence[float], before: int = 0) -> float | None:
    """In millionths, exactly; missing where a value or the total leaves DECIMAL(38,6)."""
    total = money_in_range(before + sum(map(micros, values))) if _fits(values) else None
    return None if total is None else total / MONEY_SCALE


def _average_of_numbers(total: int, count: int) -> float | None:
    """Missing where the sum leaves DECIMAL(38,6); the values alone may."""
    in_range = money_in_range(total)
    return None if in_range is None else half_away(in_range, count) / MONEY_SCALE


def _average_of_ints(total: int, count: int) -> float | None:
    return _average_of_numbers(total * MONEY_SCALE, count)


def _average_of_amounts(total: int, count: int) -> int | None:
    in_range = money_in_range(total)
    return None if in_range is None else half_away(in_range, count)


_SUMS: Mapping[Kind, Callable[..., Any]] = {
    Kind.INT: lambda values, before=0: int_in_range(before + sum(values)),
    Kind.NUMBER: _sum_of_numbers,
    Kind.MONEY: lambda values, before=0: money_in_range(before + sum(values)),
    Kind.DURATION: lambda values, before=0: int_in_range(before + sum(values)),
}
_AVERAGES: Mapping[Kind, Callable[[int, int], Any]] = {
    Kind.INT: _average_of_ints,
    Kind.NUMBER: _average_of_numbers,
    Kind.MONEY: _average_of_amounts,
    Kind.DURATION: _average_of_amounts,
}


def _sum(field: EventField) -> Fold:
    total, name = _SUMS[field.type.kind], field.name
    return lambda events: total(present(events, name))


def _sum_on(field: EventField) -> FoldOn:
    """The least and the greatest of the values before are there to see whether each fits."""
    total, name = _SUMS[field.type.kind], field.name
    may_not_fit = field.type.kind is Kind.NUMBER

    def summed(before: Total, taken: Sequence[Event]) -> Value:
        if may_not_fit and not _fits(present(before.standing, name)):
            return None
        value: Value = total(present(taken, name), before.sum)
        return value

    return summed


def _average(field: EventField) -> Fold:
    average_on, nothing = _average_on(field), Total()
    return lambda events: average_on(nothing, events)


def _average_on(field: EventField) -> FoldOn:
    kind, name = field.type.kind, field.name
    average = _AVERAGES[kind]

    def averaged(before: Total, taken: Sequence[Event]) -> Value:
        values = present(taken, name)
        count = before.present + len(values)
        value: Value = average(before.sum + exact_sum(kind, values), count) if count else None
        return value

    return averaged


def _count_on(field: EventField) -> FoldOn:
    return lambda before, taken: before.present + len(present(taken, field.name))


_FOLDS_ON: Mapping[str, Callable[[EventField], FoldOn]] = {
    "count": _count_on,
    "sum": _sum_on,
    "average": _average_on,
}


def _fold_on(expr: Aggregate) -> FoldOn:
    """The other functions choose, and what they choose of old events stands for all of them."""
    if expr.field is None:
        return lambda before, taken: before.count + len(taken)
    if expr.function in _FOLDS_ON:
        return _FOLDS_ON[expr.function](expr.field)
    fold = _FOLDS[expr.function](expr.field)
    return lambda before, taken: fold(sorted([*before.standing, *taken], key=PLACE))


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
