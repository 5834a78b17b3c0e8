"""Single inputs that can be set to another value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from compiler.checked.ir import RuleSet
from compiler.explain.asked import Named, View, event_of
from compiler.explain.change.edits import Edit, MoveEvent, SetAttribute, SetField
from compiler.explain.change.readings import Reading
from compiler.facts import Facts
from compiler.types import INSTANT, UNAVAILABLE, Type, Value


@dataclass(frozen=True, slots=True)
class AttributeKnob:
    scope: Literal["user", "input"]
    name: str
    type: Type

    def current(self, facts: Facts) -> Value:
        return (facts.user if self.scope == "user" else facts.input).get(self.name)

    def turned(self, value: Value) -> Edit:
        return SetAttribute(self.scope, self.name, self.type, value)


@dataclass(frozen=True, slots=True)
class FieldKnob:
    """A field of an event that is among the facts."""

    event: Named
    field: str
    type: Type

    def current(self, facts: Facts) -> Value:
        event = event_of(facts, self.event)
        return None if event is None else event.fields.get(self.field)

    def turned(self, value: Value) -> Edit:
        return SetField(*self.event, self.field, self.type, value)


@dataclass(frozen=True, slots=True)
class TimeKnob:
    """When an event happened that is among the facts."""

    event: Named
    type: Type = INSTANT

    def current(self, facts: Facts) -> Value:
        event = event_of(facts, self.event)
        return None if event is None else event.time

    def turned(self, value: Value) -> Edit:
        assert isinstance(value, int), "an event has a time"
        return MoveEvent(*self.event, value)


Knob = AttributeKnob | FieldKnob | TimeKnob


def knobs(reading: Reading, view: View) -> Iterator[Knob]:
    """What a condition reads outside of aggregates: attributes, fields of the events that it looks at, and in the past
    the instant at which it is judged."""
    for (scope, name), type_ in reading.attributes.items():
        yield AttributeKnob("user" if scope == "user" else "input", name, type_)
    looked_at = view.event or (view.trigger if view.in_past else None)
    if looked_at is not None and not reading.uses:
        yield from (FieldKnob(looked_at, name, type_) for name, type_ in reading.event_fields.items())
    if view.trigger is not None:
        yield from (FieldKnob(view.trigger, name, type_) for name, type_ in reading.trigger_fields.items())
        if view.in_past and reading.reads_now:
            yield TimeKnob(view.trigger)


def id_knob(ruleset: RuleSet) -> AttributeKnob | None:
    """Who the user is."""
    key = ruleset.user_key
    return None if key is None else AttributeKnob("user", key, ruleset.attributes[key].type)


def is_absent(knob: Knob, facts: Facts) -> bool:
    value = knob.current(facts)
    return value is None or value is UNAVAILABLE
