"""Where a comparison turns: the value of one input at which both sides meet, found by secants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

from compiler.checked import ir
from compiler.explain.change.candidates import NUMERIC
from compiler.explain.change.readings import Reader
from compiler.types import Kind, Type, Value

Pair = tuple[ir.Expr, ir.Expr]
STEPS = 6
"""Secants drawn before an input is given up."""
UNIT = {Kind.MONEY: 1_000_000, Kind.INSTANT: 3_600_000_000, Kind.DURATION: 3_600_000_000}
"""By how much an input is moved first; others by 1."""


def sides(condition: ir.Expr, reader: Reader) -> list[Pair]:
    """The two sides that have to meet for the condition to turn; several where it could turn at several values."""
    inner = condition.term if isinstance(condition, ir.Not) else condition
    if isinstance(inner, ir.Equal) and isinstance(inner.left, ir.GradeRef):
        return _thresholds(inner.left, reader)
    if isinstance(inner, ir.Compare | ir.Equal) and inner.left.type.kind in NUMERIC:
        return [(inner.left, inner.right)]
    if isinstance(inner, ir.OneOf) and inner.term.type.kind in NUMERIC:
        options = sorted(inner.options, key=repr)[:4]
        return [(inner.term, ir.Const(inner.term.type, option)) for option in options]
    return []


def _thresholds(grade: ir.GradeRef, reader: Reader) -> list[Pair]:
    score = reader.ruleset.scores[grade.score]
    total = ir.ScoreRef(score.type, score.name)
    return [
        (total, ir.Const(score.type, band.threshold)) for band in score.bands if band.threshold is not None
    ]


def gap(left: Value, right: Value) -> float | None:
    """How far the left side lies above the right one."""
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    try:
        return float(left - right)
    except OverflowError:
        return None


def roots(type_: Type, start: Any, measure: Callable[[Any], float | None]) -> Iterator[Any]:
    """Values of a numeric input near to which `measure` is zero, and their neighbours. `start`: its value, or a guess."""
    low, high = start, _moved(type_, start)
    at_low, at_high = measure(low), measure(high)
    for _ in range(STEPS):
        if at_low is None or at_high is None or at_low == at_high:
            return
        estimate = _secant(low, high, at_low, at_high)
        if estimate is None:
            return
        meeting = _value(type_, estimate)
        yield from _near(type_, meeting)
        low, at_low = high, at_high
        high, at_high = meeting, measure(meeting)
        if high == low:
            return


def _moved(type_: Type, value: Any) -> Any:
    return value + (1.0 if type_.kind is Kind.NUMBER else UNIT.get(type_.kind, 1))


def _secant(low: Any, high: Any, at_low: float, at_high: float) -> float | None:
    try:
        step = at_high * (float(high) - float(low)) / (at_high - at_low)
    except OverflowError:
        return None
    estimate = float(high) - step
    return estimate if isfinite(estimate) and abs(estimate) < 1e30 else None


def _value(type_: Type, estimate: float) -> Any:
    return estimate if type_.kind is Kind.NUMBER else round(estimate)


def _near(type_: Type, meeting: Any) -> Iterator[Any]:
    """The meeting point and what lies just beside it; of numbers in as few decimals as will do."""
    if type_.kind is not Kind.NUMBER:
        yield from (meeting, meeting + 1, meeting - 1)
        return
    for digits in range(7):
        rounded = round(meeting, digits)
        yield from (rounded, rounded + 10.0**-digits, rounded - 10.0**-digits)
    yield from (meeting, meeting * (1 + 1e-9), meeting * (1 - 1e-9))
