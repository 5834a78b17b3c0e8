"""Which events a part looked at, and which of them it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.decision.context import Context
from compiler.decision.events import uncorrelated
from compiler.decision.windows import History, reach, until
from compiler.explain.asked import Asked, View
from compiler.facts import Event, Facts, Total
from compiler.totals import total_of
from compiler.types import UNAVAILABLE, Answer


@dataclass(frozen=True, slots=True)
class Taking:
    """Of one type: how many events lie in the window, how many are taken, and of how many it is unknown: those that are still
    kept are `unknown`. What a total has left out is not counted.
    """

    event: str
    where: ir.Expr | None
    in_window: int
    taken: int
    open: int
    unknown: tuple[Event, ...]


def takings(asked: Asked, facts: Facts, expr: ir.Expr, view: View) -> tuple[Taking, ...]:
    """One for each type of event whose `where` it asks; none where the events could not be had."""
    context = asked.context(facts, view)
    sorts = _SORTS[type(expr)](expr)
    if context is None:
        return ()
    before = total_of(asked.ruleset, facts, expr)
    found = [_taking(asked, facts, view, context, sort, before) for sort in sorts]
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class _Sort:
    event: str
    where: ir.Expr | None
    window: ir.Window
    without: ir.Without | None = None


_SORTS: Mapping[type, Callable[[Any], tuple[_Sort, ...]]] = {
    ir.Did: lambda expr: (_Sort(expr.event, expr.where, expr.window),),
    ir.Aggregate: lambda expr: (_Sort(expr.event, expr.where, expr.window, expr.without),),
    ir.SinceLast: lambda expr: (_Sort(expr.event, None, ir.Ever()),),
    ir.Sequence: lambda expr: (
        _Sort(expr.first, expr.first_where, expr.window),
        _Sort(expr.then, expr.then_where, expr.window),
    ),
}


def _taking(
    asked: Asked, facts: Facts, view: View, context: Context, sort: _Sort, before: Total | None
) -> Taking | None:
    events = _events(asked, context, sort, before)
    if events is UNAVAILABLE:
        return None
    answers = list(_answers(asked, facts, view, context, sort, events))
    unknown = tuple(event for event, answer in zip(events, answers, strict=True) if answer is None)
    total = before or Total()
    taken, open = total.count + answers.count(True), total.unknown + len(unknown)
    return Taking(sort.event, sort.where, total.count + total.unknown + len(events), taken, open, unknown)


def _events(asked: Asked, context: Context, sort: _Sort, before: Total | None) -> History:
    """Those in the window that are kept."""
    if before is None:
        return reach(sort.event, sort.window, asked.trees())(context)
    events = context.events.get(sort.event, ())
    if events is UNAVAILABLE or not before.tells_all(context.now):
        return UNAVAILABLE
    return until(events, context.now)


def _answers(
    asked: Asked, facts: Facts, view: View, context: Context, sort: _Sort, events: Sequence[Event]
) -> Iterator[Answer]:
    """Whether each event is taken: by its `where`, and by no event that leaves it out."""
    wheres = [True] * len(events) if sort.where is None else asked.over(sort.where, facts, view, events)
    if sort.without is None:
        yield from wheres
        return
    correlation = uncorrelated(sort.without, sort.window, asked.trees())(context)
    for event, where in zip(events, wheres, strict=True):
        left_out = None if correlation is None else correlation.answers(event)
        if where is False or left_out is True:
            yield False
        else:
            yield None if where is None or left_out is None else True
