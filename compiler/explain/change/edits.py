"""What could be otherwise: one edit each of the facts, the request or, for a plan's worth, the rules."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import ClassVar, Literal

from compiler.calendar import same_period
from compiler.checked import ir
from compiler.checked.ir import RuleSet
from compiler.facts import Event, Facts, Opened, Touch
from compiler.shapes import place_of
from compiler.types import UNAVAILABLE, Type, Value

World = tuple[Facts, RuleSet]


@dataclass(frozen=True, slots=True)
class Edit:
    """`weight`: how much effort it is, beside others; among changes of equally many edits the lightest is the smallest."""

    weight: ClassVar[int]

    def apply(self, facts: Facts, ruleset: RuleSet) -> World:
        return self.on_facts(facts, ruleset), ruleset

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Wait(Edit):
    """Nothing but time goes by, up to an instant. Budgets of a calendar unit that is over by then begin anew."""

    weight: ClassVar[int] = 1
    until: int

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        if facts.budgets is UNAVAILABLE:
            return replace(facts, now=self.until)
        fresh = {owner for owner in facts.budgets if self._is_over(owner, facts.now, ruleset)}
        left = {owner: used for owner, used in facts.budgets.items() if owner not in fresh}
        return replace(facts, now=self.until, budgets=left)

    def _is_over(self, owner: str, now: int, ruleset: RuleSet) -> bool:
        """Whether the period of the owner's budget has ended between now and then."""
        budget = budget_of(owner, ruleset)
        if budget is None or budget.unit is None:
            return False
        settings = ruleset.settings
        return not same_period(settings.zone, budget.unit, now, self.until, settings.first_weekday)


@dataclass(frozen=True, slots=True)
class RaiseTerm(Edit):
    """A plan states more of a term (or less, of its cost): `by` in the run-time form of the term's type."""

    weight: ClassVar[int] = 2
    plan: str
    term: str
    by: int | float

    def apply(self, facts: Facts, ruleset: RuleSet) -> World:
        plan = ruleset.plans[self.plan]
        term = plan.terms[self.term]
        terms = {**plan.terms, self.term: raised(term, self.by, plan)}
        plans = {**ruleset.plans, plan.name: replace(plan, terms=terms)}
        version = hashlib.sha256(f"{ruleset.hash} {self}".encode()).hexdigest()
        return facts, replace(ruleset, plans=plans, hash=version)


def raised(term: ir.Expr, by: int | float, plan: ir.Plan) -> ir.Expr:
    return ir.Sum(term.type, (term, ir.Const(term.type, by)), ("+",), plan.span)


@dataclass(frozen=True, slots=True)
class SetAttribute(Edit):
    """An attribute, or a field of the input, has another value; MISSING clears it."""

    weight: ClassVar[int] = 3
    scope: Literal["user", "input"]
    name: str
    type: Type
    value: Value

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        values = {**(facts.user if self.scope == "user" else facts.input), self.name: self.value}
        return replace(facts, user=values) if self.scope == "user" else replace(facts, input=values)


@dataclass(frozen=True, slots=True)
class SetMember(Edit):
    """A list holds the user, or does not."""

    weight: ClassVar[int] = 4
    list: str
    holds: bool

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        return replace(facts, lists={**facts.lists, self.list: self.holds})


@dataclass(frozen=True, slots=True)
class AddEvent(Edit):
    """An event happened. `opens`: the plans of which a store that keeps occurrences would have kept one. `matters`: the
    fields whose value is needed, None where that was not looked into."""

    weight: ClassVar[int] = 5
    event: str
    id: str
    time: int
    fields: tuple[tuple[str, Value], ...]
    opens: tuple[str, ...] = ()
    matters: frozenset[str] | None = None

    @classmethod
    def of(cls, event: str, added: Event, opens: tuple[str, ...] = ()) -> AddEvent:
        return cls(event, added.id, added.time, tuple(sorted(added.fields.items())), opens)

    @property
    def added(self) -> Event:
        return Event(self.time, self.id, dict(self.fields))

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        changed = with_events(facts, self.event, inserted(events_in(facts, self.event), self.added))
        if facts.opened is None or not self.opens:
            return changed
        opened = tuple(Opened(plan, self.id) for plan in self.opens)
        return replace(changed, opened=(*facts.opened, *opened))


@dataclass(frozen=True, slots=True)
class MoveEvent(Edit):
    """An event happened at another instant."""

    weight: ClassVar[int] = 6
    event: str
    id: str
    time: int

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        events = events_in(facts, self.event)
        moved = next((each for each in events if each.id == self.id), None)
        if moved is None:
            return facts
        others = tuple(each for each in events if each is not moved)
        return with_events(facts, self.event, inserted(others, replace(moved, time=self.time)))


