"""A decide made ready: its plans judged and ranked, one chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from compiler.checked.ir import Decide
from compiler.decision.audiences import Audiences, quickest
from compiler.decision.case import Case
from compiler.decision.gates import PlanGates, Seat, Standing
from compiler.decision.holdouts import holdout_test
from compiler.decision.limits import Judge
from compiler.decision.occurrences import Relevance
from compiler.decision.onces import at_most_judge
from compiler.decision.trees import Tree, Trees
from compiler.outcome import Because, Decision, Gate, PlanOutcome, Reason, Scheduled, Verdict
from compiler.types import UNAVAILABLE


class Chooser:
    """One decide."""

    def __init__(
        self,
        decide: Decide,
        gates: Mapping[str, PlanGates],
        trees: Trees,
        audiences: Callable[[Sequence[PlanGates], Trees], Audiences] = quickest,
    ) -> None:
        self._decide = decide
        self._plans = tuple(gates[name] for name in decide.plans)
        settings = trees.ruleset.settings
        activities = frozenset(each.plan.activity for each in self._plans)
        self._at_most: Mapping[bool, Judge | None] = {
            is_marketing: at_most_judge(decide, activities, is_marketing, settings.first_weekday)
            for is_marketing in (True, False)
        }
        self._holds_out = holdout_test(decide.name, decide.holdout, trees.ruleset.user_key)
        self._seats = {holds_out: self._seated(holds_out) for holds_out in (False, True)}
        self._audiences = audiences(self._plans, trees)
        self._refused = [each.refused for each in self._plans]
        self._triggered = [(place, each) for place, each in enumerate(self._plans) if each.plan.trigger]
        self._lost = _reason(Because.LOST, decide)

    def decide(self, case: Case) -> Decision:
        """Pure: what should be done about the user now."""
        holds_out = self._holds_out(case.context.facts)
        seats, context = self._seats[holds_out], case.context
        # Looked at before eligibility only for a trigger: what waits is told of plans that fall there, too.
        relevances = {place: plan.relevance(context) for place, plan in self._triggered}
        standings = self._refused.copy()
        for place, answers in self._audiences.asked(context):
            standings[place] = self._plans[place].stand(case, answers, relevances.get(place), seats[place])
        return _Choice(self._decide, standings, holds_out, self._lost).decision(_scheduled(relevances), case)

    def _seated(self, holds_out: bool) -> list[Seat]:
        unranked = _reason(Because.RANK, self._decide, answer=None) if self._decide.rank_span else None
        return [
            Seat(_rank(self._decide, each), unranked, self._at_most[each.is_marketing], holds_out)
            for each in self._plans
        ]


class _Choice:
    """The choosing among plans that were judged."""

    def __init__(self, decide: Decide, standings: list[Standing], holds_out: bool, lost: Reason) -> None:
        self._decide, self._standings, self._holds_out, self._lost = decide, standings, holds_out, lost
        self._passed = [place for place, each in enumerate(standings) if each.outcome.fell is None]
        passed = [standings[place] for place in self._passed]
        self._sends = _by_rank(each for each in passed if each.outcome.verdict is Verdict.SEND)
        self._waits = _by_rank(each for each in passed if each.outcome.verdict is Verdict.WAIT)

    def decision(self, scheduled: tuple[Scheduled, ...], case: Case) -> Decision:
        verdict, named = self._verdict()
        winner = named if verdict in (Verdict.SEND, Verdict.WAIT) or self._is_held_out(named) else None
        attempts = [
            attempt
            for each in (self._sends if verdict is Verdict.SEND else ())
            if not (self._holds_out and each.plan.is_marketing)
            for attempt in each.plan.attempts(each, case.context)
        ]
        return Decision(
            self._decide.name,
            verdict,
            None if named is None else named.outcome.plan,
            None if named is None else named.outcome.channel,
            None if named is None else named.outcome.until,
            tuple(attempts),
            tuple(self._outcomes(winner)),
            scheduled,
        )

    def _outcomes(self, winner: Standing | None) -> list[PlanOutcome]:
        outcomes = [each.outcome for each in self._standings]
        for place in self._passed:
            outcomes[place] = self._outcome(self._standings[place], winner)
        return outcomes

    def _verdict(self) -> tuple[Verdict, Standing | None]:
        if self._sends:
            return (Verdict.HOLDOUT if self._is_held_out(self._sends[0]) else Verdict.SEND), self._sends[0]
        if self._waits:
            return Verdict.WAIT, self._waits[0]
        held_out = _by_rank(each for each in self._standings if each.outcome.fell is Gate.HOLDOUT)
        if held_out:
            return Verdict.HOLDOUT, held_out[0]
        blocked = _by_rank(each for each in self._standings if each.outcome.fell is Gate.CONTACTABLE)
        return (Verdict.BLOCK, blocked[0]) if blocked else (Verdict.NONE, None)

    def _is_held_out(self, standing: Standing | None) -> bool:
        """By the decide, were it the winner."""
        return (
            standing is not None
            and self._holds_out
            and standing.plan.is_marketing
            and standing.outcome.verdict is Verdict.SEND
        )

    def _outcome(self, standing: Standing, winner: Standing | None) -> PlanOutcome:
        """Of a plan that passed."""
        outcome = standing.outcome
        if standing is not winner:
            return lost(outcome, self._lost)
        if not self._is_held_out(standing):
            return outcome
        reasons = (_reason(Because.HELD_OUT, self._decide),)
        return replace(outcome, fell=Gate.HOLDOUT, verdict=Verdict.HOLDOUT, reasons=reasons)


def lost(outcome: PlanOutcome, reason: Reason) -> PlanOutcome:
    """Written out: at every decision many do, and `replace` takes three times as long."""
    return PlanOutcome(
        outcome.plan,
        Gate.CHOSEN,
        outcome.verdict,
        outcome.channel,
        outcome.until,
        outcome.occurrence,
        outcome.rank,
        (*outcome.reasons, reason),
    )


def _by_rank(standings: Iterable[Standing]) -> list[Standing]:
    """Highest first, those without a rank last, equal ones as listed."""
    listed = list(standings)
    if not listed:
        return listed
    ranked = [each for each in listed if not _is_unranked(each)]
    return sorted(ranked, key=_rank_of, reverse=True) + [each for each in listed if _is_unranked(each)]


def _is_unranked(standing: Standing) -> bool:
    return standing.outcome.rank is None or standing.outcome.rank is UNAVAILABLE


def _rank_of(standing: Standing) -> Any:
    return standing.outcome.rank


def _rank(decide: Decide, gates: PlanGates) -> Tree | None:
    expr = decide.rank.get(gates.plan.name)
    return None if expr is None else gates.trees.entry(expr)


def _reason(because: Because, decide: Decide, *, answer: bool | None = False) -> Reason:
    """Of the decide itself: its holdout, or else its rank."""
    if because is Because.HELD_OUT and decide.holdout is not None:
        span = decide.holdout.span
    else:
        span = decide.rank_span or decide.span
    return Reason(because, decide.key, span, answer=answer)


def _scheduled(relevances: Mapping[int, Relevance]) -> tuple[Scheduled, ...]:
    """In order of due instant, then of the plans as listed, then of ids."""
    waiting = [
        (each.due, place, each.occurrence, each)
        for place, relevant in relevances.items()
        for each in relevant.scheduled
    ]
    return tuple(each for *_, each in sorted(waiting, key=lambda entry: entry[:3]))
