"""Somebody slightly else: one thing about them moved, mostly to where the rules may change their minds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from compiler.checked import ir
from compiler.explain.change.edits import inserted
from compiler.facts import Event, Facts, Touch
from compiler.interpret.occurrences import occurrence_id
from compiler.interpret.scene import scene_of
from compiler.types import MISSING, UNAVAILABLE, Type, Value
from compiler.witness.boundaries import SECOND
from compiler.witness.world import Limit, World

ABSENT = 0.15
"""How often a value is not there."""
MOST_EVENTS = 12
FOR_THE_USER, FORGOTTEN = "user", "earlier"
"""What contacts were for: the user, of whom there is one; something of which nothing is known any more."""


# ---- steps

Step = Callable[["Stepper", Facts], Facts]


@dataclass(slots=True)
class Stepper:
    """Chance, and what there is to choose from. `fresh` counts the events and contacts made."""

    world: World
    random: Random
    fresh: int = field(default=0)

    def step(self, person: Facts) -> Facts:
        """One to four steps; some lead nowhere."""
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 4))):
            person = self.random.choices(STEPS, WEIGHTS)[0](self, person)
        return person

    def value(self, type_: Type) -> Value:
        if self.random.random() < ABSENT:
            return self.random.choice((MISSING, MISSING, MISSING, UNAVAILABLE))
        return self.world.boundaries.value(type_, self.random)

    def event(self, kind: str, time: int, person: Facts) -> Event:
        self.fresh += 1
        fields = {name: self.field(each, person) for name, each in self.world.events[kind].items()}
        return Event(time, f"n{self.fresh}", fields)

    def field(self, declared: ir.FieldDef, person: Facts) -> Value:
        """Often what another event has in a field of that name, as some are tied together by one."""
        others = [
            each.fields[declared.name]
            for events in person.events.values()
            if events is not UNAVAILABLE
            for each in events
            if declared.name in each.fields
        ]
        if others and self.random.random() < 0.4:
            return self.random.choice(others)
        found = self.value(declared.type)
        return MISSING if found is UNAVAILABLE else found

    def ago(self, person: Facts) -> int:
        """Before now, or before something that happened."""
        found = self.happened(person) if self.random.random() < 0.4 else None
        return (found[1].time if found else person.now) - self.world.boundaries.age(self.random)

    def happened(self, person: Facts) -> tuple[str, Event] | None:
        known = list(happened(person))
        return self.random.choice(known) if known else None


def attribute(stepper: Stepper, person: Facts) -> Facts:
    name, declared = stepper.random.choice(list(stepper.world.attributes.items()) or [("", None)])
    return replace(person, user={**person.user, name: stepper.value(declared.type)}) if declared else person


def asked_with(stepper: Stepper, person: Facts) -> Facts:
    name, declared = stepper.random.choice(list(stepper.world.inputs.items()) or [("", None)])
    return replace(person, input={**person.input, name: stepper.value(declared.type)}) if declared else person


def another_event(stepper: Stepper, person: Facts) -> Facts:
    """A new one, or one or more like one that happened."""
    kinds, like = list(stepper.world.events), stepper.happened(person)
    if (
        not kinds
        or sum(len(each) for each in person.events.values() if each is not UNAVAILABLE) > MOST_EVENTS
    ):
        return person
    if like is None or stepper.random.random() < 0.5:
        kind = stepper.random.choice(kinds)
        return with_event(person, kind, stepper.event(kind, stepper.ago(person), person))
    kind, event = like
    for _ in range(stepper.random.choice((1, 1, 2))):
        stepper.fresh += 1
        person = with_event(person, kind, replace(event, id=f"n{stepper.fresh}"))
    return person


def event_gone(stepper: Stepper, person: Facts) -> Facts:
    found = stepper.happened(person)
    return without_event(person, *found) if found else person


def event_moved(stepper: Stepper, person: Facts) -> Facts:
    found = stepper.happened(person)
    if found is None:
        return person
    kind, event = found
    near = stepper.random.choice((event.time - SECOND, event.time + SECOND))
    time = stepper.random.choice((stepper.ago(person), stepper.ago(person), near))
    return instead(person, kind, event, replace(event, time=time))


def field_changed(stepper: Stepper, person: Facts) -> Facts:
    found = stepper.happened(person)
    if found is None or not stepper.world.events[found[0]]:
        return person
    kind, event = found
    declared = stepper.random.choice(list(stepper.world.events[kind].values()))
    fields = {**event.fields, declared.name: stepper.field(declared, person)}
    return instead(person, kind, event, replace(event, fields=fields))


def contacts(stepper: Stepper, person: Facts) -> Facts:
    """About as many as some limit allows, at the edge of its span or within it."""
    if not stepper.world.limits or person.touches is UNAVAILABLE:
        return person
    limit = stepper.random.choice(stepper.world.limits)
    made = [
        touch(stepper, person, limit, contacted(stepper, person, limit))
        for _ in range(max(1, min(limit.most, 8) + stepper.random.choice((-1, 0, 0, 1))))
    ]
    kept = person.touches if stepper.random.random() < 0.5 else ()
    return replace(person, touches=in_order((*kept, *made)))


def contacted(stepper: Stepper, person: Facts, limit: Limit) -> int:
    """At the edge of the limit's span, or at an instant that some version takes for the edge of a day."""
    edge = stepper.world.boundaries.now(stepper.random)
    if edge <= person.now and stepper.random.random() < 0.25:
        return edge
    ages = (SECOND, limit.span // 2, limit.span - SECOND, limit.span, limit.span + SECOND)
    return person.now - stepper.random.choice(ages)


def touch(stepper: Stepper, person: Facts, limit: Limit, time: int) -> Touch:
    plan = stepper.random.choice(limit.plans)
    steps = [step.channel for step in plan.steps if limit.channel in (None, step.channel)]
    channel = stepper.random.choice(steps or [plan.steps[0].channel])
    occurrence = served(stepper, person, plan)
    completes = plan.completed(occurrence)
    return Touch(time, plan.activity, channel, plan.tags, plan.counts, plan.campaign, occurrence, completes)


def served(stepper: Stepper, person: Facts, plan: ir.Plan) -> str:
    """What it was sent for: often something that happened, else something long forgotten."""
    events = person.events.get(plan.trigger.event, ()) if plan.trigger else ()
    if plan.once is not None and plan.once.field is None:
        return f"{plan.activity}/{FOR_THE_USER}"
    if events and events is not UNAVAILABLE and stepper.random.random() < 0.5:
        scene = scene_of(stepper.world.boundaries.versions[-1], person)
        return occurrence_id(plan, stepper.random.choice(events), scene)
    return f"{plan.activity}/{FORGOTTEN}"


def contact_gone(stepper: Stepper, person: Facts) -> Facts:
    if person.touches is UNAVAILABLE or not person.touches:
        return person
    gone = stepper.random.choice(person.touches)
    return replace(person, touches=tuple(each for each in person.touches if each is not gone))


def another_time(stepper: Stepper, person: Facts) -> Facts:
    """Everything that happened goes along, or stays."""
    now = stepper.random.choice(
        (stepper.world.boundaries.now(stepper.random), person.now + SECOND, person.now - SECOND)
    )
    return shifted(person, now - person.now) if stepper.random.random() < 0.7 else replace(person, now=now)


def shifted(person: Facts, by: int) -> Facts:
    """The same, at another time."""
    events = {
        kind: each if each is UNAVAILABLE else tuple(replace(one, time=one.time + by) for one in each)
        for kind, each in person.events.items()
    }
    touches = person.touches
    moved = (
        touches if touches is UNAVAILABLE else tuple(replace(each, time=each.time + by) for each in touches)
    )
    return replace(person, now=person.now + by, events=events, touches=moved)


def listed(stepper: Stepper, person: Facts) -> Facts:
    if not stepper.world.lists:
        return person
    name = stepper.random.choice(stepper.world.lists)
    return replace(
        person, lists={**person.lists, name: stepper.random.choice((True, True, False, UNAVAILABLE))}
    )


def budget_used(stepper: Stepper, person: Facts) -> Facts:
    if not stepper.world.budgets or person.budgets is UNAVAILABLE:
        return person
    owner, near = stepper.random.choice(list(stepper.world.budgets.items()))
    return replace(person, budgets={**person.budgets, owner: stepper.random.choice(near)})


def held_out(stepper: Stepper, person: Facts) -> Facts:
    if not stepper.world.holdouts:
        return person
    return replace(
        person, held_out=(person.held_out or frozenset()) ^ {stepper.random.choice(stepper.world.holdouts)}
    )


def nothing_open(stepper: Stepper, person: Facts) -> Facts:
    """A store kept no occurrence; or nobody kept any, so that events tell."""
    return replace(person, opened=() if person.opened is None else None)


def another_user(stepper: Stepper, person: Facts) -> Facts:
    """Whom shares and control groups take or leave, by the name."""
    key = stepper.world.user_key
    if not stepper.world.users or key is None:
        return person
    return replace(
        person, user={**person.user, key: stepper.random.choice(stepper.world.users)}, held_out=None
    )


def out_of_reach(stepper: Stepper, person: Facts) -> Facts:
    """Events that cannot be read, or whose history is too short; contacts and budgets."""
    kinds = list(stepper.world.events)
    way = stepper.random.random()
    if kinds and way < 0.4:
        return replace(person, events={**person.events, stepper.random.choice(kinds): UNAVAILABLE})
    if kinds and way < 0.8:
        return replace(
            person, known_since={**person.known_since, stepper.random.choice(kinds): stepper.ago(person)}
        )
    return (
        replace(person, touches=UNAVAILABLE, shadow=UNAVAILABLE)
        if way < 0.9
        else replace(person, budgets=UNAVAILABLE)
    )


def happened(person: Facts) -> Iterator[tuple[str, Event]]:
    for kind, events in person.events.items():
        yield from ((kind, each) for each in (() if events is UNAVAILABLE else events))


def instead(person: Facts, kind: str, event: Event, other: Event) -> Facts:
    return with_event(without_event(person, kind, event), kind, other)


def with_event(person: Facts, kind: str, event: Event) -> Facts:
    known = person.events.get(kind, ())
    if known is UNAVAILABLE:
        return person
    return replace(person, events={**person.events, kind: inserted(known, event)})


def without_event(person: Facts, kind: str, event: Event) -> Facts:
    known = person.events.get(kind, ())
    if known is UNAVAILABLE:
        return person
    left = tuple(each for each in known if each is not event)
    return replace(person, events={**person.events, kind: left})


def in_order(touches: Iterable[Touch]) -> tuple[Touch, ...]:
    return tuple(sorted(touches, key=lambda each: each.time))


WEIGHTED: Mapping[Step, int] = {
    attribute: 10,
    asked_with: 3,
    another_event: 8,
    event_gone: 4,
    event_moved: 8,
    field_changed: 10,
    contacts: 8,
    contact_gone: 2,
    another_time: 8,
    listed: 3,
    budget_used: 3,
    held_out: 1,
    another_user: 2,
    nothing_open: 1,
    out_of_reach: 1,
}
STEPS = tuple(WEIGHTED)
WEIGHTS = tuple(WEIGHTED.values())
