"""Policies compiled for a channel: may it be used now, if not, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from compiler.checked.ir import Limit, Never, Plan, Policy, Then
from compiler.decision.case import Case, Moment
from compiler.decision.limits import Judge, Sending, first_free, limit_judge
from compiler.decision.trees import Tree, Trees
from compiler.outcome import Because, Reason
from compiler.types import Answer
from dsl.frozen import dataclass


class ChannelState(NamedTuple):
    """`reasons`: why the channel may not be used, none if it may. `judges`: all its limits, none for an allowed user.
    `waits`: only limits that are waited for are broken. `until`: when all of its limits would allow."""

    reasons: tuple[Reason, ...]
    judges: tuple[Judge, ...]
    waits: bool
    until: int | None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of a policy: a limit or, where `is_limit` is not set, a `never`."""

    judge: Judge
    is_limit: bool
    waits: bool


class ChannelRules:
    """What the obeyed policies say of one sort of sending. Equal ones are compiled once, judged once in a Case."""

    def __init__(self, policies: Sequence[Policy], sending: Sending, trees: Trees) -> None:
        weekday = trees.ruleset.settings.first_weekday
        self._rules = tuple(
            rule
            for policy in policies
            for rule in (*_nevers(policy, sending, trees), *_limits(policy, sending, weekday))
        )
        self._completes = sending.completes is not None
        self._limits = tuple(rule.judge for rule in self._rules if rule.is_limit)
        self._allows = tuple(trees.entry(group.condition) for policy in policies for group in policy.allows)

    def state(self, case: Case, held_out: bool, occurrence: str | None = None) -> ChannelState:
        """`occurrence`: of what is to be sent; it matters where that may complete a message."""
        key = (self, held_out, occurrence if self._completes else None)
        found: ChannelState | None = case.memo.get(key)
        if found is None:
            found = case.memo[key] = self._judged(case.moment(held_out).of(occurrence))
        return found

    def _judged(self, moment: Moment) -> ChannelState:
        allowed = any(allow(moment.context) is True for allow in self._allows)
        spoken = [
            (reason, rule)
            for rule in self._rules
            if not (allowed and rule.is_limit) and (reason := rule.judge(moment)) is not None
        ]
        limits = () if allowed else self._limits
        if not spoken:
            return ChannelState((), limits, waits=False, until=None)
        reasons = tuple([reason for reason, _ in spoken])
        until = first_free(limits, moment, reasons)
        waits = all(rule.waits and reason.because is not Because.UNAVAILABLE for reason, rule in spoken)
        return ChannelState(reasons, limits, waits and until is not None, until)


class Policies:
    """The policies of a rule set. Rules for what its plans send are compiled once, for anything else when asked."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._policies = trees.ruleset.policies
        self._rules: dict[tuple[tuple[str, ...], Sending], ChannelRules] = {}
        self.blocked = block_judges(tuple(self._policies.values()), trees)
        for plan in trees.ruleset.plans.values():
            for sending in sendings(plan):
                key = (plan.policies, sending)
                self._rules[key] = self._rules.get(key) or self._compiled(*key, trees)

    def rules(self, obeyed: tuple[str, ...], sending: Sending) -> ChannelRules:
        """What the obeyed policies say of a sending. KeyError: no such policy."""
        found = self._rules.get((obeyed, sending))
        return self._compiled(obeyed, sending, self._trees.visit()) if found is None else found

    def _compiled(self, obeyed: tuple[str, ...], sending: Sending, trees: Trees) -> ChannelRules:
        return ChannelRules([self._policies[name] for name in obeyed], sending, trees)


def sendings(plan: Plan) -> list[Sending]:
    """Of each step of a plan."""
    completes = None if plan.completes is None else (plan.activity, plan.completes)
    return [Sending(step.channel, plan.tags, plan.kind == "marketing", completes) for step in plan.steps]


def _nevers(policy: Policy, sending: Sending, trees: Trees) -> list[_Rule]:
    return [
        _Rule(_never(never, policy.key, sending, trees.entry(never.condition)), is_limit=False, waits=False)
        for never in policy.nevers
        if never.channel in (None, sending.channel)
    ]


def _never(never: Never, owner: str, sending: Sending, condition: Tree) -> Judge:
    spoken = by_answer(Reason(Because.NEVER, owner, never.span, sending.channel))
    return lambda moment: spoken[condition(moment.context)]


def by_answer(reason: Reason) -> Mapping[Answer, Reason | None]:
    """What a prohibition says once its condition has answered: it holds unless that is no."""
    return {False: None, True: replace(reason, answer=True), None: replace(reason, answer=None)}


def _limits(policy: Policy, sending: Sending, first_weekday: int) -> list[_Rule]:
    judged: list[tuple[Limit, Judge | None]] = [
        (limit, limit_judge(limit, policy.key, sending, first_weekday)) for limit in policy.limits
    ]
    return [
        _Rule(judge, is_limit=True, waits=limit.then is Then.WAIT)
        for limit, judge in judged
        if judge is not None
    ]


def block_judges(policies: Sequence[Policy], trees: Trees) -> Callable[[Case], tuple[Reason, ...]]:
    """The groups that every policy blocks, whoever obeys it; judged once in a Case."""
    blocks = tuple(
        (by_answer(Reason(Because.BLOCK, policy.key, group.span)), trees.entry(group.condition))
        for policy in policies
        for group in policy.blocks
    )

    def blocked(case: Case) -> tuple[Reason, ...]:
        found: tuple[Reason, ...] | None = case.memo.get(blocked)
        if found is None:
            said = [spoken[condition(case.context)] for spoken, condition in blocks]
            found = case.memo[blocked] = tuple(reason for reason in said if reason is not None)
        return found

    return blocked
