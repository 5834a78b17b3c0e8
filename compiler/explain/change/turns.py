"""One input turned until a condition holds."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.checked import ir
from compiler.explain.asked import now_of
from compiler.explain.change.candidates import NUMERIC, candidates, distance, typical
from compiler.explain.change.knobs import Knob, TimeKnob
from compiler.explain.change.patch import Patch
from compiler.explain.change.readings import kind_constants
from compiler.explain.change.roots import gap, roots, sides
from compiler.explain.change.solver import Goal, Solver
from compiler.facts import Facts
from compiler.types import UNAVAILABLE, Kind, Present, Value


def turns(solver: Solver, goal: Goal, facts: Facts, knob: Knob) -> Iterator[Patch]:
    """Values of one input at which the goal holds, the nearest first."""
    current = knob.current(facts)
    values = [*values_for(solver, goal, facts, knob), *meeting_points(solver, goal, facts, knob)]
    if knob.type.kind in NUMERIC:
        values.sort(key=lambda value: (value is None, distance(knob.type, current, value)))
    for value in dict.fromkeys(values):
        if value == current or (value is None and isinstance(knob, TimeKnob)):
            continue
        patch = (knob.turned(value),)
        if solver.holds(goal, facts, patch):
            yield patch


def values_for(solver: Solver, goal: Goal, facts: Facts, knob: Knob) -> list[Value]:
    reading = solver.reading(goal)
    seen = [
        solver.asked.value(expr, facts, view)
        for expr, view in reading.values[:40]
        if expr.type.kind is knob.type.kind
    ]
    if isinstance(knob, TimeKnob):
        now = now_of(facts, goal.view)
        spans = [each for each in kind_constants(reading, Kind.DURATION) if isinstance(each, int)]
        seen += [now, *(now - span for span in spans)]
    return candidates(knob.type, knob.current(facts), reading, seen)


def meeting_points(solver: Solver, goal: Goal, facts: Facts, knob: Knob) -> Iterator[Present]:
    """Values of a numeric input at which the two sides of a comparison meet."""
    if knob.type.kind not in NUMERIC:
        return
    start = knob.current(facts)
    if start is None or start is UNAVAILABLE:
        start = typical(knob.type, solver.reading(goal))
    for left, right in sides(goal.condition, solver.reader):

        def measure(value: Value, left: ir.Expr = left, right: ir.Expr = right) -> float | None:
            solver.tries.count()
            changed = solver.edited(facts, (knob.turned(value),))
            return gap(
                solver.asked.value(left, changed, goal.view), solver.asked.value(right, changed, goal.view)
            )

        yield from roots(knob.type, start, measure)
