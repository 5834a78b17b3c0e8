"""Conditions solved by waiting: the instants at which something leaves a window, a day begins, a comparison turns."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.calendar import day_start_of, known_zone, next_day_start
from compiler.checked import ir
from compiler.explain.change.candidates import DAY, HOUR
from compiler.explain.change.edits import Wait, events_in
from compiler.explain.change.patch import Patch
from compiler.explain.change.readings import Reading, kind_constants
from compiler.explain.change.roots import gap, roots, sides
from compiler.explain.change.solver import Goal, Solver
from compiler.facts import Facts
from compiler.types import INSTANT, Kind

LONGEST = 400 * DAY
"""Nobody waits longer."""
MOST = 120
"""Instants that are tried."""
EVENTS = 10
"""Newest events of a type whose leaving a window is awaited."""


def waits(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """The earliest instant found at which the goal holds, nothing else happening until then."""
    reading = solver.reading(goal)
    if goal.view.in_past or not reading.reads_now:
        return
    found = {*leavings(reading, facts), *beginnings(solver, reading, facts), *meetings(solver, goal, facts)}
    found |= {
        each + by for each in kind_constants(reading, Kind.INSTANT) if isinstance(each, int) for by in (0, 1)
    }
    for instant in sorted(each for each in found if facts.now < each <= facts.now + LONGEST)[:MOST]:
        if solver.holds(goal, facts, (Wait(instant),)):
            yield (Wait(instant),)
            return


def leavings(reading: Reading, facts: Facts) -> Iterator[int]:
    """When events leave rolling windows, or lie as far back as a duration says."""
    spans = [each for each in kind_constants(reading, Kind.DURATION) if isinstance(each, int)]
    for use, _ in reading.uses:
        name = use.first if isinstance(use, ir.Sequence) else use.event
        for event in events_in(facts, name)[-EVENTS:]:
            yield event.time
            yield from (event.time + span + by for span in spans for by in (0, 1))


def beginnings(solver: Solver, reading: Reading, facts: Facts) -> Iterator[int]:
    """The next days and hours by the user's clock."""
    if not reading.reads_zone:
        return
    name = solver.ruleset.user_zone
    own = None if name is None else facts.user.get(name)
    zone = own if isinstance(own, str) and known_zone(own) else solver.ruleset.settings.zone
    tomorrow = next_day_start(zone, facts.now)
    yield from (tomorrow + days * DAY for days in range(32))
    today = day_start_of(zone, facts.now)
    yield from (today + hours * HOUR for hours in range(1, 48))


def meetings(solver: Solver, goal: Goal, facts: Facts) -> Iterator[int]:
    """When the two sides of a comparison meet."""
    for left, right in sides(goal.condition, solver.reader):

        def measure(now: int, left: ir.Expr = left, right: ir.Expr = right) -> float | None:
            solver.tries.count()
            later = solver.edited(facts, (Wait(now),))
            return gap(
                solver.asked.value(left, later, goal.view), solver.asked.value(right, later, goal.view)
            )

        yield from roots(INSTANT, facts.now, measure)
