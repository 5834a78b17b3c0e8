"""The line of the rules that a reason names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.checked import ir
from compiler.outcome import Reason

Line = (
    ir.Limit
    | ir.Never
    | ir.Group
    | ir.Need
    | ir.Once
    | ir.Budget
    | ir.AtMost
    | ir.Holdout
    | ir.Trigger
    | ir.Unless
)


def line_of(ruleset: ir.RuleSet, reason: Reason) -> Line | None:
    """The rule of the reason's owner at its place; None for what is no line of its own, as a rank."""
    kind, _, name = reason.owner.partition(" ")
    lines = _LINES[kind](ruleset, name)
    return next((line for line in lines if line is not None and line.span == reason.span), None)


def _of_policy(ruleset: ir.RuleSet, name: str) -> Iterator[Any]:
    policy = ruleset.policies[name]
    yield from (*policy.limits, *policy.nevers, *policy.blocks, *policy.allows)


def _of_plan(ruleset: ir.RuleSet, name: str) -> Iterator[Any]:
    plan = ruleset.plans[name]
    yield from (plan.audience, *plan.needs, plan.once, plan.budget, plan.trigger)
    if plan.trigger is not None:
        yield plan.trigger.unless


def _of_campaign(ruleset: ir.RuleSet, name: str) -> Iterator[Any]:
    campaign = ruleset.campaigns[name]
    yield from (campaign.once, campaign.budget, campaign.holdout)


def _of_decide(ruleset: ir.RuleSet, name: str) -> Iterator[Any]:
    decide = ruleset.decides[name]
    yield from (decide.at_most, decide.holdout)


_LINES: Mapping[str, Callable[[ir.RuleSet, str], Iterator[Any]]] = {
    "policy": _of_policy,
    "plan": _of_plan,
    "campaign": _of_campaign,
    "decide": _of_decide,
}
