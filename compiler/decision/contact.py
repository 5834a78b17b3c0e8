"""The gate *contactable*: a plan's own limits, then its channels in the listed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from compiler.checked.ir import Plan
from compiler.decision.budgets import budget_judges, free_again
from compiler.decision.case import Case, Moment
from compiler.decision.channels import ChannelRules, ChannelState
from compiler.decision.limits import Judge, broken, first_free, latest
from compiler.decision.onces import campaign_once_judge, once_judge
from compiler.decision.trees import Trees
from compiler.outcome import Reason, Verdict


class Contacted(NamedTuple):
    """`step`: the index of the step that sends or waits. `sends`: of all that may send now."""

    verdict: Verdict
    step: int | None
    until: int | None
    reasons: tuple[Reason, ...]
    sends: tuple[int, ...] = ()


class ContactRules:
    """What may stop a plan. `channels`: the rules of each step, in the listed order."""

    def __init__(
        self,
        plan: Plan,
        channels: Sequence[ChannelRules],
        blocked: Callable[[Case], tuple[Reason, ...]],
        trees: Trees,
    ) -> None:
        ruleset = trees.ruleset
        weekday = ruleset.settings.first_weekday
        campaign = None if plan.campaign is None else ruleset.campaigns[plan.campaign]
        judges = (once_judge(plan, weekday), campaign_once_judge(plan, campaign, weekday))
        self._onces = tuple(judge for judge in judges if judge is not None)
        self._budgets = budget_judges(plan, ruleset, trees)
        self._channels = tuple(channels)
        self._blocked = blocked
        self._has_own = bool(self._onces or self._budgets or plan.completes)

    def judge(
        self, case: Case, occurrence: str | None, expiry: int | None, held_out: bool, at_most: Judge | None
    ) -> Contacted:
        """`expiry`: of the occurrence, None if it has none. `at_most`: of the decide, if there is one.

        Plans with no limits of their own stand alike where their channels do, so that is found out once in a Case.
        """
        if self._has_own or at_most is not None:
            return self._judged(case, occurrence, expiry, held_out, at_most)
        key = (self._channels, expiry, held_out)
        found: Contacted | None = case.memo.get(key)
        if found is None:
            found = case.memo[key] = self._judged(case, occurrence, expiry, held_out, None)
        return found

    def _judged(
        self, case: Case, occurrence: str | None, expiry: int | None, held_out: bool, at_most: Judge | None
    ) -> Contacted:
        moment = case.moment(held_out).of(occurrence)
        states = [rules.state(case, held_out, occurrence) for rules in self._channels]
        lasting = self._onces if at_most is None else (*self._onces, at_most)
        whole = [*self._blocked(case), *broken(lasting, moment)]
        if not held_out:
            over = broken(self._budgets, moment)
            whole += over
            lasting = (*lasting, *(free_again(reason) for reason in over))
        if whole:
            return _blocked(whole, states, _until_all(whole, lasting, states, moment))
        return chosen(states, expiry)


def contact_through(
    rules: ChannelRules, blocked: Callable[[Case], tuple[Reason, ...]], case: Case
) -> Contacted:
    """One channel alone, without a plan."""
    state, whole = rules.state(case, held_out=False), blocked(case)
    return _blocked([*whole], [state], None) if whole else chosen([state], None)


def chosen(states: Sequence[ChannelState], expiry: int | None) -> Contacted:
    """The first channel that may send; else the one that may first, if that is before the expiry; else none."""
    sends = tuple([index for index, state in enumerate(states) if not state.reasons])
    if sends:
        return Contacted(Verdict.SEND, sends[0], None, (), sends)
    waits = [
        (state.until, index) for index, state in enumerate(states) if state.waits and state.until is not None
    ]
    if waits:
        until, index = min(waits)
        if expiry is None or until < expiry:
            return Contacted(Verdict.WAIT, index, until, states[index].reasons)
    return _blocked([], states, _least(state.until for state in states))


def _blocked(whole: list[Reason], states: Sequence[ChannelState], until: int | None) -> Contacted:
    reasons = (*whole, *(reason for state in states for reason in state.reasons))
    return Contacted(Verdict.BLOCK, None, until, reasons)


def _until_all(
    whole: list[Reason], lasting: Sequence[Judge], states: Sequence[ChannelState], moment: Moment
) -> int | None:
    """When the plan's own limits and all of some channel would allow."""
    if latest(whole) is None:
        return None
    return _least(first_free((*lasting, *state.judges), moment, [*whole, *state.reasons]) for state in states)


def _least(instants: Iterable[int | None]) -> int | None:
    return min((instant for instant in instants if instant is not None), default=None)
