"""A rival brought down, so that the plan behind it comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from compiler.calendar import day_start_of
from compiler.checked import ir
from compiler.explain.asked import View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.candidates import DAY, HOUR
from compiler.explain.change.edits import (
    AddTouch,
    HoldOut,
    RaiseTerm,
    RemoveEvent,
    UseBudget,
    Wait,
    events_in,
)
from compiler.explain.change.holdouts import held_out_by
from compiler.explain.change.patch import Patch
from compiler.explain.change.solver import Goal
from compiler.facts import Touch
from compiler.outcome import Gate

MOST = 4
"""Patches of each kind."""
TOUCHES = 4
"""Contacts that are added at most."""


def rival_patches(bench: Bench, state: State, rival: str) -> Iterator[Patch]:
    """Patches after which the rival may not send now: no audience, no occurrence, a limit, a holdout."""
    for way in _WAYS:
        patches = islice(way(bench, state, bench.ruleset.plans[rival]), 8 * MOST)
        yield from islice((patch for patch in patches if falls(bench, state, rival, patch)), MOST)


def falls(bench: Bench, state: State, rival: str, patch: Patch) -> bool:
    """Whether the rival is behind the plan then, and the plan no worse off."""
    after = bench.after(state, patch)
    stands = after.gate is Gate.HOLDOUT or (after.gate is Gate.CHOSEN and after.decision.plan != rival)
    return after.wins or stands


def _ineligible(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    needs = [need for need in (rival.audience, *rival.needs) if need is not None]
    goals = [Goal(need.condition, False, View(rival.name)) for need in needs]
    yield from bench.solver(state.patch).any_of(goals, state.facts, MOST)


def _irrelevant(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    if rival.trigger is None:
        return
    name = rival.trigger.event
    events = [event for event in events_in(state.facts, name) if event.time <= state.facts.now]
    patch: Patch = ()
    for event in reversed(events):
        yield (RemoveEvent(name, event.id),)
        patch = (*patch, RemoveEvent(name, event.id))
    if len(patch) > 1:
        yield patch


def _forbidden(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    """A prohibition on every channel of the rival's, or on one, if it has no other."""
    solver = bench.solver(state.patch)
    for policy in rival.policies:
        for never in bench.ruleset.policies[policy].nevers:
            yield from solver.patches(Goal(never.condition, True), state.facts, 2)


def _sent_already(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    """The rival sent as often as limits allow it."""
    outcome = next(each for each in state.decision.outcomes if each.plan == rival.name)
    for step in rival.steps:
        patch: Patch = ()
        for number in range(TOUCHES):
            touch = Touch(
                state.facts.now - number,
                rival.activity,
                step.channel,
                rival.tags,
                rival.counts,
                rival.campaign,
                outcome.occurrence or "",
            )
            patch = (*patch, AddTouch(touch))
            yield patch


def _spent(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    campaign = None if rival.campaign is None else bench.ruleset.campaigns[rival.campaign]
    for holder in (rival, campaign):
        if holder is not None and holder.budget is not None:
            yield (UseBudget(holder.key, holder.budget.amount),)
            yield (UseBudget(holder.key, holder.budget.amount + 1),)  # where one send costs nothing


def _held_out(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    if rival.campaign is not None and bench.ruleset.campaigns[rival.campaign].holdout is not None:
        yield (HoldOut(held_out_by(bench.whole, state.facts) | {rival.campaign}),)


def _dearer(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    """The rival costs more, or is worth less: by a factor of ten each time."""
    for term, sign in (("cost", 1), ("value", -1), ("priority", -1)):
        if term in rival.terms:
            yield from ((RaiseTerm(rival.name, term, sign * 10**digits),) for digits in range(0, 16, 2))


def _later(bench: Bench, state: State, rival: ir.Plan) -> Iterator[Patch]:
    """Another hour of the day, or day."""
    now = state.facts.now
    today = day_start_of(bench.ruleset.settings.zone, now)
    hours = [today + hours * HOUR for hours in range(1, 48)]
    yield from ((Wait(at),) for at in (*hours, *(today + days * DAY for days in range(2, 60))) if at > now)


_WAYS: tuple[Callable[[Bench, State, ir.Plan], Iterator[Patch]], ...] = (
    _ineligible,
    _dearer,
    _irrelevant,
    _sent_already,
    _spent,
    _held_out,
    _forbidden,
    _later,
)
