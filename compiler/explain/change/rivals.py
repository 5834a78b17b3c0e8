"""A rival brought down, so that the plan behind it comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from compiler.calendar import day_start_of
from compiler.explain.asked import View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.candidates import DAY, HOUR
from compiler.explain.change.edits import (
    AddTouch,
    HoldOut,
    RemoveEvent,
    UseBudget,
    Wait,
    events_in,
)
from compiler.explain.change.holdouts import held_out_by
from compiler.explain.change.patch import Patch
from compiler.explain.change.solver import Goal
from compiler.explain.change.terms import least_raise
from compiler.facts import Touch
from compiler.outcome import Gate, PlanOutcome
from compiler.types import UNAVAILABLE

MOST = 4
"""Patches of each kind."""
MOST_TRIED = 120
TERMS = (("cost", 1), ("value", -1), ("priority", -1))
TOUCHES = 4
"""Contacts that are added at most."""


def rival_patches(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    """Patches after which the rival may not send now, or ranks lower: no audience, no occurrence, a limit, a holdout."""
    for way in _WAYS:
        yield from _falling(bench, state, rival, way(bench, state, rival))


def later_patches(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    """Instants at which the plan would be chosen before the rival."""
    yield from _falling(bench, state, rival, _later(bench, state))


def _falling(bench: Bench, state: State, rival: PlanOutcome, found: Iterator[Patch]) -> Iterator[Patch]:
    few = islice(found, MOST_TRIED)
    yield from islice((patch for patch in few if falls(bench, state, rival.plan, patch)), MOST)


def falls(bench: Bench, state: State, rival: str, patch: Patch) -> bool:
    """Whether the rival is behind the plan then, and the plan no worse off."""
    after = bench.after(state, patch)
    stands = after.gate is Gate.HOLDOUT or (after.gate is Gate.CHOSEN and after.decision.plan != rival)
    return after.wins or stands


def _ineligible(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    plan = bench.ruleset.plans[rival.plan]
    needs = [need for need in (plan.audience, *plan.needs) if need is not None]
    goals = [Goal(need.condition, False, View(plan.name)) for need in needs]
    yield from bench.solver(state.patch).any_of(goals, state.facts, MOST)


def _irrelevant(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    trigger = bench.ruleset.plans[rival.plan].trigger
    if trigger is None:
        return
    name = trigger.event
    events = [event for event in events_in(state.facts, name) if event.time <= state.facts.now]
    patch: Patch = ()
    for event in reversed(events):
        yield (RemoveEvent(name, event.id),)
        patch = (*patch, RemoveEvent(name, event.id))
    if len(patch) > 1:
        yield patch


def _forbidden(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    """A prohibition on every channel of the rival's, or on one, if it has no other."""
    solver = bench.solver(state.patch)
    for policy in bench.ruleset.plans[rival.plan].policies:
        for never in bench.ruleset.policies[policy].nevers:
            yield from solver.patches(Goal(never.condition, True), state.facts, 2)


def _sent_already(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    """The rival sent as often as limits allow it."""
    plan = bench.ruleset.plans[rival.plan]
    for step in plan.steps:
        patch: Patch = ()
        for number in range(TOUCHES):
            touch = Touch(
                state.facts.now - number,
                plan.activity,
                step.channel,
                plan.tags,
                plan.counts,
                plan.campaign,
                rival.occurrence or "",
                plan.completed(rival.occurrence or ""),
            )
            patch = (*patch, AddTouch(touch))
            yield patch


def _spent(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    plan = bench.ruleset.plans[rival.plan]
    campaign = None if plan.campaign is None else bench.ruleset.campaigns[plan.campaign]
    for holder in (plan, campaign):
        if holder is not None and holder.budget is not None:
            yield (UseBudget(holder.key, holder.budget.amount),)
            yield (UseBudget(holder.key, holder.budget.amount + 1),)  # where one send costs nothing


def _held_out(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    campaign = bench.ruleset.plans[rival.plan].campaign
    if campaign is not None and bench.ruleset.campaigns[campaign].holdout is not None:
        yield (HoldOut(held_out_by(bench.whole, state.facts) | {campaign}),)


def _dearer(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    """The rival costs more, or is worth less, by as much as puts it behind."""
    own: Any = state.outcome.rank
    if own is None or own is UNAVAILABLE or rival.plan not in bench.decide.rank:
        return
    listed = bench.decide.plans
    is_first = listed.index(bench.plan.name) < listed.index(rival.plan)
    behind: Callable[[Any], bool] = (lambda rank: rank <= own) if is_first else (lambda rank: rank < own)
    raised = least_raise(bench, state, bench.ruleset.plans[rival.plan], TERMS, behind)
    if raised is not None:
        yield (raised,)


def _later(bench: Bench, state: State) -> Iterator[Patch]:
    """The next hours and days."""
    now = state.facts.now
    today = day_start_of(bench.ruleset.settings.zone, now)
    hours = [today + hours * HOUR for hours in range(1, 48)]
    yield from ((Wait(at),) for at in (*hours, *(today + days * DAY for days in range(2, 60))) if at > now)


_WAYS: tuple[Callable[[Bench, State, PlanOutcome], Iterator[Patch]], ...] = (
    _ineligible,
    _dearer,
    _irrelevant,
    _sent_already,
    _spent,
    _held_out,
    _forbidden,
)
