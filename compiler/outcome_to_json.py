"""Outcomes as JSON, for records of decisions: everything that was answered, in one form for equal outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from compiler.checked.ir import RuleSet
from compiler.facts_to_json import FactsWriter
from compiler.outcome import Attempt, Contact, Decision, PlanOutcome, Reason
from compiler.types import MISSING, Answer
from compiler.wire.json_text import Json
from compiler.wire.marks import MASKED_MARK
from compiler.wire.time_text import write_instant
from compiler.wire.writing import write_value

Outcome: TypeAlias = Decision | Contact | Mapping[str, Answer]
"""Of a decide, of a contact, of crowds."""


class OutcomeWriter:
    """Writes what one rule set has decided."""

    def __init__(self, ruleset: RuleSet, facts: FactsWriter) -> None:
        """`facts`: the writer of the same records; it says which occurrences are private."""
        self._ruleset = ruleset
        self._occurrence = facts.occurrence
        self._arguments = {
            (plan.name, step.channel, step.content): {name: each.type for name, each in step.arguments}
            for plan in ruleset.plans.values()
            for step in plan.steps
        }

    def write(self, outcome: Outcome, *, mask: bool) -> dict[str, Json]:
        """`mask`: private values were among the facts, so that nothing that was computed from them is shown."""
        match outcome:
            case Decision():
                return self._decision(outcome, mask)
            case Contact():
                return self._verdict(outcome) | {"reasons": self.reasons(outcome.reasons)}
        return {
            "yes": [name for name, answer in outcome.items() if answer],
            "unknown": [name for name, answer in outcome.items() if answer is None],
        }

    def _decision(self, decision: Decision, mask: bool) -> dict[str, Json]:
        return {
            "decide": decision.decide,
            "plan": decision.plan,
            **self._verdict(decision),
            "attempts": [self._attempt(each, mask) for each in decision.attempts],
            "plans": [self._plan(decision.decide, each, mask) for each in decision.outcomes],
            "scheduled": [
                {
                    "plan": each.plan,
                    "due": write_instant(each.due),
                    "occurrence": self._occurrence(each.occurrence),
                }
                for each in decision.scheduled
            ],
        }

    def _verdict(self, outcome: Decision | Contact | PlanOutcome) -> dict[str, Json]:
        until = outcome.until
        return {
            "verdict": outcome.verdict.value,
            "channel": outcome.channel,
            "until": None if until is None else write_instant(until),
        }

    def _attempt(self, attempt: Attempt, mask: bool) -> Json:
        types = self._arguments[attempt.plan, attempt.channel, attempt.content]
        return {
            "plan": attempt.plan,
            "channel": attempt.channel,
            "content": attempt.content,
            "occurrence": self._occurrence(attempt.occurrence),
            "arguments": {
                name: MASKED_MARK if mask else write_value(types[name], value)
                for name, value in attempt.arguments.items()
            },
        }

    def _plan(self, decide: str, outcome: PlanOutcome, mask: bool) -> Json:
        occurrence = outcome.occurrence
        return {
            "plan": outcome.plan,
            "fell_at": None if outcome.fell is None else outcome.fell.value,
            **self._verdict(outcome),
            "occurrence": None if occurrence is None else self._occurrence(occurrence),
            "rank": self._rank(decide, outcome, mask),
            "reasons": self.reasons(outcome.reasons),
        }

    def _rank(self, decide: str, outcome: PlanOutcome, mask: bool) -> Json:
        ranked_by = self._ruleset.decides[decide].rank.get(outcome.plan)
        if ranked_by is None or outcome.rank is MISSING:
            return None
        return MASKED_MARK if mask else write_value(ranked_by.type, outcome.rank)

    def reasons(self, reasons: tuple[Reason, ...]) -> list[Json]:
        """Why, by rule and line."""
        return [self._reason(each) for each in reasons]

    def _reason(self, reason: Reason) -> Json:
        return {
            "code": reason.because.value.replace(" ", "_"),
            "rule": reason.owner,
            "location": str(self._ruleset.place(reason.owner, reason.span)),
            "channel": reason.channel,
            "answer": reason.answer,
            "until": None if reason.until is None else write_instant(reason.until),
        }
