"""Why, in words and in code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from suasion.v1 import answer_pb2 as pb

from compiler.cases.seen import Seen, SeenValue
from compiler.cases.texts import ANSWERS as SAID
from compiler.cases.texts import value_text
from compiler.checked.ir import RuleSet
from compiler.outcome import Because, Gate, Reason
from compiler.types import Answer
from compiler.wire.time_text import write_instant
from server.rpc.convert.rules import location
from server.rpc.convert.time import timestamp
from server.usecases.active_rules import Serving

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
CONDITIONS = frozenset({Because.AUDIENCE, Because.NEEDS, Because.BLOCK, Because.NEVER})
"""What answers yes, no or unknown; other rules are broken or not."""
MEMBER: Mapping[Answer, str] = {
    True: "the user is in it",
    False: "the user is not in it",
    None: "it is unknown whether the user is in it",
}


def reason_to(serving: Serving, gate: Gate | None, reason: Reason) -> pb.Reason:
    place = serving.ruleset.place(reason.owner, reason.span)
    return pb.Reason(
        text=text_of(reason, serving.texts.at(place)),
        code=reason.because.value.replace(" ", "_"),
        gate=GATES[gate],
        rule=reason.owner,
        location=str(place),
        channel=reason.channel or "",
        answer=ANSWERS[reason.answer] if reason.because in CONDITIONS else pb.ANSWER_UNSPECIFIED,
        until_time=None if reason.until is None else timestamp(reason.until),
    )


def text_of(reason: Reason, rule: str) -> str:
    """`as many messages as are allowed have been sent (cap push 1 per day), until 2026-03-04T00:00:00Z`."""
    words = UNKNOWN if reason.answer is None else HOLDS
    text = words.get(reason.because, HOLDS[reason.because])
    said = f" ({rule})" if rule else ""
    until = "" if reason.until is None else f", until {write_instant(reason.until)}"
    return f"{text}{said}{until}"


def reasons_to(serving: Serving, gate: Gate | None, reasons: Iterable[Reason]) -> list[pb.Reason]:
    return [reason_to(serving, gate, each) for each in reasons]


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


def seen_to(serving: Serving, crowd: str, seen: Seen) -> pb.Reason:
    """A condition that decided on a crowd, with what it saw: `user.country is "de": no, user.country is "fr"`."""
    said = [f"{serving.texts.at(seen.place)}: {SAID[seen.answer]}"]
    said += [value_to(serving, each) for each in seen.values]
    return pb.Reason(
        text=", ".join(said),
        code="condition",
        rule=f"crowd {crowd}",
        location=str(seen.place),
        answer=ANSWERS[seen.answer],
    )


def value_to(serving: Serving, seen: SeenValue) -> str:
    name = seen.name or (serving.texts.at(seen.place) if seen.place else "it")
    if is_private(serving.ruleset, name):
        return f"{name} is private"
    return f"{name} is {value_text(seen.type, seen.value, serving.ruleset.settings.zone)}"


def is_private(ruleset: RuleSet, name: str) -> bool:
    scope, _, attribute = name.partition(".")
    fields = {"user": ruleset.attributes, "input": ruleset.inputs}.get(scope, {})
    return attribute in fields and fields[attribute].private
