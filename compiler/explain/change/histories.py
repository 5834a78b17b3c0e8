"""Conditions over events solved: an event more, another value in one, one at another time, one less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from compiler.checked import ir
from compiler.explain.asked import View, now_of
from compiler.explain.change.candidates import DAY, typical
from compiler.explain.change.edits import AddEvent, Edit, Fetch, RemoveEvent, SetField, Wait, events_in
from compiler.explain.change.knobs import FieldKnob, TimeKnob
from compiler.explain.change.patch import Patch, joined
from compiler.explain.change.readings import Reading, Use, kind_constants
from compiler.explain.change.solver import Goal, Solver
from compiler.explain.change.turns import turns
from compiler.facts import Event, Facts
from compiler.totals import total_of
from compiler.types import DURATION, UNAVAILABLE, Kind, Value

MINUTE = 60_000_000
COPIES = 12
"""Events of a kind that are added at most."""
EVENTS = 5
"""Events of a type that are moved or changed: the newest."""
NEW = "what-if"
"""How the ids of added events begin."""


@dataclass(frozen=True, slots=True)
class Part:
    """Events of one type that a use looks at: those with `where`, to take them, or without `taken` to leave others out."""

    event: str
    where: ir.Expr | None
    fields: tuple[str, ...]
    taken: bool = True


def parts(use: Use) -> tuple[Part, ...]:
    """All types of events that it looks at."""
    return _PARTS[type(use)](use)


def _one(use: ir.Did) -> tuple[Part, ...]:
    return (Part(use.event, use.where, fields_of(use.where)),)


def _aggregate(use: ir.Aggregate) -> tuple[Part, ...]:
    own = fields_of(use.where) + (() if use.field is None else (use.field.name,))
    if use.without is None:
        return (Part(use.event, use.where, own),)
    key = use.without.field
    return Part(use.event, use.where, (*own, key)), Part(use.without.event, None, (key,), taken=False)


def _sequence(use: ir.Sequence) -> tuple[Part, ...]:
    pair = (
        Part(use.first, use.first_where, fields_of(use.first_where)),
        Part(use.then, use.then_where, fields_of(use.then_where)),
    )
    return pair if use.without is None else (*pair, Part(use.without, None, (), taken=False))


_PARTS: Mapping[type, Callable[[Any], tuple[Part, ...]]] = {
    ir.Did: _one,
    ir.Aggregate: _aggregate,
    ir.SinceLast: lambda use: (Part(use.event, None, ()),),
    ir.Sequence: _sequence,
}


def fields_of(where: ir.Expr | None) -> tuple[str, ...]:
    if where is None:
        return ()
    return tuple(
        dict.fromkeys(each.name for each in ir.subexpressions(where) if isinstance(each, ir.EventField))
    )


# ---- the ways


def event_patches(solver: Solver, goal: Goal, facts: Facts, width: int) -> Iterator[Patch]:
    """Patches of the events that the goal looks at."""
    for use, view in solver.reading(goal).uses:
        fetched = joined(fetching(solver, facts, use, view), reaching(facts, use, view))
        known = solver.edited(facts, fetched)
        if fetched and solver.holds(goal, known):
            yield fetched
        for way in (additions, field_changes, moves, removals):
            for patch in islice(way(Search(solver, goal, known, use, view)), width):
                yield joined(fetched, patch)


def fetching(solver: Solver, facts: Facts, use: Use, view: View) -> Patch:
    """All of history, for types of which some is not known."""
    total = total_of(solver.ruleset, facts, use)
    if total is not None and total.tells_all(now_of(facts, view)):
        return ()
    names = dict.fromkeys(part.event for part in parts(use))
    return tuple(Fetch("event", name) for name in names if is_hidden(facts, name))


def reaching(facts: Facts, use: Use, view: View) -> Patch:
    """Time enough for a fixed window to begin."""
    window = getattr(use, "window", None)
    if isinstance(window, ir.Fixed) and window.start > facts.now and not view.in_past:
        return (Wait(window.start),)
    return ()


def is_hidden(facts: Facts, event: str) -> bool:
    return facts.events.get(event) is UNAVAILABLE or event in facts.known_since


def missing_history(solver: Solver, goal: Goal, facts: Facts) -> Patch:
    """All of history, a value in every field that is looked at and missing, and an event where there has to be one."""
    reading = solver.reading(goal)
    patch: Patch = ()
    for use, view in reading.uses:
        patch = joined(patch, fetching(solver, facts, use, view), reaching(facts, use, view))
        for part in parts(use):
            patch = joined(patch, tuple(_missing_fields(solver, facts, part, reading)))
        known = solver.edited(facts, patch)
        if needs_event(use) and solver.asked.value(use, known, view) is None:
            patch = joined(patch, _one_event(Search(solver, goal, known, use, view)))
    return patch


def needs_event(use: Use) -> bool:
    """Whether it has no value without an event."""
    return isinstance(use, ir.SinceLast) or (
        isinstance(use, ir.Aggregate) and use.function not in ("count", "sum")
    )


def _one_event(search: Search) -> Patch:
    """An event after which the use has a value."""
    for part in (each for each in parts(search.use) if each.taken):
        for time in times(search):
            for patch in fitting(search, part, time):
                known = search.after(patch).facts
                if search.solver.asked.value(search.use, known, search.view) is not None:
                    return patch
    return ()


def _missing_fields(solver: Solver, facts: Facts, part: Part, reading: Reading) -> Iterator[Edit]:
    declared = solver.ruleset.events[part.event].fields
    for event in events_in(facts, part.event)[-2 * EVENTS :]:
        for name in part.fields:
            if event.fields.get(name) is None:
                type_ = declared[name].type
                yield SetField(part.event, event.id, name, type_, typical(type_, reading))


@dataclass(frozen=True, slots=True)
class Search:
    """A goal, and one use of events in it, seen from `view`."""

    solver: Solver
    goal: Goal
    facts: Facts
    use: Use
    view: View

    def holds(self, patch: Patch) -> bool:
        return self.solver.holds(self.goal, self.facts, patch)

    @property
    def now(self) -> int:
        return now_of(self.facts, self.view)

    def after(self, patch: Patch) -> Search:
        return replace(self, facts=self.solver.edited(self.facts, patch))


# ---- more


def additions(search: Search) -> Iterator[Patch]:
    """An event more, or as many as are needed."""
    if isinstance(search.use, ir.Sequence):
        yield from sequences(search, search.use)
    for part in parts(search.use):
        for time in times(search):
            for patch in fitting(search, part, time):
                yield from grown(search, part, patch)


def grown(search: Search, part: Part, patch: Patch) -> Iterator[Patch]:
    """With one event: as it is, with another field or time, and several of it."""
    if search.holds(patch):
        yield patch
        return
    (name, added) = added_by(patch)
    after = search.after(patch)
    knobs: list[FieldKnob | TimeKnob] = [TimeKnob((name, added.id))]
    declared = search.solver.ruleset.events[name].fields
    knobs += [FieldKnob((name, added.id), field, declared[field].type) for field in part.fields]
    for knob in knobs:
        for turn in islice(turns(search.solver, search.goal, after.facts, knob), 1):
            yield joined(patch, turn)
    yield from islice(copies(search, patch), 1)


def copies(search: Search, patch: Patch) -> Iterator[Patch]:
    """The same event over and over."""
    name, added = added_by(patch)
    for number in range(2, COPIES + 1):
        another = replace(added, id=f"{added.id}.{number}")
        patch = (*patch, AddEvent.of(name, another))
        if search.holds(patch):
            yield patch
            return


def added_by(patch: Patch) -> tuple[str, Event]:
    return next((edit.event, edit.added) for edit in patch if isinstance(edit, AddEvent))


def fitting(search: Search, part: Part, time: int) -> list[Patch]:
    """Patches that add an event at that time which the `where` takes."""
    solver, reading = search.solver, search.solver.reading(search.goal)
    event = new_event(solver, search.facts, part.event, time, reading)
    add: Patch = (AddEvent.of(part.event, event),)
    if part.where is None:
        return [add]
    seen = search.view.looking_at((part.event, event.id))
    ways = solver.patches(Goal(part.where, True, seen), solver.edited(search.facts, add), 2)
    return [joined(add, way) for way in ways]


def new_event(solver: Solver, facts: Facts, name: str, time: int, reading: Reading) -> Event:
    """An event with values in all fields that its type declares; dates and instants are its own, if no rule names some."""
    own: dict[Kind, Value] = {Kind.DATE: time // DAY, Kind.INSTANT: time}
    fields: dict[str, Value] = {}
    for field, declared in solver.ruleset.events[name].fields.items():
        kind = declared.type.kind
        is_own = kind in own and not kind_constants(reading, kind)
        fields[field] = own[kind] if is_own else typical(declared.type, reading)
    return Event(time, fresh_id(facts), fields)


def fresh_id(facts: Facts) -> str:
    taken = sum(event.id.startswith(NEW) for name in facts.events for event in events_in(facts, name))
    return f"{NEW}-{taken + 1}"


def times(search: Search) -> list[int]:
    """Instants at which an event would be seen: now, at the ends of the window, and so long ago as durations say."""
    now = search.now - (MINUTE if search.view.in_past else 0)
    window = getattr(search.use, "window", None)
    found = [now]
    if isinstance(window, ir.Rolling):
        found.append(now - window.microseconds + 2 * MINUTE)
    if isinstance(window, ir.Fixed):
        found = [min(now, window.end - 1), window.start]
    spans = search.solver.reading(search.goal).constants.get(DURATION, {})
    if isinstance(search.use, ir.SinceLast):
        found += [search.now - span + by for span in spans if isinstance(span, int) for by in (0, 1, -1)]
    return [time for time in dict.fromkeys(found) if time <= search.now][:6]


def sequences(search: Search, use: ir.Sequence) -> Iterator[Patch]:
    """What completes a sequence: the second event, the first, or both."""
    first, then = parts(use)[:2]
    for event in reversed(events_in(search.facts, use.first)[-EVENTS:]):
        for time in (min(event.time + use.inside, search.now), event.time + 1):
            yield from (patch for patch in fitting(search, then, time) if search.holds(patch))
    for event in reversed(events_in(search.facts, use.then)[-EVENTS:]):
        yield from (patch for patch in fitting(search, first, event.time - 1) if search.holds(patch))
    for time in times(search):
        for one in fitting(search, first, time - min(use.inside, MINUTE)):
            for two in fitting(search.after(one), then, time):
                if search.holds(joined(one, two)):
                    yield joined(one, two)


# ---- other


def newest(search: Search, part: Part) -> list[Event]:
    events = events_in(search.facts, part.event)
    return list(reversed([event for event in events if event.time <= search.now][-EVENTS:]))


def field_changes(search: Search) -> Iterator[Patch]:
    """Another value in a field of an event."""
    for part in parts(search.use):
        declared = search.solver.ruleset.events[part.event].fields
        for event in newest(search, part):
            for field in part.fields:
                knob = FieldKnob((part.event, event.id), field, declared[field].type)
                yield from islice(turns(search.solver, search.goal, search.facts, knob), 1)


def moves(search: Search) -> Iterator[Patch]:
    """An event at another time."""
    for part in parts(search.use):
        for event in newest(search, part):
            knob = TimeKnob((part.event, event.id))
            for time in outside(search):
                patch = (knob.turned(time),)
                if search.holds(patch):
                    yield patch
            yield from islice(turns(search.solver, search.goal, search.facts, knob), 1)


def outside(search: Search) -> list[int]:
    """The ends of the window, inside and out."""
    window, now = getattr(search.use, "window", None), search.now
    if isinstance(window, ir.Rolling):
        return [now - window.microseconds, now - window.microseconds + 1]
    if isinstance(window, ir.Fixed):
        return [window.start - 1, window.end, window.start, window.end - 1]
    return [now - 30 * 24 * 60 * MINUTE]


# ---- fewer


def removals(search: Search) -> Iterator[Patch]:
    """An event less, or as many as are needed: from the newest on, or from the oldest."""
    for part in parts(search.use):
        events = [event for event in events_in(search.facts, part.event) if event.time <= search.now]
        for event in reversed(events[-EVENTS:]):
            patch: Patch = (RemoveEvent(part.event, event.id),)
            if search.holds(patch):
                yield patch
        for order in (events[::-1], events):
            yield from islice(removed(search, part, order), 1)


def removed(search: Search, part: Part, events: list[Event]) -> Iterator[Patch]:
    patch: Patch = ()
    for event in events[: 3 * COPIES]:
        patch = (*patch, RemoveEvent(part.event, event.id))
        if search.holds(patch):
            yield patch
            return


def removals_in(facts: Facts, event: str, after: int) -> Patch:
    """All events of a type after an instant removed."""
    return tuple(
        RemoveEvent(event, each.id) for each in events_in(facts, event) if after < each.time <= facts.now
    )
