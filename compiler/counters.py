"""The counter migration plan: what of two versions counts something, and whether it goes on or begins anew with the later one.

Contacts bear the name under which their plan was first published, its tags and its campaign as they were then; budgets are kept by
the name of their owner; control groups and samples go by share and salt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from compiler.checked import ir
from compiler.checked.invariants import parts_of
from compiler.manifest import Reach, retention
from compiler.named import Key, definitions
from dsl.source import Span

DAY = 86_400_000_000


class Effect(Enum):
    """On what was counted before."""

    KEEPS = "keeps"
    PART = "keeps a part"
    LOSES = "loses"
    BEGINS = "begins"


@dataclass(frozen=True, slots=True)
class Counter:
    """`rule` is a key of the later version, or of the earlier one where it is gone; `span` its line there, None where it has none."""

    rule: Key
    effect: Effect
    why: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a store keeps what no rule asks for, microseconds."""

    events: int
    contacts: int


Found = Iterator[Counter]


def counters(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> tuple[Counter, ...]:
    """In the order of the later version, for what is not counted just as it was."""
    return tuple(dict.fromkeys(each for check in CHECKS for each in check(before, after, kept)))


# ---- plans


def plans(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    known = {plan.activity: plan for plan in before.plans.values()}
    lasting = {plan.activity for plan in after.plans.values()}
    gone = [plan for plan in before.plans.values() if plan.activity not in lasting]
    for plan in after.plans.values():
        old = known.get(plan.activity)
        yield from newcomer(plan, gone) if old is None else went_on(plan, old)
    for plan in gone:
        why = "its contacts count for caps as before; what waits stays with the version that opened it"
        yield Counter(plan.key, Effect.KEEPS, why, plan.span)


def newcomer(plan: ir.Plan, gone: list[ir.Plan]) -> Found:
    """A plan with a name of its own."""
    alike = next((each.name for each in gone if each.steps == plan.steps), None)
    hint = f"; if it is `{alike}` under another name, write `plan {plan.name} was {alike}`" if alike else ""
    yield Counter(plan.key, Effect.BEGINS, f"no contact was made by it{hint}", plan.span)


def went_on(plan: ir.Plan, old: ir.Plan) -> Found:
    if plan.name != old.name:
        yield Counter(plan.key, Effect.KEEPS, f"it goes on with the contacts of `{old.name}`", plan.span)
        if plan.budget and old.budget:
            why = f"its budget was used up as that of `{old.name}`, and is whole again"
            yield Counter(plan.key, Effect.LOSES, why, plan.budget.span)
    yield from once(plan, old)
    yield from marks(plan, old)
    if plan.trigger is not None and (old.trigger is None or plan.trigger.event != old.trigger.event):
        why = f"a `{plan.trigger.event}` from before opens nothing for it"
        yield Counter(plan.key, Effect.BEGINS, why, plan.trigger.span)
    elif plan.trigger != old.trigger and plan.trigger is not None:
        why = "what waits stays with the version that opened it"
        yield Counter(plan.key, Effect.KEEPS, why, plan.trigger.span)


def once(plan: ir.Plan, old: ir.Plan) -> Found:
    if plan.once is None or plan.once == old.once:
        return
    field = old.once.field if old.once else None
    if plan.once.field is None or plan.once.field == field:
        why = "`once` counts the contacts made before, too"
        yield Counter(plan.key, Effect.KEEPS, why, plan.once.span)
    else:
        why = f"contacts made before were not for one `{plan.once.field}`, so each may come once more"
        yield Counter(plan.key, Effect.LOSES, why, plan.once.span)


def marks(plan: ir.Plan, old: ir.Plan) -> Found:
    """What contacts bear of their plan as it was when they were made."""
    for tag in sorted(plan.tags - old.tags):
        yield Counter(plan.key, Effect.LOSES, f"contacts made before are not tagged `{tag}`", plan.span)
    for tag in sorted(old.tags - plan.tags):
        yield Counter(plan.key, Effect.KEEPS, f"contacts made before stay tagged `{tag}`", plan.span)
    if plan.counts != old.counts:
        counted = "go on to count" if old.counts else "still do not count"
        yield Counter(plan.key, Effect.KEEPS, f"contacts made before {counted} for caps", plan.span)
    if plan.completes != old.completes:
        bear = f"complete `{old.completes}`" if old.completes else "complete nothing"
        yield Counter(plan.key, Effect.KEEPS, f"contacts made before {bear}", plan.span)
    if plan.campaign is not None and plan.campaign != old.campaign:
        why = f"contacts made before are none of campaign `{plan.campaign}`"
        yield Counter(plan.key, Effect.LOSES, why, plan.span)


# ---- budgets, control groups, samples


def budgets(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    known = {key: budget for key, budget in holders(before, "budget") if budget}
    for key, budget in holders(after, "budget"):
        old = known.get(key)
        if not budget or budget == old or (old is None and key not in owners(before)):
            continue
        if old is None:
            yield Counter(key, Effect.BEGINS, "nothing of its budget was used", budget.span)
        elif budget.currency != old.currency:
            was, now = (each.currency or "messages" for each in (old, budget))
            yield Counter(key, Effect.LOSES, f"its budget was counted in {was}, not in {now}", budget.span)
        else:
            yield Counter(key, Effect.KEEPS, "what was used in the period counts", budget.span)


def groups(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    known = {key: holdout for key, holdout in holders(before, "holdout") if holdout}
    for key, holdout in holders(after, "holdout"):
        old = known.get(key)
        if not holdout or holdout == old:
            continue
        if old is None:
            yield Counter(key, Effect.BEGINS, "nobody was in its control group", holdout.span)
        else:
            yield drawn(
                key, (old.share, old.salt), (holdout.share, holdout.salt), "its control group", holdout.span
            )


def samples(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    known = {each.key: shares(each) for each in definitions(before)}
    for definition in definitions(after):
        old, new = known.get(definition.key, []), shares(definition)
        for then, now in zip(old, new, strict=False):
            if then != now:
                yield drawn(
                    definition.key, (then.share, then.salt), (now.share, now.salt), "its sample", now.span
                )


def drawn(key: Key, old: tuple[object, str], new: tuple[object, str], what: str, span: Span) -> Counter:
    if old[1] != new[1]:
        return Counter(key, Effect.LOSES, f"{what} is drawn anew, as its salt is another", span)
    return Counter(key, Effect.KEEPS, f"{what} has the same users, and more or fewer", span)


def shares(definition: ir.Definition) -> list[ir.InShare]:
    return [each for each in parts_of(definition) if isinstance(each, ir.InShare)]


def holders(ruleset: ir.RuleSet, part: str) -> Iterator[tuple[Key, Any]]:
    """What campaigns, plans and decides hold of a kind, by their keys."""
    for each in definitions(ruleset):
        if hasattr(each, part):
            yield each.key, getattr(each, part)


def owners(ruleset: ir.RuleSet) -> set[Key]:
    return {each.key for each in definitions(ruleset)}


# ---- limits over time, and history


def limits(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    reach = retention(before).touches
    for policy in after.policies.values():
        old = before.policies.get(policy.name)
        for limit in policy.limits:
            span = looks_back(limit)
            if span is not None and not (old and limit in old.limits):
                yield counted(policy.key, limit.span, span, reach, kept)
    for decide in after.decides.values():
        there = before.decides.get(decide.name)
        if decide.at_most and (there is None or there.at_most != decide.at_most):
            why = "`at most` counts the contacts made before, too"
            yield Counter(decide.key, Effect.KEEPS, why, decide.at_most.span)


def looks_back(limit: ir.Limit) -> int | None:
    """How far a limit looks at contacts."""
    if isinstance(limit, ir.Cap):
        return limit.period.microseconds if isinstance(limit.period, ir.Rolling) else 0
    return limit.microseconds if isinstance(limit, ir.Cooldown) and limit.event is None else None


def counted(key: Key, span: Span, back: int, reach: Reach, kept: Kept) -> Counter:
    if reaches(reach, kept.contacts, back):
        return Counter(key, Effect.KEEPS, "it counts the contacts made before, too", span)
    return Counter(key, Effect.PART, f"contacts from more than {days(kept.contacts)} ago may be gone", span)


def reaches(reach: Reach, kept: int, back: int | None) -> bool:
    """Whether a store that keeps so much has all that is looked at."""
    if reach.microseconds is None:
        return True
    return back is not None and back <= max(reach.microseconds, kept)


def histories(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    was, now = retention(before), retention(after)
    there, wanted = was.events, now.events
    anew = {shape.event for name, shape in now.shapes.items() if name not in was.shapes}
    for name, event in after.events.items():
        if name not in before.events:
            why = f"of `{name}` nothing is known from before it is recorded first"
            yield Counter(f"event {name}", Effect.BEGINS, why)
            continue
        reach, needed = there.get(name, Reach()), wanted.get(name, Reach())
        looks_further = needed != reach and not reaches(reach, kept.events, needed.microseconds)
        if looks_further or (name in anew and reach.microseconds is not None):
            why = f"what is from more than {days(kept.events)} ago may be gone, and what looks there unknown"
            yield Counter(f"event {name}", Effect.PART, why)
        for field in event.fields.keys() - before.events[name].fields:
            why = f"those recorded before may have no `{field}`"
            yield Counter(f"event {name}", Effect.BEGINS, why)


def calendars(before: ir.RuleSet, after: ir.RuleSet, kept: Kept) -> Found:
    was, now = ((each.settings.zone, each.settings.first_weekday) for each in (before, after))
    if was != now:
        why = "days and weeks begin at another time, so the present ones are counted anew"
        yield Counter("settings", Effect.PART, why)


def days(microseconds: int) -> str:
    return f"{microseconds // DAY} days"


CHECKS: tuple[Callable[[ir.RuleSet, ir.RuleSet, Kept], Found], ...] = (
    calendars,
    histories,
    samples,
    limits,
    plans,
    budgets,
    groups,
)
