"""Answers as lines of a test that expect them: the way back of `expectations`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from compiler.cases.case import alone
from compiler.cases.constants import NOWHERE, Unsayable, constant, moment, name, named, ref
from compiler.cases.ranks import has_rank
from compiler.cases.verdicts import broken_rules, chosen, outcome_of, waiting, word
from compiler.cases.words import LIMITS, WAITING
from compiler.checked import ir
from compiler.outcome import Because, Decision, PlanOutcome, Reason, Verdict
from compiler.types import Answer, Value
from dsl import ast

USER = named("user")
SAID = {Verdict.NONE: "nothing", Verdict.BLOCK: "blocked", Verdict.WAIT: "waits"}


def of_crowds(answers: Mapping[str, Answer]) -> Iterator[ast.Clause]:
    """`expect user in hot_cart`, `expect not user in …`, `expect unknown user in …`."""
    for crowd, answer in answers.items():
        inside = ast.In(NOWHERE, USER, ref(crowd), False)
        condition = ast.Not(NOWHERE, inside) if answer is False else inside
        yield ast.Expect(NOWHERE, condition, answer is None)


def of_decision(ruleset: ir.RuleSet, decision: Decision, zone: str) -> Iterator[ast.Clause]:
    """What the decide says, and what becomes of the plan that it names; where it judges one plan alone, only the latter."""
    judged_alone = [each for each in decision.outcomes if decision.decide == alone(each.plan)]
    if not judged_alone:
        yield from of_decide(decision)
    named_plan = [outcome_of(decision, decision.plan)] if decision.plan else judged_alone
    telling = Telling(ruleset, decision, zone)
    yield from (telling.expect(each) for each in named_plan)


def of_decide(decision: Decision) -> Iterator[ast.Clause]:
    decide = ref(decision.decide)
    if decision.verdict is Verdict.HOLDOUT and decision.plan:
        yield ast.ExpectDecide(NOWHERE, decide, "holds out", ref(decision.plan))
    elif decision.verdict in SAID:
        yield ast.ExpectDecide(NOWHERE, decide, SAID[decision.verdict], None)
    if (best := chosen(decision)) is not None:
        yield ast.Expect(NOWHERE, ast.Is(NOWHERE, named(decision.decide), named(best), False), False)


@dataclass(frozen=True, slots=True)
class Telling:
    """What becomes of plans in a decision, each as much as can be said."""

    ruleset: ir.RuleSet
    decision: Decision
    zone: str

    def expect(self, outcome: PlanOutcome) -> ast.ExpectPlan:
        said = word(outcome)
        bare = self.bare(outcome, said)
        return TAILS[said](self, bare, outcome) if said in TAILS else bare

    def ranks(self, outcome: PlanOutcome) -> ast.ExpectPlan:
        """What it ranks; how far it came if it has no rank."""
        if not has_rank(outcome):
            return self.expect(outcome)
        type_ = self.ruleset.decides[self.decision.decide].rank[outcome.plan].type
        with suppress(Unsayable):
            return replace(self.bare(outcome, "ranks"), rank=constant(type_, outcome.rank, self.zone))
        return self.expect(outcome)

    def bare(self, outcome: PlanOutcome, said: str) -> ast.ExpectPlan:
        decides = [each for each in self.ruleset.decides.values() if outcome.plan in each.plans]
        decide = ref(self.decision.decide) if len(decides) > 1 else None
        return ast.ExpectPlan(NOWHERE, ref(outcome.plan), decide, said, None, None, (), None, (), None, None)

    def sends(self, said: ast.ExpectPlan, outcome: PlanOutcome) -> ast.ExpectPlan:
        first = self.decision.attempts[0]
        step = next(each for each in self.ruleset.plans[first.plan].steps if each.channel == first.channel)
        arguments = tuple(self.arguments(step, first.arguments))
        return replace(
            said, channel=name(first.channel), content=ast.Text(NOWHERE, first.content), arguments=arguments
        )

    def arguments(self, step: ir.Step, values: Mapping[str, Value]) -> Iterator[ast.Argument]:
        """Those that a constant stands for."""
        for argument, expr in step.arguments:
            with suppress(Unsayable):
                value = constant(expr.type, values[argument], self.zone)
                yield ast.Argument(NOWHERE, name(argument), value)

    def waits(self, said: ast.ExpectPlan, outcome: PlanOutcome) -> ast.ExpectPlan:
        return self.limited(said, outcome, WAITING)

    def blocked(self, said: ast.ExpectPlan, outcome: PlanOutcome) -> ast.ExpectPlan:
        return self.limited(said, outcome, LIMITS)

    def limited(
        self, said: ast.ExpectPlan, outcome: PlanOutcome, known: Collection[Because]
    ) -> ast.ExpectPlan:
        broken = broken_rules(outcome)
        because = causes(broken) if all(each.because in known for each in broken) else ()
        return replace(said, time=self.time(outcome.until), because=because)

    def time(self, instant: int | None) -> ast.DateTime | None:
        with suppress(Unsayable):
            return None if instant is None else moment(instant, self.zone)
        return None

    def scheduled(self, said: ast.ExpectPlan, outcome: PlanOutcome) -> ast.ExpectPlan:
        return replace(said, time=self.time(waiting(self.decision, outcome.plan)[0].due))

    def loses(self, said: ast.ExpectPlan, outcome: PlanOutcome) -> ast.ExpectPlan:
        return replace(said, to=ref(self.decision.plan) if self.decision.plan else None)


TAILS: Mapping[str, Callable[[Telling, ast.ExpectPlan, PlanOutcome], ast.ExpectPlan]] = {
    "sends": Telling.sends,
    "waits": Telling.waits,
    "blocked": Telling.blocked,
    "scheduled": Telling.scheduled,
    "loses": Telling.loses,
}


def causes(broken: Sequence[Reason]) -> tuple[ast.Cause, ...]:
    """With the definition in which a rule stands where its kind alone does not tell."""
    owners = Counter(because for because, _ in {(each.because, each.owner) for each in broken})
    return tuple(
        ast.Cause(
            NOWHERE,
            name(each.because.value),
            ref(each.owner.partition(" ")[2]) if owners[each.because] > 1 else None,
        )
        for each in broken
    )
