"""Who answers while a case is played: the decision program, with the reference interpreter beside it if asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from compiler import interpret
from compiler.cases.case import alone
from compiler.checked import ir
from compiler.decision.program import Program, compile_program
from compiler.driver import program
from compiler.facts import Facts
from compiler.outcome import Contact, Decision
from compiler.types import Value

T = TypeVar("T")


class Evaluator(Protocol):
    """What is asked of a rule set. Plans of no decide are judged by one of their own, see `alone`."""

    def evaluate(self, expr: ir.Expr, facts: Facts) -> Value: ...

    def decide(self, name: str, facts: Facts) -> Decision: ...

    def contact_channel(
        self, channel: str, policies: Sequence[str], tags: frozenset[str], kind: str, facts: Facts
    ) -> Contact: ...


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference interpreter."""

    ruleset: ir.RuleSet

    def evaluate(self, expr: ir.Expr, facts: Facts) -> Value:
        return interpret.evaluate(self.ruleset, expr, facts)

    def decide(self, name: str, facts: Facts) -> Decision:
        return interpret.decide(self.ruleset, name, facts)

    def contact_channel(
        self, channel: str, policies: Sequence[str], tags: frozenset[str], kind: str, facts: Facts
    ) -> Contact:
        return interpret.contact_channel(self.ruleset, channel, policies, tags, kind, facts)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A bug of ours: two evaluators answered one question differently."""

    question: str
    fast: str
    reference: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Answers as the first evaluator does, and writes down where the second one disagrees."""

    fast: Evaluator
    reference: Evaluator
    found: list[Disagreement] = field(default_factory=list)

    def evaluate(self, expr: ir.Expr, facts: Facts) -> Value:
        return self.same("a condition", self.fast.evaluate(expr, facts), self.reference.evaluate(expr, facts))

    def decide(self, name: str, facts: Facts) -> Decision:
        return self.same(f"`{name}`", self.fast.decide(name, facts), self.reference.decide(name, facts))

    def contact_channel(
        self, channel: str, policies: Sequence[str], tags: frozenset[str], kind: str, facts: Facts
    ) -> Contact:
        asked = (channel, policies, tags, kind, facts)
        fast, reference = self.fast.contact_channel(*asked), self.reference.contact_channel(*asked)
        return self.same(f"the channel `{channel}`", fast, reference)

    def same(self, question: str, fast: T, reference: T) -> T:
        if (type(fast), fast) != (type(reference), reference):
            self.found.append(Disagreement(question, repr(fast), repr(reference)))
        return fast


def with_lone_plans(ruleset: ir.RuleSet) -> ir.RuleSet:
    """The rule set, in which every plan is in a decide."""
    listed = {plan for decide in ruleset.decides.values() for plan in decide.plans}
    lone = [plan for plan in ruleset.plans.values() if plan.name not in listed]
    if not lone:
        return ruleset
    decides = {alone(plan.name): judging_alone(plan) for plan in lone}
    return replace(ruleset, decides={**ruleset.decides, **decides})


def judging_alone(plan: ir.Plan) -> ir.Decide:
    """Without rank, `at most` and holdout."""
    return ir.Decide(alone(plan.name), "", plan.span, (plan.name,), {}, None, None, None)


def prepared(ruleset: ir.RuleSet) -> tuple[ir.RuleSet, Program]:
    """The rule set with lone plans, and its program; the one that serves if that is the same."""
    whole = with_lone_plans(ruleset)
    return whole, program(ruleset) if whole is ruleset else compile_program(whole)
