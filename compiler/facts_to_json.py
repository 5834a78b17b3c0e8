"""Facts as JSON, for records of decisions: the way back of `facts_from_json`. The form is in docs/language/facts.md.

`Reader(ruleset, recorded=True)` reads the facts that were written, where nothing was masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from compiler.checked.ir import FieldDef, RuleSet
from compiler.facts import Event, Facts, Touch
from compiler.types import MISSING, UNAVAILABLE, Type, Unavailable, Value
from compiler.wire.json_text import Json
from compiler.wire.marks import MASKED_MARK, UNAVAILABLE_MARK
from compiler.wire.parts import budget_types
from compiler.wire.time_text import write_instant
from compiler.wire.totals import write_total
from compiler.wire.writing import write_value

WriteField = Callable[[Value], Json]


class FactsWriter:
    """Writes facts that one rule set has typed. Made once for each rule set, as it prepares a writer for each field.

    `mask`: in the place of values of private fields, other than the user's key, stands `{"masked": true}`.
    """

    def __init__(self, ruleset: RuleSet, *, mask: bool) -> None:
        key = ruleset.user_key
        self._user = {name: _field(field, mask and name != key) for name, field in ruleset.attributes.items()}
        self._input = {name: _field(field, mask) for name, field in ruleset.inputs.items()}
        self._events = {
            name: {field.name: _field(field, mask) for field in event.fields.values()}
            for name, event in ruleset.events.items()
        }
        self._write_total = partial(write_total, ruleset.events, mask=mask)
        self._budgets = budget_types(ruleset)
        self._mask = mask
        self._public = public_fields(ruleset)

    def write(self, facts: Facts) -> dict[str, Json]:
        """The document; what goes without saying is left out."""
        parts: dict[str, Any] = {
            "user": _fields(self._user, facts.user),
            "input": _fields(self._input, facts.input),
            "events": [each for name in facts.events for each in self._write_events(name, facts)],
            "lists": [name for name, holds in facts.lists.items() if holds is True],
            "known_since": {name: write_instant(time) for name, time in facts.known_since.items()},
            "totals": {name: self._write_total(name, total) for name, total in facts.totals.items()},
            "touches": self._write_touches(facts.touches),
            "shadow": self._write_touches(facts.shadow),
            "budgets": _write_budgets(self._budgets, facts.budgets),
            "request_id": facts.request_id,
            "unavailable": [*_unavailable(facts.events), *_unavailable(facts.lists)],
        }
        document: dict[str, Json] = {"now": write_instant(facts.now)}
        document |= {name: part for name, part in parts.items() if part}
        if facts.opened is not None:
            document["opened"] = [{"plan": each.plan, "event_id": each.event_id} for each in facts.opened]
        if facts.held_out is not None:
            document["held_out"] = sorted(facts.held_out)
        return document

    def occurrence(self, occurrence: str) -> Json:
        """The occurrence of a touch or an answer; masked if a private field is its key."""
        _, _, key = occurrence.partition("/")
        field, is_field, _ = key.partition("=")
        return MASKED_MARK if self._mask and is_field and field not in self._public else occurrence

    def _write_events(self, name: str, facts: Facts) -> Iterator[Json]:
        events = facts.events[name]
        writers = self._events[name]
        for event in () if events is UNAVAILABLE else events:
            yield _event(name, event, _fields(writers, event.fields))

    def _write_touches(self, touches: tuple[Touch, ...] | Unavailable) -> Json:
        if touches is UNAVAILABLE:
            return UNAVAILABLE_MARK
        return [self._write_touch(touch) for touch in touches]

    def _write_touch(self, touch: Touch) -> Json:
        written: dict[str, Json] = {
            "time": write_instant(touch.time),
            "activity": touch.activity,
            "channel": touch.channel,
            "occurrence": self.occurrence(touch.occurrence),
        }
        if touch.tags:
            written["tags"] = sorted(touch.tags)
        if not touch.counted:
            written["counted"] = False
        if touch.campaign is not None:
            written["campaign"] = touch.campaign
        if touch.completes is not None:
            written["completes"] = self.occurrence(touch.completes)
        return written


def public_fields(ruleset: RuleSet) -> frozenset[str]:
    """Names of fields that are private in no event."""
    fields = [field for event in ruleset.events.values() for field in event.fields.values()]
    return frozenset(field.name for field in fields) - {field.name for field in fields if field.private}


def _field(field: FieldDef, mask: bool) -> WriteField:
    def masked(value: Value) -> Json:
        return write_value(field.type, value) if value is MISSING or value is UNAVAILABLE else MASKED_MARK

    return masked if mask and field.private else partial(write_value, field.type)


def _fields(writers: Mapping[str, WriteField], values: Mapping[str, Value]) -> dict[str, Json]:
    return {name: writers[name](value) for name, value in values.items() if value is not MISSING}


def _event(name: str, event: Event, fields: dict[str, Json]) -> Json:
    return {"event": name, "event_id": event.id, "time": write_instant(event.time), "fields": fields}


def _unavailable(known: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, value in known.items() if value is UNAVAILABLE)


def _write_budgets(types: Mapping[str, Type], budgets: Mapping[str, int] | Unavailable) -> Json:
    if budgets is UNAVAILABLE:
        return UNAVAILABLE_MARK
    return {owner: write_value(type, budgets[owner]) for owner, type in types.items() if owner in budgets}
