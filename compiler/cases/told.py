"""Facts about one user as lines of a test: the way back of `story`.

What the language has no line for is left out, and said; whether the answer is still the same, playing the test tells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from compiler.cases.constants import NOWHERE, Unsayable, constant, moment, name, ref, text
from compiler.checked import ir
from compiler.facts import Event, Facts, Total, Touch
from compiler.interpret.occurrences import State, occurrence_id, occurrences
from compiler.interpret.scene import Scene, scene_of
from compiler.shapes import place_of
from compiler.types import MISSING, UNAVAILABLE, Unavailable, Value, money
from dsl import ast

Line = tuple[int, str, Callable[[], ast.Clause]]
"""When it happened, what, and who tells it."""


def zone_of(ruleset: ir.RuleSet, user: Mapping[str, Value]) -> str:
    """The zone in which the instants of a test with these attributes are read; see `from_ast.zone_of`."""
    attribute = ruleset.attributes.get(ruleset.user_zone or "")
    zone = None if attribute is None else user.get(attribute.name, attribute.default)
    return zone if isinstance(zone, str) else ruleset.settings.zone


@dataclass
class Telling:
    """`left_out` says what no line tells, in the order found."""

    ruleset: ir.RuleSet
    facts: Facts
    attributes: Collection[str]
    inputs: Collection[str]
    """What is known: a field that is not there although it has a default is said to be missing."""
    left_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = {**dict.fromkeys(self.attributes, MISSING), **self.facts.user}
        self.input = {**dict.fromkeys(self.inputs, MISSING), **self.facts.input}
        self.zone = zone_of(self.ruleset, self.user)
        happened = ((kind, each) for kind, events in self.facts.events.items() for each in self.seen(events))
        self.events = sorted(happened, key=lambda each: (each[1].time, each[1].id, each[0]))
        length = len(str(len(self.events)))
        self.ids = {(kind, each.id): f"e{n:0{length}}" for n, (kind, each) in enumerate(self.events, 1)}
        self.plans = {plan.activity: plan for plan in self.ruleset.plans.values()}

    def clauses(self) -> Iterator[ast.Clause]:
        """All that is known up to now, in the order of time, and `now`."""
        yield ast.GivenUser(NOWHERE, tuple(self.entries("user", self.ruleset.attributes, self.user)))
        if entries := tuple(self.entries("input", self.ruleset.inputs, self.input)):
            yield ast.GivenInput(NOWHERE, entries)
        yield from self.lists()
        yield from self.horizons()
        yield from self.stores()
        yield from self.timeline()
        yield from self.occurrences()
        yield from self.used()
        yield ast.Now(NOWHERE, moment(self.facts.now, self.zone))

    def seen(self, happened: object) -> Iterator[Event]:
        events = happened if isinstance(happened, tuple) else ()
        return (each for each in events if each.time <= self.facts.now)

    def without(self, what: str, why: object) -> None:
        self.left_out.append(f"{what}: {why}")

    # ---- the user and the request

    def entries(
        self, scope: str, declared: Mapping[str, ir.FieldDef], values: Mapping[str, Value]
    ) -> Iterator[ast.Entry]:
        """What is not so by default."""
        for field_ in declared.values():
            value = values.get(field_.name, field_.default)
            if value == field_.default and type(value) is type(field_.default):
                continue
            try:
                yield ast.Entry(NOWHERE, name(field_.name), constant(field_.type, value, self.zone))
            except Unsayable as why:
                self.without(f"`{scope}.{field_.name}` is left out", why)

    # ---- lists, histories, stores

    def lists(self) -> Iterator[ast.Clause]:
        for list_, holds in self.facts.lists.items():
            if holds is UNAVAILABLE:
                yield ast.GivenUnavailable(NOWHERE, ref(list_))
            elif holds:
                yield ast.GivenMember(NOWHERE, ref(list_), False)
        yield from (ast.GivenHeldOut(NOWHERE, ref(each)) for each in sorted(self.facts.held_out or ()))

    def horizons(self) -> Iterator[ast.Clause]:
        for kind, since in self.facts.known_since.items():
            try:
                yield ast.GivenKnownSince(NOWHERE, ref(kind), moment(since, self.zone))
            except Unsayable as why:
                self.without(f"how far back `{kind}` is known is left out", why)
        for kind in sorted(
            {place_of(shape)[0] for shape, total in self.facts.totals.items() if total != Total()}
        ):
            self.without(f"old events `{kind}` are left out", "there is a total of them, which no line tells")

    def stores(self) -> Iterator[ast.Clause]:
        kinds = [kind for kind, events in self.facts.events.items() if events is UNAVAILABLE]
        touches = self.facts.touches, self.facts.shadow
        stores = ["touches"] if UNAVAILABLE in touches else []
        stores += ["budgets"] if self.facts.budgets is UNAVAILABLE else []
        yield from (ast.GivenUnavailable(NOWHERE, ref(each)) for each in (*kinds, *stores))
        if UNAVAILABLE in touches and touches != (UNAVAILABLE, UNAVAILABLE):
            self.without("contacts cannot be read", "in a test that holds for those of control groups, too")

    # ---- what happened

    def timeline(self) -> Iterator[ast.Clause]:
        """Events and contacts, one after the other."""
        lines: list[Line] = [
            (event.time, kind, partial(self.happens, kind, event)) for kind, event in self.events
        ]
        lines += self.contacts(self.facts.touches, False)
        lines += self.contacts(self.facts.shadow, True)
        for _, what, tell in sorted(lines, key=lambda line: line[0]):
            try:
                yield tell()
            except Unsayable as why:
                self.without(f"`{what}` is left out", why)

    def happens(self, kind: str, event: Event) -> ast.Clause:
        fields = self.ruleset.events[kind].fields
        entries = tuple(self.entries(kind, fields, dict.fromkeys(fields, MISSING) | dict(event.fields)))
        return ast.Happens(NOWHERE, ref(kind), entries, moment(event.time, self.zone))

    def contacts(self, touches: tuple[Touch, ...] | Unavailable, held_out: bool) -> list[Line]:
        known = () if touches is UNAVAILABLE else touches
        return [
            (each.time, each.activity, partial(self.contact, each, held_out))
            for each in known
            if each.time <= self.facts.now
        ]

    def contact(self, touch: Touch, held_out: bool) -> ast.Clause:
        plan = self.plan_like(touch)
        tags = None if touch.tags == plan.tags else tuple(name(tag) for tag in sorted(touch.tags))
        time = moment(touch.time, self.zone)
        key = self.key(plan, touch)
        if key is None and self.is_shared(touch):
            raise Unsayable("it is one message with another contact, and of an event that is not told")
        return ast.GivenSent(NOWHERE, name(touch.channel), ref(plan.name), key, tags, time, held_out)

    def is_shared(self, touch: Touch) -> bool:
        """Whether it completes another contact's message, or is completed by another."""
        known = [each for each in (self.facts.touches, self.facts.shadow) if each is not UNAVAILABLE]
        return touch.completes is not None or any(
            each.completes == touch.occurrence for touches in known for each in touches
        )

    def plan_like(self, touch: Touch) -> ir.Plan:
        """The plan of the touch, or one whose contacts count alike; raises Unsayable if there is none."""
        if touch.channel not in channels(self.ruleset):
            raise Unsayable(f"no plan or policy knows its channel `{touch.channel}`")
        own = self.plans.get(touch.activity)
        candidates = [own] if own else list(self.ruleset.plans.values())
        for plan in candidates:
            if (plan.counts, plan.campaign) == (touch.counted, touch.campaign):
                if own is None:
                    self.without(f"a contact by `{touch.activity}`", f"told as one by `{plan.name}`")
                return plan
        raise Unsayable("no plan of these rules makes such a contact")

    def key(self, plan: ir.Plan, touch: Touch) -> ast.Expr | None:
        """What it was sent for, if that is an occurrence of the events told."""
        if plan.trigger is None or (plan.once is not None and plan.once.field is None):
            return None
        scene = scene_of(self.ruleset, self.facts)
        for kind, event in self.events:
            if kind == plan.trigger.event and occurrence_id(plan, event, scene) == touch.occurrence:
                return self.key_of(plan, kind, event)
        return None

    def key_of(self, plan: ir.Plan, kind: str, event: Event) -> ast.Expr:
        if plan.once is None:
            return text(self.ids[kind, event.id])
        assert plan.once.field is not None
        value = event.fields.get(plan.once.field, MISSING)
        if value is MISSING:
            raise Unsayable(f"it was sent for an event without `{plan.once.field}`")
        return constant(self.ruleset.events[kind].fields[plan.once.field].type, value, self.zone)

    def occurrences(self) -> Iterator[ast.Clause]:
        """Where a store kept which are open: those that the events alone would tell otherwise."""
        if self.facts.opened is None:
            return
        scene = scene_of(self.ruleset, replace(self.facts, opened=None))
        for plan in self.ruleset.plans.values():
            if plan.trigger is None:
                continue
            kept = {each.event_id for each in self.facts.opened if each.plan == plan.name}
            for id in sorted(alive(plan, plan.trigger, scene) ^ kept):
                if event := self.ids.get((plan.trigger.event, id)):
                    name = ast.Text(NOWHERE, event)
                    yield ast.GivenOccurrence(NOWHERE, ref(plan.name), id in kept, name)

    def used(self) -> Iterator[ast.Clause]:
        budgets = {} if self.facts.budgets is UNAVAILABLE else self.facts.budgets
        for owner, amount in budgets.items():
            kind, _, holder = owner.partition(" ")
            budget = (self.ruleset.plans if kind == "plan" else self.ruleset.campaigns)[holder].budget
            if budget is not None and amount:
                yield ast.GivenUsed(NOWHERE, amount_of(budget, amount, self.zone), ref(holder))


def alive(plan: ir.Plan, trigger: ir.Trigger, scene: Scene) -> set[str]:
    """Events that opened something for the plan that no contact ended."""
    found = occurrences(plan, trigger, scene)
    return (
        set() if found is UNAVAILABLE else {each.event_id for each in found if each.state is not State.ENDED}
    )


def amount_of(budget: ir.Budget, amount: int, zone: str) -> ast.Amount:
    if budget.currency is None:
        return ast.Amount(NOWHERE, Decimal(amount), None, str(amount))
    written = constant(money(budget.currency), amount, zone)
    assert isinstance(written, ast.Literal) and isinstance(written.value, ast.Amount)
    return written.value


def channels(ruleset: ir.RuleSet) -> frozenset[str]:
    """A channel is declared by being used."""
    steps = {step.channel for plan in ruleset.plans.values() for step in plan.steps}
    limits = {
        limit.channel
        for policy in ruleset.policies.values()
        for limit in (*policy.limits, *policy.nevers)
        if isinstance(limit, ir.Cap | ir.Never) and limit.channel
    }
    return frozenset(steps | limits)
