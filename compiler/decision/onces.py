"""Limits of whole plans over touches: `once` of a plan and of its campaign, `at most` of a decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from compiler.checked.ir import Calendar, Campaign, Decide, Once, Period, Plan
from compiler.decision.case import Moment
from compiler.decision.limits import Judge, unavailable
from compiler.decision.periods import over, within
from compiler.facts import Touch
from compiler.outcome import Because, Reason
from compiler.types import UNAVAILABLE

Concerns = Callable[[Touch, Moment], bool]


def once_judge(plan: Plan, first_weekday: int) -> Judge | None:
    """`once` of the plan itself; with a field as key, of the occurrence."""
    if plan.once is None:
        return None
    activity, by_occurrence = plan.activity, plan.once.field is not None

    def concerns(touch: Touch, moment: Moment) -> bool:
        return touch.activity == activity and not (by_occurrence and touch.occurrence != moment.occurrence)

    judge = _once(plan.once, plan.key, plan.kind == "marketing", concerns, first_weekday)
    return _with_occurrence(judge) if by_occurrence else judge


def _with_occurrence(judge: Judge) -> Judge:
    return lambda moment: None if moment.occurrence is None else judge(moment)


def campaign_once_judge(plan: Plan, campaign: Campaign | None, first_weekday: int) -> Judge | None:
    if campaign is None or campaign.once is None:
        return None
    name = campaign.name
    return _once(
        campaign.once,
        campaign.key,
        plan.kind == "marketing",
        lambda touch, moment: touch.campaign == name,
        first_weekday,
    )


def _once(once: Once, owner: str, is_marketing: bool, concerns: Concerns, first_weekday: int) -> Judge:
    reason = Reason(Because.ONCE, owner, once.span)
    until = _ever if once.period is None else _in_period(once.period, first_weekday)

    def judge(moment: Moment) -> Reason | None:
        if moment.touches is UNAVAILABLE:
            return unavailable(reason, is_marketing)
        instants = [touch.time for touch in moment.touches if concerns(touch, moment)]
        return until(moment, instants, reason) if instants else None

    return judge


def _ever(moment: Moment, instants: list[int], reason: Reason) -> Reason | None:
    return reason


def _in_period(period: Period, first_weekday: int) -> Callable[[Moment, list[int], Reason], Reason | None]:
    inside, free = within(period, first_weekday), over(period, first_weekday)

    def until(moment: Moment, instants: list[int], reason: Reason) -> Reason | None:
        used = inside(moment, instants)
        return replace(reason, until=free(moment, used[-1])) if used else None

    return until


def at_most_judge(
    decide: Decide, activities: frozenset[str], is_marketing: bool, first_weekday: int
) -> Judge | None:
    """`at most` of the decide, over the activities of all its plans."""
    if decide.at_most is None:
        return None
    limit, period = decide.at_most.limit, Calendar(decide.at_most.unit)
    reason = Reason(Because.AT_MOST, decide.key, decide.at_most.span)
    inside, free = within(period, first_weekday), over(period, first_weekday)

    def judge(moment: Moment) -> Reason | None:
        if moment.touches is UNAVAILABLE:
            return unavailable(reason, is_marketing)
        used = inside(moment, [touch.time for touch in moment.touches if touch.activity in activities])
        if len(used) < limit:
            return None
        return replace(reason, until=free(moment, moment.at)) if limit else reason

    return judge
