"""`did a then b inside 30 minutes without c within 7 days`: every pair, one by one."""

from __future__ import annotations

from compiler.checked.ir import Sequence
from compiler.facts import Event
from compiler.interpret.aggregates import matches
from compiler.interpret.history import events_in
from compiler.interpret.kleene import all_of, any_of
from compiler.interpret.meaning import means
from compiler.interpret.scene import Scene
from compiler.types import UNAVAILABLE, Answer


@means(Sequence)
def _sequence(expr: Sequence, scene: Scene) -> Answer:
    first = events_in(expr.first, expr.window, scene)
    then = events_in(expr.then, expr.window, scene)
    without = [] if expr.without is None else events_in(expr.without, expr.window, scene)
    if first is UNAVAILABLE or then is UNAVAILABLE or without is UNAVAILABLE:
        return None
    starts = [(event, matches(expr.first_where, event, scene)) for event in first]
    ends = [(event, matches(expr.then_where, event, scene)) for event in then]
    return any_of(
        all_of([p, q, not any(x.time < z.time <= y.time for z in without)])
        for x, p in starts
        for y, q in ends
        if _follows(x, y, expr.inside)
    )


def _follows(x: Event, y: Event, inside: int) -> bool:
    return x.time < y.time <= x.time + inside
