"""Answers into messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suasion.v1 import answer_pb2, contact_service_pb2
from suasion.v1 import decision_service_pb2 as pb

from compiler.checked.ir import RuleSet
from compiler.outcome import Attempt, Decision, Gate, PlanOutcome, Verdict
from compiler.types import Type
from server.ports import Published
from server.rpc.convert.contacts import contact_to
from server.rpc.convert.provenance import provenance_to
from server.rpc.convert.reasons import GATES, LASTING, Speaker, spoken
from server.rpc.convert.time import timestamp
from server.rpc.convert.values import json_of
from server.usecases.check_contact import Contacted
from server.usecases.contacts import Reserved
from server.usecases.decide import Decided
from server.usecases.grounds import Grounds
from server.usecases.match_plan import Matched

VERDICTS: Mapping[Verdict, answer_pb2.Verdict] = {
    Verdict.SEND: answer_pb2.VERDICT_SEND,
    Verdict.WAIT: answer_pb2.VERDICT_WAIT,
    Verdict.BLOCK: answer_pb2.VERDICT_BLOCK,
    Verdict.HOLDOUT: answer_pb2.VERDICT_HOLDOUT,
    Verdict.NONE: answer_pb2.VERDICT_NONE,
}


# ---- plans


def matched_to(matched: Matched) -> pb.MatchPlanResponse:
    decision, ruleset = matched.decision, matched.grounds.serving.ruleset
    return pb.MatchPlanResponse(
        **decision_to(matched.grounds, decision),
        attempts=[attempt_to(ruleset, each) for each in decision.attempts],
        provenance=provenance_to(matched.grounds),
    )


def decided_to(decided: Decided) -> pb.DecideResponse:
    return pb.DecideResponse(
        **decision_to(decided.grounds, decided.decision),
        contact=contact_to(decided.reservation) if decided.reservation else None,
        plan_version=decided.grounds.serving.plan_versions.get(decided.decision.plan or "", ""),
        provenance=provenance_to(decided.grounds, advisory=decided.advisory),
    )


def published_to(published: Published) -> pb.WatchResponse:
    return pb.WatchResponse(
        id=published.id,
        user_id=published.user,
        decide_time=timestamp(published.time),
        decision=pb.DecideResponse.FromString(published.answer),
    )


def decision_to(grounds: Grounds, decision: Decision) -> dict[str, Any]:
    """The fields that all answers about plans have in common."""
    speaker = Speaker(grounds, decision.plan)
    named = next((each for each in decision.outcomes if each.plan == decision.plan), None)
    return {
        "decide": decision.decide,
        "verdict": VERDICTS[decision.verdict],
        "plan": decision.plan or "",
        "channel": decision.channel or "",
        "until_time": None if decision.until is None else timestamp(decision.until),
        "reasons": reasons_of(speaker, decision, named),
        "plans": outcomes_to(speaker, decision, named),
        "scheduled": [
            pb.ScheduledPlan(plan=each.plan, due_time=timestamp(each.due), occurrence=each.occurrence)
            for each in decision.scheduled
        ],
    }


def reasons_of(speaker: Speaker, decision: Decision, named: PlanOutcome | None) -> list[answer_pb2.Reason]:
    """Why the plan named was chosen, or is not sent; where none is named, why each of them fell."""
    if decision.verdict is Verdict.SEND:
        text = f"`{decision.plan}` ranks first of those that may be sent"
        return [
            spoken(speaker.grounds.serving.ruleset, f"decide {decision.decide}", "chosen", text, Gate.CHOSEN)
        ]
    outcomes = [named] if named else decision.outcomes
    return [reason for each in outcomes for reason in speaker.reasons(gate_of(each), each.reasons)]


def gate_of(outcome: PlanOutcome) -> Gate | None:
    """Where its reasons spoke: the gate at which it fell, or for a WAIT the one that lets it wait."""
    return Gate.CONTACTABLE if outcome.fell is None else outcome.fell


def outcomes_to(speaker: Speaker, decision: Decision, named: PlanOutcome | None) -> list[pb.PlanOutcome]:
    """Those of plans that fell by what is told alike of everybody are made once; they are the most."""
    kept = speaker.phrases.outcomes
    messages = []
    for outcome in decision.outcomes:
        made = kept.get(id(outcome))
        if made is None:
            made = outcome_to(speaker, decision, outcome, named)
            if outcome.verdict is Verdict.NONE and outcome.reasons[0].because in LASTING:
                kept.keep(id(outcome), outcome, made)
        messages.append(made)
    return messages


def outcome_to(
    speaker: Speaker, decision: Decision, outcome: PlanOutcome, named: PlanOutcome | None
) -> pb.PlanOutcome:
    rank = speaker.grounds.serving.ruleset.decides[decision.decide].rank.get(outcome.plan)
    ranked = rank is not None and outcome.rank is not None
    return pb.PlanOutcome(
        plan=outcome.plan,
        fell_at=GATES[outcome.fell],
        verdict=VERDICTS[outcome.verdict],
        channel=outcome.channel or "",
        until_time=None if outcome.until is None else timestamp(outcome.until),
        occurrence=outcome.occurrence or "",
        rank_json=json_of(rank.type, outcome.rank) if ranked and rank else "",
        margin_json=margin(rank.type, outcome, named) if rank and named else "",
        reasons=speaker.reasons(gate_of(outcome), outcome.reasons),
    )


def margin(type: Type, outcome: PlanOutcome, named: PlanOutcome) -> str:
    """How much rank it lacks against the plan named; empty when one of the two has none that can be counted."""
    mine, best = outcome.rank, named.rank
    if outcome is named or not isinstance(mine, int | float) or not isinstance(best, int | float):
        return ""
    return json_of(type, best - mine)


def attempt_to(ruleset: RuleSet, attempt: Attempt) -> pb.Attempt:
    steps = ruleset.plans[attempt.plan].steps
    step = next(each for each in steps if (each.channel, each.content) == (attempt.channel, attempt.content))
    types = {name: argument.type for name, argument in step.arguments}
    return pb.Attempt(
        plan=attempt.plan,
        channel=attempt.channel,
        content=attempt.content,
        occurrence=attempt.occurrence,
        arguments=[
            answer_pb2.NamedValue(name=name, value_json=json_of(types[name], value))
            for name, value in attempt.arguments.items()
        ],
    )


# ---- contacts


def contacted_to(contacted: Contacted) -> pb.CheckContactResponse:
    contact, ruleset = contacted.contact, contacted.grounds.serving.ruleset
    return pb.CheckContactResponse(
        verdict=VERDICTS[contact.verdict],
        channel=contact.channel or "",
        until_time=None if contact.until is None else timestamp(contact.until),
        reasons=Speaker(contacted.grounds).reasons(Gate.CONTACTABLE, contact.reasons)
        or allowed_by(ruleset, contacted.asked),
        provenance=provenance_to(contacted.grounds),
    )


def reserved_to(reserved: Reserved) -> contact_service_pb2.ReserveResponse:
    contact, grounds = reserved.contact, reserved.grounds
    gate = Gate.HOLDOUT if contact.verdict is Verdict.HOLDOUT else Gate.CONTACTABLE
    return contact_service_pb2.ReserveResponse(
        verdict=VERDICTS[contact.verdict],
        until_time=None if contact.until is None else timestamp(contact.until),
        reasons=Speaker(grounds).reasons(gate, contact.reasons),
        contact=contact_to(reserved.reservation) if reserved.reservation else None,
        provenance=provenance_to(grounds, advisory=False),
    )


def allowed_by(ruleset: RuleSet, asked: tuple[str, ...]) -> list[answer_pb2.Reason]:
    """Why a contact may go out: what could have stood against it."""
    words = "nothing stands against it"
    if not asked:
        return [
            answer_pb2.Reason(text=f"{words}: it obeys nothing", code="allowed", gate=GATES[Gate.CONTACTABLE])
        ]
    return [spoken(ruleset, key, "allowed", words, Gate.CONTACTABLE) for key in asked]
