"""Trees that look at events one by one: which of a window are taken, `did`, `time since last` and sequences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compiler.checked import ir
from compiler.checked.ir import (
    Compare,
    Const,
    Did,
    Equal,
    EventField,
    Expr,
    OneOf,
    SinceLast,
    Window,
    Without,
)
from compiler.decision.comparisons import TESTS
from compiler.decision.context import Context
from compiler.decision.totals import Begun, begun
from compiler.decision.trees import Tree, Trees
from compiler.decision.windows import TIME, History, Reach, counter, known_events, reach
from compiler.facts import Event, Total
from compiler.types import UNAVAILABLE, Answer, Value

Sieve = Callable[[Context, Sequence[Event]], tuple[Sequence[Event], Sequence[Event]]]
"""Of events, those that are taken and those of which it is unknown, both in order."""


def sieve(where: Expr | None, trees: Trees) -> Sieve:
    if where is None:
        return lambda context, events: (events, ())
    simple = _field_test(where)
    return _sieve_of_trees(where, trees) if simple is None else _sieve_of_field(*simple)


def _field_test(where: Expr) -> tuple[str, Callable[[Any, Any], bool], Any] | None:
    """Of a `where` that is one test of a field against constants: the field, the test and what it is held against."""
    match where:
        case Compare(operator=operator, left=EventField(name=name), right=Const(value=bound)):
            return name, TESTS[operator], bound
        case Equal(left=EventField(name=name), right=Const(value=wanted)):
            return name, TESTS["is"], wanted
        case OneOf(term=EventField(name=name), options=options):
            return name, TESTS["in"], options
    return None


def _sieve_of_field(name: str, test: Callable[[Any, Any], bool], operand: Any) -> Sieve:
    def sift(context: Context, events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[Event]]:
        taken, unknown = [], []
        for event in events:
            value = event.fields.get(name)
            if value is None:
                unknown.append(event)
            elif test(value, operand):
                taken.append(event)
        return taken, unknown

    return sift


def _sieve_of_trees(where: Expr, trees: Trees) -> Sieve:
    judge = trees.build(where)
    trees.needs_context()

    def sift(context: Context, events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[Event]]:
        taken, unknown = [], []
        outer = context.event
        for event in events:
            context.event = event
            answer = judge(context)
            if answer:
                taken.append(event)
            elif answer is None:
                unknown.append(event)
        context.event = outer
        return taken, unknown

    return sift


def did(expr: Did, trees: Trees) -> Tree:
    return trees.once(expr, lambda: _did(expr, trees))


def _did(expr: Did, trees: Trees) -> Tree:
    return begun(expr, trees, _did_of_events(expr, trees), lambda: _did_begun(expr, trees))


def _did_begun(expr: Did, trees: Trees) -> Begun:
    sift, at_least = sieve(expr.where, trees), expr.at_least

    def begin(total: Total, events: Sequence[Event], context: Context) -> Answer:
        if not total.is_complete:
            return None
        found, open = sift(context, events)
        sure, maybe = total.count + len(found), total.unknown + len(open)
        if sure >= at_least:
            return True
        return False if sure + maybe < at_least else None

    return begin


def _did_of_events(expr: Did, trees: Trees) -> Tree:
    if expr.where is None:
        return _did_any(counter(expr.event, expr.window, trees), expr.at_least)
    reached = reach(expr.event, expr.window, trees)
    if _field_test(expr.where) is not None:
        return _did_sifted(reached, sieve(expr.where, trees), expr.at_least)
    trees.needs_context()
    return _did_where(reached, trees.build(expr.where), expr.at_least)


def _did_any(counted: Tree, at_least: int) -> Tree:
    def happened(context: Context) -> Answer:
        count = counted(context)
        return None if count is UNAVAILABLE else count >= at_least

    return happened


def _did_sifted(reached: Reach, sift: Sieve, at_least: int) -> Tree:
    def happened(context: Context) -> Answer:
        events = reached(context)
        if events is UNAVAILABLE:
            return None
        if len(events) < at_least:
            return False
        taken, unknown = sift(context, events)
        if len(taken) >= at_least:
            return True
        return False if len(taken) + len(unknown) < at_least else None

    return happened


def _did_where(reached: Reach, judge: Tree, at_least: int) -> Tree:
    """Stops at the event that makes it yes."""

    def happened(context: Context) -> Answer:
        events = reached(context)
        if events is UNAVAILABLE:
            return None
        taken = unknown = 0
        outer = context.event
        for event in events:
            context.event = event
            answer = judge(context)
            if answer:
                taken += 1
                if taken >= at_least:
                    break
            elif answer is None:
                unknown += 1
        context.event = outer
        if taken >= at_least:
            return True
        return False if taken + unknown < at_least else None

    return happened


def since_last(expr: SinceLast, trees: Trees) -> Tree:
    name = expr.event

    def elapsed(context: Context) -> Value:
        events = context.events.get(name, ())
        if events is UNAVAILABLE:
            return UNAVAILABLE
        now = context.now
        if events and events[-1].time <= now:
            return now - events[-1].time
        passed = bisect_right(events, now, key=TIME)
        if passed:
            return now - events[passed - 1].time
        return UNAVAILABLE if name in context.known_since else None

    return begun(expr, trees, elapsed, lambda: _since_last_begun)


def _since_last_begun(total: Total, events: Sequence[Event], context: Context) -> Value:
    times = [event.time for event in (*total.standing, *events[-1:])]
    if times:
        return context.now - max(times)
    return None if total.is_complete else UNAVAILABLE


def uncorrelated(without: Without, window: Window, trees: Trees) -> Callable[[Context], _Correlation | None]:
    """For a Context, what tells how `without` sees an event; None where the second event's window is unavailable."""
    known, field = known_events(without.event, window, trees), without.field

    def correlate(context: Context) -> _Correlation | None:
        events = known(context)
        return None if events is UNAVAILABLE else _Correlation(events, field)

    return correlate