@dataclass(frozen=True, slots=True)
class SetField(Edit):
    """An event had another value in a field; MISSING clears it."""

    weight: ClassVar[int] = 6
    event: str
    id: str
    field: str
    type: Type
    value: Value

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        events = (
            replace(each, fields={**each.fields, self.field: self.value}) if each.id == self.id else each
            for each in events_in(facts, self.event)
        )
        return with_events(facts, self.event, tuple(events))


@dataclass(frozen=True, slots=True)
class RemoveEvent(Edit):
    """An event did not happen."""

    weight: ClassVar[int] = 7
    event: str
    id: str

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        left = tuple(each for each in events_in(facts, self.event) if each.id != self.id)
        return with_events(facts, self.event, left)


@dataclass(frozen=True, slots=True)
class DropTouch(Edit):
    """A contact had not been made. `shadow`: one of a held-out decision."""

    weight: ClassVar[int] = 8
    touch: Touch
    shadow: bool = False

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        touches = facts.shadow if self.shadow else facts.touches
        if touches is UNAVAILABLE or self.touch not in touches:
            return facts
        index = touches.index(self.touch)
        left = (*touches[:index], *touches[index + 1 :])
        return replace(facts, shadow=left) if self.shadow else replace(facts, touches=left)


@dataclass(frozen=True, slots=True)
class AddTouch(Edit):
    """A contact had been made."""

    weight: ClassVar[int] = 8
    touch: Touch

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        if facts.touches is UNAVAILABLE:
            return facts
        return replace(facts, touches=tuple(sorted((*facts.touches, self.touch), key=attrgetter("time"))))


@dataclass(frozen=True, slots=True)
class UseBudget(Edit):
    """Another part of a budget was used up: `used` is a count, or millionths of its currency."""

    weight: ClassVar[int] = 9
    owner: str
    used: int

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        if facts.budgets is UNAVAILABLE:
            return facts
        return replace(facts, budgets={**facts.budgets, self.owner: self.used})


@dataclass(frozen=True, slots=True)
class HoldOut(Edit):
    """Who is held out of campaigns and decides: exactly these hold the user out."""

    weight: ClassVar[int] = 10
    names: frozenset[str]

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        return replace(facts, held_out=self.names)


@dataclass(frozen=True, slots=True)
class Fetch(Edit):
    """What could not be had is there, and holds nothing new: all of an event type's history, `touches` or `budgets`."""

    weight: ClassVar[int] = 11
    what: Literal["event", "touches", "budgets"]
    event: str = ""

    def on_facts(self, facts: Facts, ruleset: RuleSet) -> Facts:
        if self.what == "budgets":
            return replace(facts, budgets={} if facts.budgets is UNAVAILABLE else facts.budgets)
        if self.what == "touches":
            touches = () if facts.touches is UNAVAILABLE else facts.touches
            return replace(facts, touches=touches, shadow=() if facts.shadow is UNAVAILABLE else facts.shadow)
        horizons = {name: since for name, since in facts.known_since.items() if name != self.event}
        known = {**facts.events, self.event: events_in(facts, self.event)}
        totals = {
            shape: replace(total, is_complete=True) if place_of(shape)[0] == self.event else total
            for shape, total in facts.totals.items()
        }
        return replace(facts, events=known, known_since=horizons, totals=totals)


def budget_of(owner: str, ruleset: RuleSet) -> ir.Budget | None:
    """The budget of a plan or campaign, by its key."""
    kind, _, name = owner.partition(" ")
    plan = ruleset.plans.get(name) if kind == "plan" else None
    campaign = ruleset.campaigns.get(name) if kind == "campaign" else None
    holder = plan or campaign
    return None if holder is None else holder.budget


def events_in(facts: Facts, event: str) -> tuple[Event, ...]:
    """The events of a type; none where they are unavailable."""
    events = facts.events.get(event, ())
    return () if events is UNAVAILABLE else events


def with_events(facts: Facts, event: str, events: tuple[Event, ...]) -> Facts:
    """The facts with other events of a type, in order; what is unavailable stays so."""
    if facts.events.get(event) is UNAVAILABLE:
        return facts
    return replace(facts, events={**facts.events, event: events})


def inserted(events: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
    """Events in order, with one more."""
    index = bisect_right(events, _order(event), key=_order)
    return (*events[:index], event, *events[index:])


_order = attrgetter("time", "id")
