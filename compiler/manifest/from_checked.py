"""The rules that an entry point leads to: plans, their triggers, and the policies that they obey."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from compiler.checked import ir
from compiler.manifest.needs import EVER, Manifest, Reach, Retention
from compiler.manifest.walk import Needs, View

# ---- entry points


@dataclass(frozen=True, slots=True)
class OfCrowds:
    """Membership in crowds or lists of these names; in all crowds if None."""

    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class OfDecide:
    """The best plan of a decide."""

    name: str


@dataclass(frozen=True, slots=True)
class OfPlan:
    """All gates of one plan, outside of a decide."""

    name: str


@dataclass(frozen=True, slots=True)
class OfContact:
    """Whether a plan may contact the user: the gate *contactable* alone."""

    plan: str


@dataclass(frozen=True, slots=True)
class OfSend:
    """Whether a plan may contact the user, and what it sends."""

    plan: str


@dataclass(frozen=True, slots=True)
class OfChannel:
    """Whether a message that no plan describes may go out under these policies."""

    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfTrigger:
    """Which occurrences an event of this type opens."""

    event: str


@dataclass(frozen=True, slots=True)
class OfEvent:
    """Which occurrences an event of this type opens, and the best plan of a decide."""

    decide: str
    event: str


EntryPoint: TypeAlias = OfCrowds | OfDecide | OfPlan | OfContact | OfSend | OfChannel | OfTrigger | OfEvent


def manifest(ruleset: ir.RuleSet, entry: EntryPoint, *, keeping: bool = False) -> Manifest:
    """The facts that the entry point needs. Raises KeyError for a name that the rule set does not have.

    `keeping`: a store keeps open occurrences, triggers are judged as their events come in, and old events are folded into
    totals; else all is derived from the events.
    """
    needs = Needs(ruleset, keeping=keeping)
    _ENTRY[type(entry)](needs, entry)
    return needs.manifest()


def retention(ruleset: ir.RuleSet) -> Retention:
    """What a store has to keep for the rules, if it keeps open occurrences, judges triggers as their events come in, and folds
    what it drops."""
    needs = Needs(ruleset, keeping=True)
    _of_crowds(needs, OfCrowds())
    for decide in ruleset.decides.values():
        _decide(needs, decide)
    for plan in ruleset.plans.values():
        _plan(needs, plan)
    _policies(needs, ruleset.policies)
    return Retention(needs.reaches, needs.touches or Reach(), frozenset(needs.touched), needs.shapes)


# ---- plans


def _plan(needs: Needs, plan: ir.Plan) -> None:
    """All gates of a plan, and what it sends."""
    for need in (plan.audience, *plan.needs):
        needs.follow(None if need is None else need.condition)
    if plan.trigger is not None:
        _trigger(needs, plan, plan.trigger)
    _send(needs, plan)


def _send(needs: Needs, plan: ir.Plan) -> None:
    """The gate *contactable*, and what is sent."""
    for step in plan.steps:
        for _, argument in step.arguments:
            needs.follow(argument)
    _contact(needs, plan)


def _trigger(needs: Needs, plan: ir.Plan, trigger: ir.Trigger) -> None:
    """Any event so far may have opened an occurrence, and is judged in its own past. Where open ones are kept, none is older
    than the plan's `expires`."""
    past = Reach(plan.expires) if needs.keeping and plan.expires is not None else EVER
    needs.add_event(trigger.event, past)
    _opening(needs, trigger)
    if trigger.unless is not None:
        needs.add_event(trigger.unless.event, past)
        needs.follow(trigger.unless.where, View(event=trigger.unless.event, trigger=trigger.event))
    if plan.once is None:
        needs.add_touches_of(plan.activity, past)  # one of any age may have ended an occurrence
    elif plan.once.field is not None:
        needs.add_touches_of(plan.activity, past)
        needs.add_event(trigger.event, past, plan.once.field)


def _opening(needs: Needs, trigger: ir.Trigger) -> None:
    past = View(in_past=not needs.keeping, event=trigger.event, trigger=trigger.event)
    needs.follow(trigger.where, past)
    needs.follow(trigger.when, past)


