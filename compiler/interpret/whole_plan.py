"""What speaks against a plan on every channel: blocks, `once`, `at most`, budgets. Semantics, *Whole-plan reasons*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.checked.ir import Budget, Calendar, Campaign, Once, Plan
from compiler.facts import Touch
from compiler.interpret.arithmetic import exchanged
from compiler.interpret.case import Case
from compiler.interpret.meaning import answer, value
from compiler.interpret.periods import free_again, in_period, next_unit_of_settings
from compiler.interpret.values import present
from compiler.outcome import Because, Reason
from compiler.types import MISSING, UNAVAILABLE, Kind, Unavailable, Value
from dsl.source import Span


def whole_plan_reasons(case: Case) -> list[Reason]:
    return [*_blocks(case), *whole_plan_limits(case, case.scene.now)]


def _blocks(case: Case) -> list[Reason]:
    """Of every policy of the rule set, whether the plan obeys it or not."""
    answers = [
        (policy.key, group.span, answer(group.condition, case.scene))
        for policy in case.scene.ruleset.policies.values()
        for group in policy.blocks
    ]
    return [
        Reason(Because.BLOCK, owner, span, answer=said) for owner, span, said in answers if said is not False
    ]


def whole_plan_limits(case: Case, at: int) -> list[Reason]:
    """Those that pass with time, as they stand at an instant if nothing else happens until then."""
    judged = [_once_of_plan(case, at), _once_of_campaign(case, at), _at_most(case, at), *_budgets(case, at)]
    return [reason for reason in judged if reason is not None]


def _unknown(case: Case, owner: str, span: Span) -> Reason | None:
    """What cannot be counted stops marketing, and nothing else."""
    return Reason(Because.UNAVAILABLE, owner, span, answer=None) if case.marketing else None


def _touches(case: Case, counts: Callable[[Touch], bool]) -> list[Touch] | Unavailable:
    touches = case.touches
    return UNAVAILABLE if touches is UNAVAILABLE else [touch for touch in touches if counts(touch)]


# ---- once


def _once_of_plan(case: Case, at: int) -> Reason | None:
    plan, occurrence = case.plan, case.occurrence
    if plan is None or plan.once is None:
        return None
    activity = _touches(case, lambda touch: touch.activity == plan.activity)
    if plan.once.field is None:
        return _once(case, plan.once, plan.key, activity, at)
    if occurrence is None:
        return None
    same = _touches(case, lambda touch: (touch.activity, touch.occurrence) == (plan.activity, occurrence.id))
    return _once(case, plan.once, plan.key, same, at)


def _once_of_campaign(case: Case, at: int) -> Reason | None:
    campaign = case.campaign
    if campaign is None or campaign.once is None:
        return None
    touches = _touches(case, lambda touch: touch.campaign == campaign.name)
    return _once(case, campaign.once, campaign.key, touches, at)


def _once(case: Case, once: Once, owner: str, touches: list[Touch] | Unavailable, at: int) -> Reason | None:
    if touches is UNAVAILABLE:
        return _unknown(case, owner, once.span)
    inside = [touch.time for touch in touches if in_period(touch.time, once.period, at, case.scene)]
    if not inside:
        return None
    return Reason(Because.ONCE, owner, once.span, until=free_again(inside[-1], once.period, at, case.scene))


# ---- at most


def _at_most(case: Case, at: int) -> Reason | None:
    decide = case.decide
    if decide is None or decide.at_most is None:
        return None
    activities = {case.scene.ruleset.plans[name].activity for name in decide.plans}
    touches = _touches(case, lambda touch: touch.activity in activities)
    if touches is UNAVAILABLE:
        return _unknown(case, decide.key, decide.at_most.span)
    unit = Calendar(decide.at_most.unit)
    inside = [touch.time for touch in touches if in_period(touch.time, unit, at, case.scene)]
    if len(inside) < decide.at_most.limit:
        return None
    until = free_again(inside[-1], unit, at, case.scene) if decide.at_most.limit else None
    return Reason(Because.AT_MOST, decide.key, decide.at_most.span, until=until)


# ---- budgets


def _budgets(case: Case, at: int) -> list[Reason | None]:
    if case.plan is None or case.held_out:
        return []
    holders: list[Plan | Campaign] = [case.plan] if case.campaign is None else [case.plan, case.campaign]
    return [
        _budget(case, case.plan, holder.budget, holder.key, at)
        for holder in holders
        if holder.budget is not None
    ]


def _budget(case: Case, plan: Plan, budget: Budget, owner: str, at: int) -> Reason | None:
    used = case.scene.facts.budgets
    if used is UNAVAILABLE:
        return _unknown(case, owner, budget.span)
    need = 1 if budget.currency is None else _cost(case, plan, budget.currency)
    if need is not None and used.get(owner, 0) + need <= budget.amount:
        return None
    until = None if budget.unit is None else next_unit_of_settings(Calendar(budget.unit), case.scene)
    if until is not None and at >= until:
        return None
    return Reason(Because.BUDGET, owner, budget.span, until=until)


def _cost(case: Case, plan: Plan, currency: str) -> int | None:
    """What one send of the plan takes from a budget, in millionths of `currency`; None where that is not known."""
    stated = plan.terms.get("cost")
    if stated is None:
        return 0
    cost: Any = value(stated, case.scene)
    if stated.type.kind is not Kind.MONEY or not present(cost):
        return None
    converted: Any = _in_currency(case, cost, stated.type.currency, currency)
    return None if converted is MISSING else max(0, converted)


def _in_currency(case: Case, cost: int, have: str | None, want: str) -> Value:
    if have == want:
        return cost
    rate = None if have is None else case.scene.ruleset.settings.rates.get((have, want))
    return exchanged(cost, rate)
