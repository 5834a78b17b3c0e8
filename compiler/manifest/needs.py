"""The facts that an entry point needs, and facts cut down to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from compiler.checked.ir import RuleSet
from compiler.facts import Event, Facts, Touch
from compiler.shapes import Shape, is_declared
from compiler.types import UNAVAILABLE, Unavailable
from compiler.wire.time_text import write_duration, write_instant


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back: instants in (now − `microseconds`, now], all if None; beside them those from `start` on."""

    microseconds: int | None = 0
    start: int | None = None

    def since(self, now: int) -> int | None:
        """Needed is what is later than this instant; None is all of history."""
        if self.microseconds is None:
            return None
        rolling = now - self.microseconds
        return rolling if self.start is None else min(rolling, self.start - 1)

    def joined(self, other: Reach) -> Reach:
        """As far back as either."""
        if self.microseconds is None or other.microseconds is None:
            return EVER
        starts = [start for start in (self.start, other.start) if start is not None]
        return Reach(max(self.microseconds, other.microseconds), min(starts, default=None))

    def as_json(self) -> dict[str, str]:
        """`{"within": "3600s", "from": "1997-01-01T00:00:00Z"}`; empty for all of history."""
        if self.microseconds is None:
            return {}
        rolling = {"within": write_duration(self.microseconds)}
        return rolling if self.start is None else {**rolling, "from": write_instant(self.start)}


EVER: Final = Reach(None)


@dataclass(frozen=True, slots=True)
class Retention:
    """What has to be kept, how far back from now.

    `events`: by type. `touches`: those of every activity; `touched`: activities and campaigns of which all are.
    `shapes`: by name, those into which events are folded that are not kept.
    """

    events: Mapping[str, Reach] = field(default_factory=dict)
    touches: Reach = Reach()
    touched: frozenset[str] = frozenset()
    shapes: Mapping[str, Shape] = field(default_factory=dict)

    def joined(self, other: Retention) -> Retention:
        """What either has to have."""
        common = {
            name: self.events[name].joined(other.events[name]) for name in self.events.keys() & other.events
        }
        return Retention(
            {**self.events, **other.events, **common},
            self.touches.joined(other.touches),
            self.touched | other.touched,
            {**self.shapes, **other.shapes},
        )


@dataclass(frozen=True, slots=True)
class EventNeed:
    """Of one event type: how far back, and which fields."""

    reach: Reach
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts that an entry point looks at.

    `attributes`, `inputs`, `lists`: names. `events`: by name. `totals`: names of shapes. `touches`: how far back, those of held-out decisions
    too; None is not at all. `budgets`: owners, such as `plan x`. `zone`: whether local time plays a part; the
    attribute that holds the user's zone is then among the attributes.
    """

    attributes: frozenset[str]
    inputs: frozenset[str]
    events: Mapping[str, EventNeed]
    totals: frozenset[str]
    lists: frozenset[str]
    touches: Reach | None
    budgets: frozenset[str]
    zone: bool

    def joined(self, other: Manifest) -> Manifest:
        """What either looks at."""
        return Manifest(
            self.attributes | other.attributes,
            self.inputs | other.inputs,
            {
                name: joined_needs(self.events.get(name), other.events.get(name))
                for name in {**self.events, **other.events}
            },
            self.totals | other.totals,
            self.lists | other.lists,
            other.touches if self.touches is None else self.touches.joined(other.touches or self.touches),
            self.budgets | other.budgets,
            self.zone or other.zone,
        )

    def within(self, ruleset: RuleSet) -> Manifest:
        """As far as a rule set declares it."""
        events = {
            name: EventNeed(need.reach, need.fields & ruleset.events[name].fields.keys())
            for name, need in self.events.items()
            if name in ruleset.events
        }
        holders = {each.key for each in (*ruleset.plans.values(), *ruleset.campaigns.values())}
        return replace(
            self,
            attributes=self.attributes & ruleset.attributes.keys(),
            inputs=self.inputs & ruleset.inputs.keys(),
            events=events,
            totals=frozenset(shape for shape in self.totals if is_declared(ruleset, shape)),
            lists=self.lists & ruleset.lists.keys(),
            budgets=self.budgets & holders,
        )

    def cut(self, facts: Facts) -> Facts:
        """The facts without what is not needed; what is known of the request and of control groups stays."""
        return replace(
            facts,
            user=_among(self.attributes, facts.user),
            input=_among(self.inputs, facts.input),
            events={
                name: _cut_events(facts, name, need)
                for name, need in self.events.items()
                if name in facts.events
            },
            known_since=_among(self.events, facts.known_since),
            totals=_among(self.totals, facts.totals),
            lists=_among(self.lists, facts.lists),
            touches=_cut_touches(facts.touches, self.touches, facts.now),
            shadow=_cut_touches(facts.shadow, self.touches, facts.now),
            budgets=self._cut_budgets(facts.budgets),
        )

    def _cut_budgets(self, budgets: Mapping[str, int] | Unavailable) -> Mapping[str, int] | Unavailable:
        if budgets is UNAVAILABLE:
            return UNAVAILABLE if self.budgets else {}
        return _among(self.budgets, budgets)

    def as_json(self) -> dict[str, Any]:
        """For people and programs: names in order, reaches as `Reach.as_json` has them."""
        events = {
            name: {**need.reach.as_json(), "fields": sorted(need.fields)}
            for name, need in sorted(self.events.items())
        }
        return {
            "attributes": sorted(self.attributes),
            "inputs": sorted(self.inputs),
            "events": events,
            "totals": sorted(self.totals),
            "lists": sorted(self.lists),
            "touches": None if self.touches is None else self.touches.as_json(),
            "budgets": sorted(self.budgets),
            "zone": self.zone,
        }


def joined_needs(one: EventNeed | None, other: EventNeed | None) -> EventNeed:
    first, second = one or other, other or one
    assert first is not None and second is not None
    return EventNeed(first.reach.joined(second.reach), first.fields | second.fields)


Kept = TypeVar("Kept")


def _among(names: Collection[str], known: Mapping[str, Kept]) -> dict[str, Kept]:
    return {name: value for name, value in known.items() if name in names}


def _cut_events(facts: Facts, name: str, need: EventNeed) -> tuple[Event, ...] | Unavailable:
    events = facts.events[name]
    if events is UNAVAILABLE:
        return UNAVAILABLE
    since = need.reach.since(facts.now)
    return tuple(
        Event(event.time, event.id, _among(need.fields, event.fields))
        for event in events
        if since is None or event.time > since
    )


def _cut_touches(
    touches: tuple[Touch, ...] | Unavailable, reach: Reach | None, now: int
) -> tuple[Touch, ...] | Unavailable:
    if reach is None:
        return ()
    since = reach.since(now)
    if touches is UNAVAILABLE or since is None:
        return touches
    return tuple(touch for touch in touches if touch.time > since)