class _Correlation:
    """The last instant at which each value of the field occurs, and at which it is missing."""

    __slots__ = ("field", "last", "last_any", "last_missing")

    def __init__(self, events: Sequence[Event], field: str) -> None:
        self.field = field
        self.last = {event.fields.get(field): event.time for event in events}
        self.last_any = events[-1].time if events else None
        self.last_missing = self.last.pop(None, None)

    def answers(self, event: Event) -> Answer:
        """Whether some second event from this event on has the same value."""
        value, time = event.fields.get(self.field), event.time
        if self.last_any is None or self.last_any < time:
            return False
        if value is None:
            return None
        last = self.last.get(value)
        if last is not None and last >= time:
            return True
        return None if self.last_missing is not None and self.last_missing >= time else False


def sequence(expr: ir.Sequence, trees: Trees) -> Tree:
    return trees.once(expr, lambda: _sequence(expr, trees))


def _sequence(expr: ir.Sequence, trees: Trees) -> Tree:
    first, then = reach(expr.first, expr.window, trees), reach(expr.then, expr.window, trees)
    between = _nothing if expr.without is None else known_events(expr.without, expr.window, trees)
    sift_first, sift_then = sieve(expr.first_where, trees), sieve(expr.then_where, trees)
    inside = expr.inside

    def happened(context: Context) -> Answer:
        firsts, thens, breaks = first(context), then(context), between(context)
        if firsts is UNAVAILABLE or thens is UNAVAILABLE or breaks is UNAVAILABLE:
            return None
        sure_first, maybe_first = sift_first(context, firsts)
        if not sure_first and not maybe_first:
            return False
        sure_then, maybe_then = sift_then(context, thens)
        if _followed(sure_first, sure_then, breaks, inside):
            return True
        unsure = _followed(maybe_first, sure_then, breaks, inside)
        unsure = unsure or _followed(sure_first, maybe_then, breaks, inside)
        return None if unsure or _followed(maybe_first, maybe_then, breaks, inside) else False

    return happened


def _nothing(context: Context) -> History:
    return ()


def _followed(firsts: Sequence[Event], thens: Sequence[Event], breaks: Sequence[Event], inside: int) -> bool:
    """Whether some first lies before some then by at most `inside`, and none of `breaks` between them.

    For a then at t no break may lie in (first, t]: the first is not before the last break up to t.
    """
    for then in thens:
        earliest = then.time - inside
        broken = bisect_right(breaks, then.time, key=TIME)
        if broken:
            earliest = max(earliest, breaks[broken - 1].time)
        start = bisect_left(firsts, earliest, key=TIME)
        if start < len(firsts) and firsts[start].time < then.time:
            return True
    return False


EVENTS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    Did: did,
    SinceLast: since_last,
    ir.Sequence: sequence,
}
