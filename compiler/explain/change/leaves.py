"""A condition that is not made of others, solved: one input turned, an event more or fewer, time, what was missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from compiler.explain.change.candidates import ids, typical
from compiler.explain.change.edits import SetMember
from compiler.explain.change.histories import event_patches, missing_history
from compiler.explain.change.knobs import Knob, id_knob, is_absent, knobs
from compiler.explain.change.patch import Patch, joined
from compiler.explain.change.solver import Goal, Solver
from compiler.explain.change.turns import turns, values_for
from compiler.explain.change.waits import waits
from compiler.facts import Facts
from compiler.types import Kind, Value

EACH = 2
"""Values that are kept of one input."""
DEPTH = 3
"""Conditions inside of each other, in picks and scores, that are solved on the way."""


def leaf(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """Patches under which the goal holds, the simplest ways first."""
    found = 0
    for way in WAYS:
        for patch in way(solver, goal, facts, width):
            found += 1
            yield patch
        if found >= width:
            return
    if not found:
        yield from filled(solver, goal, facts, width)


# ---- one input


def turned(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """An attribute, or a field of the event that is looked at, has another value."""
    for knob in knobs(solver.reading(goal), goal.view):
        yield from islice(turns(solver, goal, facts, knob), EACH)


def listed(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """A list holds the user, or does not."""
    for name in solver.reading(goal).lists:
        for holds in (True, False):
            patch = (SetMember(name, holds),)
            if facts.lists.get(name, False) is not holds and solver.holds(goal, facts, patch):
                yield patch


def another_user(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """Somebody whom a sample takes, or does not."""
    knob = id_knob(solver.ruleset)
    if not solver.reading(goal).reads_id or knob is None or knob.type.kind is not Kind.TEXT:
        return
    for name in ids(solver.ruleset, knob.current(facts)):
        patch = (knob.turned(name),)
        if solver.holds(goal, facts, patch):
            yield patch
            return


# ---- conditions inside


def inside(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """A condition of a pick or of a score's line answers otherwise."""
    with solver.deeper() as depth:
        if depth > DEPTH:
            return
        for condition, view in solver.reading(goal).conditions[:12]:
            for wanted in (True, False):
                for patch in solver.patches(Goal(condition, wanted, view), facts, 2):
                    if patch and solver.holds(goal, facts, patch):
                        yield patch
        for upward in (True, False):
            yield from scored(solver, goal, facts, upward)


def scored(solver: Solver, goal: Goal, facts: Facts, upward: bool) -> Iterator[Patch]:
    """Line by line, scores are brought as high or as low as they go, until the goal holds; then what they add up."""
    patch: Patch = ()
    for name, view in solver.reading(goal).scores.items():
        for line in solver.ruleset.scores[name].lines:
            if line.condition is None:
                continue
            wanted = (line.sign > 0) is upward
            way = solver.patches(Goal(line.condition, wanted, view), solver.edited(facts, patch), 1)
            patch = joined(patch, way[0]) if way else patch
            if patch and solver.holds(goal, facts, patch):
                yield patch
                return
    known = solver.edited(facts, patch)
    if patch:
        yield from (joined(patch, more) for more in islice(turned(solver, goal, known, 1), 1))


# ---- what is missing


def filled(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """First everything that is missing is there, then one input is turned; in the end two are."""
    base = filling(solver, goal, facts)
    known = solver.edited(facts, base)
    if base and solver.holds(goal, known):
        yield base
    if base:
        for way in WAYS:
            yield from (joined(base, patch) for patch in islice(way(solver, goal, known, width), width))
    yield from (joined(base, patch) for patch in pairs(solver, goal, known))


def filling(solver: Solver, goal: Goal, facts: Facts) -> Patch:
    reading = solver.reading(goal)
    absent = [knob for knob in knobs(reading, goal.view) if is_absent(knob, facts)]
    knob = id_knob(solver.ruleset)
    if reading.reads_id and knob is not None and is_absent(knob, facts):
        absent.append(knob)
    values = tuple(knob.turned(typical(knob.type, reading)) for knob in absent)
    return joined(missing_history(solver, goal, facts), values)


def pairs(solver: Solver, goal: Goal, facts: Facts) -> Iterator[Patch]:
    """Two inputs turned together."""
    found = list(knobs(solver.reading(goal), goal.view))[:6]
    for first in found:
        for value in few_values(solver, goal, facts, first):
            set_ = (first.turned(value),)
            changed = solver.edited(facts, set_)
            for second in (each for each in found if each != first):
                for patch in islice(turns(solver, goal, changed, second), 1):
                    yield joined(set_, patch)
                    return


def few_values(solver: Solver, goal: Goal, facts: Facts, knob: Knob) -> list[Value]:
    """Values far apart."""
    values: list[Value] = [value for value in values_for(solver, goal, facts, knob) if value is not None]
    step = max(1, len(values) // 6)
    return values[::step][:8]


Way = Callable[[Solver, Goal, Facts, int], Iterator[Patch]]
WAYS: tuple[Way, ...] = (waits, turned, listed, another_user, event_patches, inside)
