"""Which events a part looked at, and which of them it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.decision.context import Context
from compiler.decision.events import uncorrelated
from compiler.decision.windows import reach
from compiler.explain.asked import Asked, View
from compiler.facts import Event, Facts
from compiler.types import UNAVAILABLE, Answer


@dataclass(frozen=True, slots=True)
class Taking:
    """Of one type: how many events lie in the window, those taken, and those of which it is unknown."""

    event: str
    where: ir.Expr | None
    in_window: int
    taken: tuple[Event, ...]
    unknown: tuple[Event, ...]


def takings(asked: Asked, facts: Facts, expr: ir.Expr, view: View) -> tuple[Taking, ...]:
    """One for each type of event whose `where` it asks; none where the events could not be had."""
    context = asked.context(facts, view)
    sorts = _SORTS[type(expr)](expr)
    if context is None:
        return ()
    found = [_taking(asked, facts, view, context, sort) for sort in sorts]
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


def _taking(asked: Asked, facts: Facts, view: View, context: Context, sort: _Sort) -> Taking | None:
    events = reach(sort.event, sort.window, asked.trees())(context)
    if events is UNAVAILABLE:
        return None
    answers = list(_answers(asked, facts, view, context, sort, events))
    return Taking(
        sort.event,
        sort.where,
        len(events),
        tuple(event for event, answer in zip(events, answers, strict=True) if answer),
        tuple(event for event, answer in zip(events, answers, strict=True) if answer is None),
    )


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
