"""The gate *relevant* passed: an occurrence that is ripe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compiler.checked import ir
from compiler.explain.asked import Named, View, event_of
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.edits import AddEvent, Fetch, MoveEvent, RemoveEvent, Wait, events_in
from compiler.explain.change.histories import fresh_id, is_hidden, new_event
from compiler.explain.change.patch import Patch, joined
from compiler.explain.change.readings import Reading
from compiler.explain.change.solver import Goal
from compiler.facts import Event, Facts
from compiler.outcome import Because, Gate
from compiler.types import UNAVAILABLE, Kind, Value

EVENTS = 6
"""Newest events of the trigger's type that are made to open an occurrence."""
FRESH_INT = 900_001
"""The key of an added occurrence, where that is a number."""


def occurrence_patches(bench: Bench, state: State) -> Iterator[Patch]:
    """Patches after which the plan is relevant."""
    trigger = bench.plan.trigger
    if trigger is None:
        return
    for patch in _Ripening(bench, state, trigger).patches():
        if bench.after(state, patch).gate is not Gate.RELEVANT:
            yield patch


class _Ripening:
    """The ways to a ripe occurrence of one plan."""

    def __init__(self, bench: Bench, state: State, trigger: ir.Trigger) -> None:
        self.plan, self.trigger, self.state = bench.plan, trigger, state
        self.solver = bench.solver(state.patch)
        self.fetched: Patch = ()
        if state.facts.events.get(trigger.event) is UNAVAILABLE:
            self.fetched = (Fetch("event", trigger.event),)
        self.facts = self.solver.edited(state.facts, self.fetched)

    def patches(self) -> Iterator[Patch]:
        reason = self.state.reason()
        if reason.because is Because.SCHEDULED and reason.until is not None:
            yield (Wait(reason.until),)
        for patch in (*self.existing(), *self.fresh()):
            yield joined(self.fetched, patch)

    # ---- a new event

    def fresh(self) -> Iterator[Patch]:
        """An event at the last moment from which it is ripe by now; or one now, and waited for."""
        now, wait = self.facts.now, self.trigger.wait
        for add in self.added(now - wait):
            yield from self.kept(add, self.new_named())
            yield from self.awaited(add, self.new_named())
        if wait:
            yield from (joined(add, (Wait(now + wait),)) for add in self.added(now))

    def new_named(self) -> Named:
        return self.trigger.event, fresh_id(self.facts)

    def added(self, time: int) -> list[Patch]:
        """Patches that add an event at that time which opens an occurrence."""
        conditions = [each for each in (self.trigger.where, self.trigger.when) if each is not None]
        reading = self.solver.reader.reading(conditions[0], View()) if conditions else Reading()
        event = self.keyed(new_event(self.solver, self.facts, self.trigger.event, time, reading))
        opens = () if self.facts.opened is None else (self.plan.name,)
        return self.opening((AddEvent.of(self.trigger.event, event, opens),), (self.trigger.event, event.id))

    def keyed(self, event: Event) -> Event:
        """With a key of its own, so that it is an occurrence that nobody has heard of."""
        field = None if self.plan.once is None else self.plan.once.field
        if field is None:
            return event
        kind = self.solver.ruleset.events[self.trigger.event].fields[field].type.kind
        keys: dict[Kind, Value] = {Kind.TEXT: event.id, Kind.INT: FRESH_INT}
        return replace(event, fields={**event.fields, field: keys.get(kind, event.fields[field])})

    # ---- an event that is there

    def existing(self) -> Iterator[Patch]:
        """An event that opens no occurrence is made to, one that expired is moved, one that is cancelled is not."""
        now = self.facts.now
        events = [event for event in events_in(self.facts, self.trigger.event) if event.time <= now]
        for event in reversed(events[-EVENTS:]):
            named = (self.trigger.event, event.id)
            for opened in self.opening((), named):
                yield from self.kept(opened, named)
                yield from self.awaited(opened, named)
                for time in self.ripe_times(event):
                    yield from self.kept(joined(opened, (MoveEvent(*named, time),)), named)

    def ripe_times(self, event: Event) -> list[int]:
        """When it would have had to happen to be ripe, and not expired, by now."""
        latest = self.facts.now - self.trigger.wait
        expires = self.plan.expires
        if event.time > latest or (expires is not None and event.time + expires <= self.facts.now):
            return [latest]
        return []

    # ---- both

    def opening(self, patch: Patch, named: Named) -> list[Patch]:
        """The patch with what makes the event open an occurrence, as judged when it happened."""
        view = View(self.plan.name, named, in_past=True)
        conditions = [each for each in (self.trigger.where, self.trigger.when) if each is not None]
        goals = [Goal(condition, True, view) for condition in conditions]
        facts = self.solver.edited(self.facts, patch)
        if all(self.solver.holds(goal, facts) for goal in goals):
            return [patch]
        return [joined(patch, way) for way in self.solver.all_of(goals, facts, 3)]

    def awaited(self, patch: Patch, named: Named) -> Iterator[Patch]:
        """The patch and the time that its event still has to wait."""
        event = event_of(self.solver.edited(self.facts, patch), named)
        if event is not None and event.time + self.trigger.wait > self.facts.now:
            waiting: Patch = (Wait(event.time + self.trigger.wait),)
            yield from self.kept(joined(patch, waiting), named)

    def kept(self, patch: Patch, named: Named) -> Iterator[Patch]:
        """The patch, and with what cancels the occurrence taken away: by removal, or by another answer of its `where`."""
        yield patch
        unless, facts = self.trigger.unless, self.solver.edited(self.facts, patch)
        event = event_of(facts, named)
        if unless is None or event is None:
            return
        fetched: Patch = (Fetch("event", unless.event),) if is_hidden(facts, unless.event) else ()
        facts = self.solver.edited(facts, fetched)
        cancelling = self.cancelling(unless, facts, named, event)
        if fetched or cancelling:
            removed = tuple(RemoveEvent(unless.event, each.id) for each in cancelling)
            yield joined(patch, fetched, removed)
        if unless.where is not None and cancelling:
            goals = [self.not_cancelled(unless.where, unless.event, each, named) for each in cancelling]
            yield from (joined(patch, fetched, way) for way in self.solver.all_of(goals, facts, 2))

    def cancelling(self, unless: ir.Unless, facts: Facts, named: Named, event: Event) -> list[Event]:
        after = [each for each in events_in(facts, unless.event) if event.time < each.time <= facts.now]
        if unless.where is None:
            return after
        where = unless.where
        return [
            each
            for each in after
            if not self.solver.holds(self.not_cancelled(where, unless.event, each, named), facts)
        ]

    def not_cancelled(self, where: ir.Expr, name: str, event: Event, trigger: Named) -> Goal:
        return Goal(where, False, View(self.plan.name, trigger, event=(name, event.id)))
