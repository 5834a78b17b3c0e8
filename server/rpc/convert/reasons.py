"""Why, in words and in code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from suasion.v1 import answer_pb2 as pb

from compiler.checked.ir import RuleSet
from compiler.explain.sentences import SENTENCES, Said
from compiler.explain.words import Words
from compiler.outcome import Because, Gate, Reason
from compiler.types import Answer
from dsl.frozen import dataclass
from server.rpc.convert.kept import Phrases, phrases
from server.rpc.convert.rules import location
from server.rpc.convert.time import timestamp
from server.usecases.grounds import Grounds

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

CONDITIONS = frozenset({Because.AUDIENCE, Because.NEEDS, Because.BLOCK, Because.NEVER})
"""What answers yes, no or unknown; other rules are broken or not."""
MEMBER: Mapping[Answer, str] = {
    True: "the user is in it",
    False: "the user is not in it",
    None: "it is unknown whether the user is in it",
}


LASTING = CONDITIONS | {Because.NO_OCCURRENCE, Because.RANK, Because.LOST}
"""Reasons that a program makes once, and that are told alike whoever is decided about."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts the reasons of one answer into words. `winner`: the plan that was chosen, if any."""

    grounds: Grounds
    winner: str | None = None

    @property
    def phrases(self) -> Phrases:
        return phrases(self.grounds.serving)

    def reason(self, gate: Gate | None, reason: Reason) -> pb.Reason:
        kept, key = self.phrases.reasons, (id(reason), gate, self.winner)
        made = kept.get(key)
        if made is None:
            made = self._made(gate, reason)
            if reason.because in LASTING:
                kept.keep(key, reason, made)
        return made

    def _made(self, gate: Gate | None, reason: Reason) -> pb.Reason:
        return pb.Reason(
            text=self.sentence(reason),
            code=reason.because.value.replace(" ", "_"),
            gate=GATES[gate],
            rule=reason.owner,
            location=str(self.grounds.serving.ruleset.place(reason.owner, reason.span)),
            channel=reason.channel or "",
            answer=ANSWERS[reason.answer] if reason.because in CONDITIONS else pb.ANSWER_UNSPECIFIED,
            until_time=None if reason.until is None else timestamp(reason.until),
        )

    def sentence(self, reason: Reason) -> str:
        serving, facts = self.grounds.serving, self.grounds.facts
        words = Words.of(serving.ruleset, facts)
        said = Said(serving.ruleset, serving.texts, words, facts.now, reason, self.winner)
        return SENTENCES[reason.because](said)

    def reasons(self, gate: Gate | None, reasons: Iterable[Reason]) -> list[pb.Reason]:
        return [self.reason(gate, each) for each in reasons]


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
