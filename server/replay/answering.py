"""A version that is asked what is on record, and what its answers come to for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from compiler.cases.texts import Texts, value_text
from compiler.checked.ir import Expr, Plan, RuleSet
from compiler.decision.context import Context
from compiler.decision.program import plan_scope
from compiler.facts import Facts
from compiler.facts_to_json import FactsWriter
from compiler.manifest import EntryPoint, Manifest
from compiler.outcome import Attempt, Because, Contact, Decision, PlanOutcome, Reason, Verdict
from compiler.outcome_to_json import Outcome, OutcomeWriter
from compiler.records_at_one_go import RecordReader
from compiler.types import MONEY_SCALE
from dsl.source import Source
from server.replay.pairs import Answered
from server.replay.questions import QUESTIONS, Asked, Question
from server.usecases.active_rules import Serving

LIMITS = frozenset(
    {
        Because.BLOCK,
        Because.NEVER,
        Because.QUIET,
        Because.CAP,
        Because.COOLDOWN,
        Because.ONCE,
        Because.BUDGET,
        Because.AT_MOST,
        Because.UNAVAILABLE,
        Because.HELD_OUT,
    }
)
Worth = Callable[[Facts], float]
"""What a contact is worth or costs, in the currency of the settings; 0 where that is not known."""


class Answering:
    """One version. `facts` reads JSON that is on record with its own types, and raises FactsError."""

    def __init__(self, ruleset: RuleSet, sources: Iterable[Source]) -> None:
        self.ruleset = ruleset
        self.serving = Serving.of(ruleset, sources)
        self._reader = RecordReader(ruleset)
        self._writer = OutcomeWriter(ruleset, FactsWriter(ruleset, mask=False))
        self._limits: dict[tuple[int, Because], str] = {}
        self._worth = {name: self._worths(plan) for name, plan in ruleset.plans.items()}

    @property
    def texts(self) -> Texts:
        return self.serving.texts

    def facts(self, recorded: str) -> Facts:
        return self._reader.read(recorded)

    def manifest(self, entry: EntryPoint) -> Manifest:
        """What is put on record for a question."""
        return self.serving.manifest(entry)

    def question(self, kind: str, asked: Asked) -> Question:
        """Raises UnknownName for what this version does not declare."""
        return QUESTIONS[kind](self.serving, asked)

    def written(self, outcome: Outcome) -> str:
        """As it stands on record, where nothing is masked."""
        return orjson.dumps(self._writer.write(outcome, mask=False)).decode()

    def answer(self, kind: str, asked: Asked, facts: Facts) -> Answered:
        """Raises UnknownName for what this version does not declare."""
        _, judge = self.question(kind, asked)
        return self.answered(judge(facts), facts)

    def answered(self, outcome: Outcome, facts: Facts) -> Answered:
        """What an outcome comes to."""
        match outcome:
            case Decision():
                return self._decision(outcome, facts)
            case Contact():
                limits = self._told(outcome.reasons)
                return Answered(
                    outcome.verdict.value, None, outcome.channel, outcome.until, limits=tuple(limits)
                )
        return Answered(crowds=frozenset(name for name, answer in outcome.items() if answer))

    def _decision(self, decision: Decision, facts: Facts) -> Answered:
        plan, sends = decision.plan, decision.verdict is Verdict.SEND
        value, cost = self._worth[plan] if plan is not None and sends else (nothing, nothing)
        return Answered(
            decision.verdict.value,
            plan,
            decision.channel,
            decision.until,
            self._content(decision.attempts[0]) if sends else None,
            limits=self._limits_of(decision.outcomes),
            value=value(facts),
            cost=cost(facts),
        )

    def _content(self, attempt: Attempt) -> str:
        """`nudge`, `new_releases with spent = 12.00 USD`."""
        if not attempt.arguments:
            return attempt.content
        steps = self.ruleset.plans[attempt.plan].steps
        step = next(
            each for each in steps if (each.channel, each.content) == (attempt.channel, attempt.content)
        )
        zone, types = self.ruleset.settings.zone, {name: expr.type for name, expr in step.arguments}
        values = (
            f"{name} = {value_text(types[name], each, zone)}" for name, each in attempt.arguments.items()
        )
        return f"{attempt.content} with {', '.join(values)}"

    # ---- limits

    def _limits_of(self, outcomes: Iterable[PlanOutcome]) -> tuple[str, ...]:
        reasons = [reason for each in outcomes if each.reasons for reason in each.reasons]
        return tuple(self._told(reasons))

    def _told(self, reasons: Iterable[Reason]) -> dict[str, None]:
        """Each limit once."""
        return dict.fromkeys([self._limit(each) for each in reasons if each.because in LIMITS])

    def _limit(self, reason: Reason) -> str:
        """`policy gentle at rules.sua:14: cap`, made once: the spans of a rule set stay where they are."""
        key = id(reason.span), reason.because
        found = self._limits.get(key)
        if found is None:
            place = self.ruleset.place(reason.owner, reason.span)
            found = self._limits[key] = f"{reason.owner} at {place}: {reason.because.value}"
        return found

    # ---- value and cost

    def _worths(self, plan: Plan) -> tuple[Worth, Worth]:
        return self._worth_of(plan, "value"), self._worth_of(plan, "cost")

    def _worth_of(self, plan: Plan, term: str) -> Worth:
        expr: Expr | None = plan.terms.get(term)
        if expr is None:
            return nothing
        tree = plan_scope(plan, self.serving.program.trees.visit()).entry(expr)
        rate = float(self._rate(expr.type.currency)) / MONEY_SCALE

        def worth(facts: Facts) -> float:
            value = tree(Context(facts))
            return value * rate if isinstance(value, int) else 0.0

        return worth

    def _rate(self, currency: str | None) -> Any:
        settings = self.ruleset.settings
        return (
            1 if currency == settings.currency else settings.rates.get((currency or "", settings.currency), 0)
        )


def nothing(facts: Facts) -> float:
    return 0.0
