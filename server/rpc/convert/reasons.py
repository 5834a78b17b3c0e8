"""Why, in words and in code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from suasion.v1 import answer_pb2 as pb

from compiler.checked.ir import RuleSet
from compiler.outcome import Because, Gate, Reason
from compiler.types import Answer
from compiler.wire.time_text import write_instant
from server.rpc.convert.rules import location
from server.rpc.convert.time import timestamp

ANSWERS: Mapping[Answer, pb.Answer] = {
    True: pb.ANSWER_YES,
    False: pb.ANSWER_NO,
    None: pb.ANSWER_UNKNOWN,
}
GATES: Mapping[Gate | None, pb.Gate] = {
    None: pb.GATE_UNSPECIFIED,
    Gate.ELIGIBLE: pb.GATE_ELIGIBLE,
    Gate.RELEVANT: pb.GATE_RELEVANT,
    Gate.CONTACTABLE: pb.GATE_CONTACTABLE,
    Gate.RANKED: pb.GATE_RANKED,
    Gate.HOLDOUT: pb.GATE_HOLDOUT,
    Gate.CHOSEN: pb.GATE_CHOSEN,
}

HOLDS: Mapping[Because, str] = {
    Because.AUDIENCE: "the user is not in its audience",
    Because.NEEDS: "what it needs does not hold",
    Because.NO_OCCURRENCE: "nothing that triggers it has happened",
    Because.SCHEDULED: "it has been triggered and waits for its time",
    Because.CANCELLED: "what cancels it has happened",
    Because.EXPIRED: "it was triggered too long ago",
    Because.BLOCK: "the user is blocked",
    Because.NEVER: "this is forbidden for the user",
    Because.QUIET: "these are quiet hours for the user",
    Because.CAP: "as many messages as are allowed have been sent",
    Because.COOLDOWN: "too little time has passed",
    Because.ONCE: "the user has had this already",
    Because.BUDGET: "the budget is used up",
    Because.AT_MOST: "as many plans as are allowed have been sent",
    Because.UNAVAILABLE: "what this limit counts could not be had",
    Because.RANK: "its rank cannot be computed",
    Because.HELD_OUT: "the user is in the control group",
    Because.LOST: "another plan ranks before it",
}
UNKNOWN: Mapping[Because, str] = {
    Because.AUDIENCE: "it is unknown whether the user is in its audience",
    Because.NEEDS: "it is unknown whether what it needs holds",
    Because.BLOCK: "it is unknown whether the user is blocked",
    Because.NEVER: "it is unknown whether this is forbidden for the user",
}
MEMBER: Mapping[Answer, str] = {
    True: "the user is in it",
    False: "the user is not in it",
    None: "it is unknown whether the user is in it",
}


def reason_to(ruleset: RuleSet, gate: Gate | None, reason: Reason) -> pb.Reason:
    return pb.Reason(
        text=text_of(reason),
        code=reason.because.value.replace(" ", "_"),
        gate=GATES[gate],
        rule=reason.owner,
        location=str(ruleset.place(reason.owner, reason.span)),
        channel=reason.channel or "",
        answer=ANSWERS[reason.answer],
        until_time=None if reason.until is None else timestamp(reason.until),
    )


def text_of(reason: Reason) -> str:
    words = UNKNOWN if reason.answer is None else HOLDS
    text = words.get(reason.because, HOLDS[reason.because])
    until = "" if reason.until is None else f", until {write_instant(reason.until)}"
    return text + until


def reasons_to(ruleset: RuleSet, gate: Gate | None, reasons: Iterable[Reason]) -> list[pb.Reason]:
    return [reason_to(ruleset, gate, each) for each in reasons]


def spoken(
    ruleset: RuleSet, key: str, code: str, text: str, gate: Gate | None = None, answer: Answer = True
) -> pb.Reason:
    """A reason that stands for a definition as a whole."""
    return pb.Reason(
        text=text,
        code=code,
        gate=GATES[gate],
        rule=key,
        location=location(ruleset, key),
        answer=ANSWERS[answer],
    )
