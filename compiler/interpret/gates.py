"""A plan on its way through the gates, up to *chosen*. Semantics, *A plan's gates*."""

from __future__ import annotations

from dataclasses import dataclass, replace

from compiler.checked.ir import Campaign, Decide, Plan
from compiler.interpret.case import Case, case_of
from compiler.interpret.contactable import contact
from compiler.interpret.meaning import answer, value
from compiler.interpret.occurrences import Irrelevant, relevant
from compiler.interpret.scene import Scene
from compiler.interpret.values import present
from compiler.outcome import Because, Gate, PlanOutcome, Reason, Verdict
from compiler.types import MISSING, Value


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan, and what the gates said so far; `fell` None has passed them."""

    case: Case
    plan: Plan
    outcome: PlanOutcome

    def falls(self, gate: Gate, reason: Reason, verdict: Verdict | None = None) -> Judged:
        """Fallen at `gate`; a plan that waits keeps the reasons why."""
        outcome = replace(
            self.outcome,
            fell=gate,
            verdict=self.outcome.verdict if verdict is None else verdict,
            reasons=(*self.outcome.reasons, reason),
        )
        return replace(self, outcome=outcome)


def judge(plan: Plan, scene: Scene, decide: Decide | None) -> Judged:
    """Through the gates eligible, relevant, contactable, ranked and holdout (of the campaign)."""
    case = case_of(plan, scene, decide)
    ineligible = _ineligible(case, plan)
    if ineligible:
        return Judged(case, plan, PlanOutcome(plan.name, Gate.ELIGIBLE, Verdict.NONE, reasons=ineligible))
    found = relevant(plan, scene)
    if isinstance(found, Irrelevant):
        coming = None if found.next is None else found.next.id
        fallen = PlanOutcome(
            plan.name, Gate.RELEVANT, Verdict.NONE, occurrence=coming, reasons=(found.reason,)
        )
        return Judged(case, plan, fallen)
    return _ranked(_contactable(replace(case, occurrence=found), plan, found.id))


def _ineligible(case: Case, plan: Plan) -> tuple[Reason, ...]:
    """One reason for each condition that is not yes."""
    audience = [] if plan.audience is None else [(Because.AUDIENCE, plan.audience)]
    asked = [*audience, *((Because.NEEDS, need) for need in plan.needs)]
    answers = [(because, need.span, answer(need.condition, case.scene)) for because, need in asked]
    return tuple(
        Reason(because, plan.key, span, answer=said) for because, span, said in answers if said is not True
    )


def _contactable(case: Case, plan: Plan, occurrence: str) -> Judged:
    said = contact(case)
    fell = Gate.CONTACTABLE if said.verdict is Verdict.BLOCK else None
    outcome = PlanOutcome(plan.name, fell, said.verdict, said.channel, said.until, occurrence)
    return Judged(case, plan, replace(outcome, rank=_rank(case, plan), reasons=said.reasons))


def _rank(case: Case, plan: Plan) -> Value:
    """MISSING without a decide or where that states no rank."""
    stated = None if case.decide is None else case.decide.rank.get(plan.name)
    return MISSING if stated is None else value(stated, case.scene)


def _ranked(judged: Judged) -> Judged:
    decide = judged.case.decide
    if judged.outcome.fell is not None:
        return judged
    if decide is not None and judged.plan.name in decide.rank and not present(judged.outcome.rank):
        span = decide.span if decide.rank_span is None else decide.rank_span
        return judged.falls(Gate.RANKED, Reason(Because.RANK, decide.key, span, answer=None))
    return _not_held_out(judged)


def _not_held_out(judged: Judged) -> Judged:
    """A campaign's holdout is looked at for what may go out now."""
    campaign = judged.case.campaign
    if judged.outcome.verdict is not Verdict.SEND or not judged.case.held_out_of_campaign:
        return judged
    return judged.falls(Gate.HOLDOUT, held_out_by(campaign), Verdict.HOLDOUT)


def held_out_by(holder: Campaign | Decide | None) -> Reason:
    assert holder is not None and holder.holdout is not None, "only a declared holdout holds out"
    return Reason(Because.HELD_OUT, holder.key, holder.holdout.span)
