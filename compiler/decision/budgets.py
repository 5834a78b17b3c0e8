"""Budgets of a plan and of its campaign, over all users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from compiler.calendar import next_period_start
from compiler.checked.ir import Budget, Campaign, Plan, RuleSet
from compiler.decision.arithmetic import at_rate
from compiler.decision.case import Moment
from compiler.decision.context import Context
from compiler.decision.limits import Judge, unavailable
from compiler.decision.trees import Tree, Trees
from compiler.outcome import Because, Reason
from compiler.types import UNAVAILABLE, Kind

Need = Callable[[Context], int | None]
"""What one send takes of a budget; None if that is not known."""


def budget_needs(plan: Plan, ruleset: RuleSet, trees: Trees) -> tuple[tuple[str, Budget, Need], ...]:
    """By the key of who holds it, each budget that the plan draws on and what it takes. `trees` are the plan's."""
    campaign = None if plan.campaign is None else ruleset.campaigns[plan.campaign]
    holders: list[Plan | Campaign] = [plan] if campaign is None else [plan, campaign]
    return tuple(
        (holder.key, holder.budget, _need(holder.budget, plan, ruleset, trees))
        for holder in holders
        if holder.budget is not None
    )


def budget_judges(plan: Plan, ruleset: RuleSet, trees: Trees) -> tuple[Judge, ...]:
    """`trees` are the plan's."""
    needs = budget_needs(plan, ruleset, trees)
    return tuple(_judge(budget, owner, plan, ruleset, need) for owner, budget, need in needs)


def _judge(budget: Budget, owner: str, plan: Plan, ruleset: RuleSet, need: Need) -> Judge:
    reason, settings = Reason(Because.BUDGET, owner, budget.span), ruleset.settings

    def judge(moment: Moment) -> Reason | None:
        facts = moment.context.facts
        if facts.budgets is UNAVAILABLE:
            return unavailable(reason, plan.kind == "marketing")
        needed = need(moment.context)
        if needed is not None and facts.budgets.get(owner, 0) + needed <= budget.amount:
            return None
        if budget.unit is None:
            return reason
        free = next_period_start(settings.zone, budget.unit, facts.now, settings.first_weekday)
        return replace(reason, until=free)

    return judge


def _need(budget: Budget, plan: Plan, ruleset: RuleSet, trees: Trees) -> Need:
    if budget.currency is None:
        return lambda context: 1
    if "cost" not in plan.terms:
        return lambda context: 0
    cost = plan.terms["cost"].type
    if cost.kind is not Kind.MONEY or cost.currency is None:
        return lambda context: None
    rate = ruleset.settings.rates.get((cost.currency, budget.currency))
    if cost.currency == budget.currency:
        return _cost(trees.kept_entry("term cost"), lambda millionths: millionths)
    return _cost(
        trees.kept_entry("term cost"),
        lambda millionths: None if rate is None else at_rate(millionths, rate),
    )


def _cost(term: Tree, exchange: Callable[[int], int | None]) -> Need:
    def need(context: Context) -> int | None:
        value = term(context)
        exchanged = None if value is None or value is UNAVAILABLE else exchange(value)
        return None if exchanged is None else max(exchanged, 0)

    return need


def free_again(reason: Reason) -> Judge:
    """Of a budget that is used up: it counts as that until it begins anew."""
    return lambda moment: None if reason.until is not None and moment.at >= reason.until else reason
