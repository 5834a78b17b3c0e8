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
from server.rpc.convert.kept import phrases
from server.rpc.convert.provenance import provenance_to
from server.rpc.convert.reasons import GATES, LASTING, Speaker, spoken
from server.rpc.convert.time import timestamp
from server.rpc.convert.values import json_of
from server.rpc.written import within
from server.usecases.active_rules import Serving
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
    grounds, decision = matched.grounds, matched.decision
    speaker, named = speaker_of(grounds, decision)
    return pb.MatchPlanResponse(
        **decision_to(speaker, decision, named),
        attempts=[attempt_to(grounds.serving.ruleset, each) for each in decision.attempts],
        plans=pb.DecideResponse.FromString(outcomes_to(speaker, decision, named)).plans,
        provenance=provenance_to(grounds),
    )


def decided_to(decided: Decided) -> bytes:
    """A DecideResponse as it is sent and kept. What is told of each plan is a message of its own: one behind the other they
    are one."""
    grounds, decision = decided.grounds, decided.decision
    speaker, named = speaker_of(grounds, decision)
    head = pb.DecideResponse(
        **decision_to(speaker, decision, named),
        contact=contact_to(decided.reservation) if decided.reservation else None,
        plan_version=grounds.serving.plan_versions.get(decision.plan or "", ""),
        provenance=provenance_to(grounds, advisory=decided.advisory),
    )
    return head.SerializeToString() + outcomes_to(speaker, decision, named)


def published_to(published: Published) -> pb.WatchResponse:
    return pb.WatchResponse(
        id=published.id,
        user_id=published.user,
        decide_time=timestamp(published.time),
        decision=pb.DecideResponse.FromString(published.answer),
    )


def speaker_of(grounds: Grounds, decision: Decision) -> tuple[Speaker, PlanOutcome | None]:
    """Who puts the decision into words, and the outcome of the plan that it names."""
    named = next((each for each in decision.outcomes if each.plan == decision.plan), None)
    return Speaker(grounds, decision.plan), named


def decision_to(speaker: Speaker, decision: Decision, named: PlanOutcome | None) -> dict[str, Any]:
    """The fields that all answers about plans have in common, but for `plans`."""
    return {
        "decide": decision.decide,
        "verdict": VERDICTS[decision.verdict],
        "plan": decision.plan or "",
        "channel": decision.channel or "",
        "until_time": None if decision.until is None else timestamp(decision.until),
        "reasons": reasons_of(speaker, decision, named),
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


def outcomes_to(speaker: Speaker, decision: Decision, named: PlanOutcome | None) -> bytes:
    """A DecideResponse of nothing but `plans`. What is told of those that fell as everybody's do is made once; they are the
    most."""
    made = speaker.phrases.outcomes.get
    return b"".join([made(id(each)) or plan_to(speaker, decision, each, named) for each in decision.outcomes])


def plan_to(speaker: Speaker, decision: Decision, outcome: PlanOutcome, named: PlanOutcome | None) -> bytes:
    """A DecideResponse of that plan alone."""
    kept, key = speaker.phrases.outcomes, lost_key(decision, outcome, named)
    told = kept.get(key) if key else None
    if told is None:
        told = outcome_to(speaker, decision, outcome, named).SerializeToString()
        if key:
            kept.keep(key, None, told)
    made = within(
        PLANS, told + within(OCCURRENCE, outcome.occurrence.encode()) if outcome.occurrence else told
    )
    if outcome.verdict is Verdict.NONE and outcome.reasons[0].because in LASTING:
        kept.keep(id(outcome), outcome, made)
    return made


PLANS = pb.DecideResponse.PLANS_FIELD_NUMBER
OCCURRENCE = pb.PlanOutcome.OCCURRENCE_FIELD_NUMBER


def lost_key(decision: Decision, outcome: PlanOutcome, named: PlanOutcome | None) -> tuple[Any, ...] | None:
    """By what is told alike, but for the occurrence, of plans that could be sent and that another outranks; None for others."""
    if named is None or outcome.fell is not Gate.CHOSEN or outcome.verdict is not Verdict.SEND:
        return None
    return decision.decide, outcome.plan, outcome.channel, outcome.rank, named.plan, named.rank


def outcome_to(
    speaker: Speaker, decision: Decision, outcome: PlanOutcome, named: PlanOutcome | None
) -> pb.PlanOutcome:
    """All but the occurrence, which is told behind it."""
    rank = speaker.grounds.serving.ruleset.decides[decision.decide].rank.get(outcome.plan)
    ranked = rank is not None and outcome.rank is not None
    return pb.PlanOutcome(
        plan=outcome.plan,
        fell_at=GATES[outcome.fell],
        verdict=VERDICTS[outcome.verdict],
        channel=outcome.channel or "",
        until_time=None if outcome.until is None else timestamp(outcome.until),
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
    contact = contacted.contact
    return pb.CheckContactResponse(
        verdict=VERDICTS[contact.verdict],
        channel=contact.channel or "",
        until_time=None if contact.until is None else timestamp(contact.until),
        reasons=Speaker(contacted.grounds).reasons(Gate.CONTACTABLE, contact.reasons)
        or allowed_by(contacted.grounds.serving, contacted.asked),
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
        provenance=provenance_to(grounds, advisory=reserved.advisory),
    )


def allowed_by(serving: Serving, asked: tuple[str, ...]) -> list[answer_pb2.Reason]:
    """Why a contact may go out: what could have stood against it."""
    kept = phrases(serving).allowed
    made = kept.get(asked)
    if made is None:
        made = allowed(serving.ruleset, asked)
        kept.keep(asked, asked, made)
    return made


def allowed(ruleset: RuleSet, asked: tuple[str, ...]) -> list[answer_pb2.Reason]:
    words = "nothing stands against it"
    if not asked:
        return [
            answer_pb2.Reason(text=f"{words}: it obeys nothing", code="allowed", gate=GATES[Gate.CONTACTABLE])
        ]
    return [spoken(ruleset, key, "allowed", words, Gate.CONTACTABLE) for key in asked]
