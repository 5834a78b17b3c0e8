"""The events of a window: a slice of a user's history, found by bisection on event time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from compiler.calendar import local_date
from compiler.checked.ir import Ever, Fixed, LocalDay, Rolling, Window
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.decision.values import ZONE
from compiler.facts import Event
from compiler.types import UNAVAILABLE, Unavailable

TIME = attrgetter("time")
PLACE = attrgetter("time", "id")

History = Sequence[Event] | Unavailable
Reach = Callable[[Context], History]
"""The events of one type in a window, in order; UNAVAILABLE where some might be unknown."""

_LONGEST_DAY = 3 * 86_400_000_000  # no local date spans more, whatever the clocks did


def until(events: tuple[Event, ...], instant: int) -> tuple[Event, ...]:
    """The events up to an instant."""
    if not events or events[-1].time <= instant:
        return events
    return events[: bisect_right(events, instant, key=TIME)]


def known_events(name: str, window: Window, trees: Trees) -> Reach:
    """All events up to now, whatever the window, but UNAVAILABLE where the window is."""
    hidden = _HORIZONS[type(window)](window, trees)

    def known(context: Context) -> History:
        events = context.events.get(name, ())
        if events is UNAVAILABLE:
            return UNAVAILABLE
        horizon = context.known_since.get(name) if context.known_since else None
        if horizon is not None and hidden(context, horizon):
            return UNAVAILABLE
        return until(events, context.now)

    return known


def reach(name: str, window: Window, trees: Trees) -> Reach:
    """The events of a window."""
    if isinstance(window, Rolling):
        return _rolling_reach(name, window.microseconds)
    known, cut = known_events(name, window, trees), _CUTS[type(window)](window, trees)

    def reached(context: Context) -> History:
        events = known(context)
        return UNAVAILABLE if events is UNAVAILABLE else cut(context, events)

    return reached


def counter(name: str, window: Window, trees: Trees) -> Tree:
    """How many events a window holds."""
    if isinstance(window, Rolling):
        return _rolling_counter(name, window.microseconds)
    reached = reach(name, window, trees)

    def counted(context: Context) -> int | Unavailable:
        events = reached(context)
        return UNAVAILABLE if events is UNAVAILABLE else len(events)

    return counted


def _rolling_reach(name: str, span: int) -> Reach:
    """Spelled out in one function, like the next: what most rules spend their time in."""

    def reached(context: Context) -> History:
        events = context.events.get(name, ())
        if events is UNAVAILABLE:
            return UNAVAILABLE
        now = context.now
        start = now - span
        if context.known_since and context.known_since.get(name, start) > start + 1:
            return UNAVAILABLE
        if not events:
            return ()
        first = 0 if events[0].time > start else bisect_right(events, start, key=TIME)
        if events[-1].time <= now:
            return events[first:]
        return events[first : bisect_right(events, now, key=TIME)]

    return reached


def _rolling_counter(name: str, span: int) -> Tree:
    def counted(context: Context) -> int | Unavailable:
        events = context.events.get(name, ())
        if events is UNAVAILABLE:
            return UNAVAILABLE
        now = context.now
        start = now - span
        if context.known_since and context.known_since.get(name, start) > start + 1:
            return UNAVAILABLE
        if not events:
            return 0
        first = 0 if events[0].time > start else bisect_right(events, start, key=TIME)
        if events[-1].time <= now:
            return len(events) - first
        return bisect_right(events, now, key=TIME) - first

    return counted


def _cut_fixed(window: Fixed, trees: Trees) -> Callable[[Context, Any], Sequence[Event]]:
    start, end = window.start, window.end
    return lambda context, events: events[
        bisect_left(events, start, key=TIME) : bisect_left(events, end, key=TIME)
    ]


def _cut_local_day(window: LocalDay, trees: Trees) -> Callable[[Context, Any], Sequence[Event]]:
    """Tests each date: where clocks were set back over midnight, the instants of a date have a hole."""
    zone_of = trees.reference(ZONE)

    def cut(context: Context, events: Sequence[Event]) -> Sequence[Event]:
        zone, now = zone_of(context), context.now
        today = local_date(zone, now)
        recent = events[bisect_right(events, now - _LONGEST_DAY, key=TIME) :]
        return [event for event in recent if local_date(zone, event.time) == today]

    return cut


def _cut_ever(window: Ever, trees: Trees) -> Callable[[Context, Any], Sequence[Event]]:
    return lambda context, events: events


_CUTS: Mapping[type, Callable[[Any, Trees], Callable[[Context, Any], Sequence[Event]]]] = {
    Fixed: _cut_fixed,
    LocalDay: _cut_local_day,
    Ever: _cut_ever,
}


def _hides_rolling(window: Rolling, trees: Trees) -> Callable[[Context, int], bool]:
    span = window.microseconds
    return lambda context, horizon: context.now - span + 1 < horizon


def _hides_local_day(window: LocalDay, trees: Trees) -> Callable[[Context, int], bool]:
    zone_of: Tree = trees.reference(ZONE)

    def hides(context: Context, horizon: int) -> bool:
        zone = zone_of(context)
        return local_date(zone, horizon - 1) >= local_date(zone, context.now)

    return hides


_HORIZONS: Mapping[type, Callable[[Any, Trees], Callable[[Context, int], bool]]] = {
    Rolling: _hides_rolling,
    Fixed: lambda window, trees: lambda context, horizon: window.start < horizon,
    LocalDay: _hides_local_day,
    Ever: lambda window, trees: lambda context, horizon: True,
}
"""Whether a window holds instants before the horizon of a type of event."""