def _of_trigger(needs: Needs, entry: OfTrigger) -> None:
    for plan in needs.ruleset.plans.values():
        if plan.trigger is not None and plan.trigger.event == entry.event:
            needs.add_event(entry.event, Reach())
            _opening(needs, plan.trigger)
            if plan.once is not None and plan.once.field is not None:
                needs.add_event(entry.event, Reach(), plan.once.field)
            if plan.trigger.unless is not None:
                needs.add_event(plan.trigger.unless.event, Reach())
                unless = View(event=plan.trigger.unless.event, trigger=entry.event)
                needs.follow(plan.trigger.unless.where, unless)


def _of_event(needs: Needs, entry: OfEvent) -> None:
    _of_trigger(needs, OfTrigger(entry.event))
    _decide(needs, needs.ruleset.decides[entry.decide])


def _contact(needs: Needs, plan: ir.Plan) -> None:
    """The gate *contactable*, and what its rules compute with."""
    for _, value in plan.lets:
        needs.follow(value)
    _policies(needs, plan.policies)
    _limits_of(needs, plan, plan)
    if plan.campaign is not None:
        campaign = needs.ruleset.campaigns[plan.campaign]
        _limits_of(needs, campaign, plan)
        _holdout(needs, campaign.holdout)


def _limits_of(needs: Needs, holder: ir.Plan | ir.Campaign, plan: ir.Plan) -> None:
    """`once` and the budget that a plan or its campaign holds."""
    if holder.once is not None:
        name = holder.activity if isinstance(holder, ir.Plan) else holder.name
        needs.add_touches_of(name, needs.period(holder.once.period))
    if holder.budget is not None:
        needs.budgets.add(holder.key)
        needs.follow(plan.terms.get("cost"))


def _decide(needs: Needs, decide: ir.Decide) -> None:
    for name in decide.plans:
        _plan(needs, needs.ruleset.plans[name])
    for name, rank in decide.rank.items():
        needs.follow(rank)
        for term in needs.ruleset.plans[name].terms.values():
            needs.follow(term)
    _holdout(needs, decide.holdout)
    if decide.at_most is not None:
        needs.add_touches(needs.period(ir.Calendar(decide.at_most.unit)))


def _holdout(needs: Needs, holdout: ir.Holdout | None) -> None:
    if holdout is not None:
        needs.add_user_id()


# ---- policies


def _policies(needs: Needs, obeyed: Iterable[str]) -> None:
    """Those obeyed, and the blocks of all."""
    for policy in needs.ruleset.policies.values():
        for group in policy.blocks:
            needs.follow(group.condition)
    for name in obeyed:
        policy = needs.ruleset.policies[name]
        for group in policy.allows:
            needs.follow(group.condition)
        for never in policy.nevers:
            needs.follow(never.condition)
        for limit in policy.limits:
            _LIMITS[type(limit)](needs, limit)


def _quiet(needs: Needs, limit: ir.Quiet) -> None:
    needs.add_zone()


def _cap(needs: Needs, limit: ir.Cap) -> None:
    needs.add_touches(needs.period(limit.period))


def _cooldown(needs: Needs, limit: ir.Cooldown) -> None:
    reach = Reach(limit.microseconds)
    if limit.event is None:
        needs.add_touches(reach)
    else:
        needs.add_event(limit.event, reach)


_LIMITS: dict[type[ir.Limit], Callable[[Needs, Any], None]] = {
    ir.Quiet: _quiet,
    ir.Cap: _cap,
    ir.Cooldown: _cooldown,
}


# ---- entry points to their rules


def _of_crowds(needs: Needs, entry: OfCrowds) -> None:
    for name in needs.ruleset.crowds if entry.names is None else entry.names:
        if name in needs.ruleset.lists:
            needs.lists.add(name)
        else:
            needs.follow(needs.ruleset.crowds[name].condition)


_ENTRY: dict[type[EntryPoint], Callable[[Needs, Any], None]] = {
    OfCrowds: _of_crowds,
    OfDecide: lambda needs, entry: _decide(needs, needs.ruleset.decides[entry.name]),
    OfPlan: lambda needs, entry: _plan(needs, needs.ruleset.plans[entry.name]),
    OfContact: lambda needs, entry: _contact(needs, needs.ruleset.plans[entry.plan]),
    OfSend: lambda needs, entry: _send(needs, needs.ruleset.plans[entry.plan]),
    OfChannel: lambda needs, entry: _policies(needs, entry.policies),
    OfTrigger: _of_trigger,
    OfEvent: _of_event,
}
