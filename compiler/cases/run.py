"""Cases played, and each expectation compared with what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Any

from compiler.cases import case
from compiler.cases.case import alone
from compiler.cases.evaluators import Compared, Disagreement, Evaluator, Reference, prepared
from compiler.cases.from_ast import PlacedCase
from compiler.cases.ranks import Ranking, ranking
from compiler.cases.seen import MOST, Looking, Seen, SeenValue
from compiler.cases.story import Story
from compiler.cases.texts import ANSWERS, Texts
from compiler.cases.verdicts import DECIDE_VERDICTS, Words, outcome_of, plan_fulfils
from compiler.checked import ir
from compiler.facts import Facts
from compiler.outcome import Because, Decision, Gate, PlanOutcome, Reason
from dsl.source import Place

Listener = Callable[[case.Line, Facts], None]
"""Hears of every line that asks something, and of the facts at that moment."""


@dataclass(frozen=True, slots=True)
class Why:
    """A rule that spoke about a plan. `until` in microseconds."""

    plan: str
    gate: Gate | None
    reason: Reason
    place: Place
    rule: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not come true: `expected` and `got` in the same words."""

    place: Place
    expected: str
    got: str
    reasons: tuple[Why, ...] = ()
    seen: tuple[tuple[Seen, str], ...] = ()
    """Conditions to blame, with their texts."""
    ranking: Ranking | None = None
    """What the plans ranked, where that had to do with it."""


@dataclass(frozen=True, slots=True)
class Result:
    """Of one case. `disagreements` between evaluators are bugs of ours, whatever else came out."""

    case: PlacedCase
    expectations: int
    failures: tuple[Failure, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def passed(self) -> bool:
        return not self.failures and not self.disagreements


def run_cases(
    ruleset: ir.RuleSet,
    cases: Iterable[PlacedCase],
    texts: Texts,
    oracle: bool = False,
    listener: Listener | None = None,
    facts: Mapping[int, Facts] = MappingProxyType({}),
) -> list[Result]:
    """Play cases of a rule set.

    `oracle` asks the reference interpreter beside the decision program. `facts`, by the line of the case, are asked
    instead of what the case tells.
    """
    whole, program = prepared(ruleset)
    results = []
    for each in cases:
        evaluator = Compared(program, Reference(whole)) if oracle else program
        results.append(Run(whole, evaluator, texts, each, listener).result(facts.get(each.line)))
    return results


class Run:
    """One case under way."""

    def __init__(
        self,
        ruleset: ir.RuleSet,
        evaluator: Evaluator,
        texts: Texts,
        placed: PlacedCase,
        listener: Listener | None,
    ) -> None:
        self.ruleset, self.evaluator, self.texts, self.placed = ruleset, evaluator, texts, placed
        self.listener = listener
        self.story = Story(ruleset, evaluator, placed.case)
        self.words = Words(ruleset, placed.case.zone)

    def result(self, facts: Facts | None = None) -> Result:
        """Play all lines; with `facts` given, what the case expects is asked of those."""
        judged = [self.judge(line, facts) for line in self.told()]
        disagreements = self.evaluator.found if isinstance(self.evaluator, Compared) else []
        failures = tuple(failure for failure in judged if failure is not None)
        return Result(self.placed, len(judged), failures, tuple(disagreements))

    def told(self) -> Iterator[case.Expectation]:
        """The expectations, each at its moment of the story."""
        for line in self.placed.case.lines:
            if self.listener is not None and isinstance(line, case.Reserving):
                self.listener(line, self.story.facts)
            if isinstance(line, case.Expectation):
                yield line
            else:
                self.story.tell(line)

    def judge(self, line: case.Expectation, facts: Facts | None) -> Failure | None:
        facts = facts or self.story.facts
        if self.listener is not None:
            self.listener(line, facts)
        return JUDGES[type(line)](self, line, facts)

    # ---- expectations

    def answer(self, line: case.ExpectAnswer, facts: Facts) -> Failure | None:
        looking = Looking(self.ruleset, self.evaluator, facts, self.placed.place_of)
        found = looking.answer(line.condition)
        if found is line.wanted:
            return None
        asked = self.text(line).removeprefix("unknown ")
        failure = self.failure(line, f"{asked}: {ANSWERS[line.wanted]}", f"{asked}: {ANSWERS[found]}")
        return replace(failure, seen=self.with_texts(looking.blame(line.condition)))

    def plan(self, line: case.ExpectPlan, facts: Facts) -> Failure | None:
        decision = self.evaluator.decide(line.decide or alone(line.plan), facts)
        if plan_fulfils(line, decision):
            return None
        outcome = outcome_of(decision, line.plan)
        failure = self.failure(line, self.text(line), f"plan {line.plan} {self.came(line, decision)}")
        spoke = [*self.whys(outcome), *self.against_channel(line, outcome, facts)]
        ranks = line.verdict in RANKING or outcome.fell in (Gate.RANKED, Gate.CHOSEN)
        return replace(
            failure,
            reasons=tuple(spoke),
            seen=self.with_texts(self.blamed(outcome, facts)),
            ranking=self.ranking(decision) if ranks else None,
        )

    def came(self, line: case.ExpectPlan, decision: Decision) -> str:
        """What became of the plan, told as the expectation tells it."""
        owned = any(cause.owners for cause in line.because)
        words = Words(self.ruleset, self.placed.case.zone, owned)
        tell = words.ranks if line.verdict == "ranks" else words.plan
        return tell(outcome_of(decision, line.plan), decision)

    def ranking(self, decision: Decision) -> Ranking | None:
        found = ranking(self.ruleset, decision)
        return found if found.plans else None

    def decide(self, line: case.ExpectDecide, facts: Facts) -> Failure | None:
        decision = self.evaluator.decide(line.decide, facts)
        if DECIDE_VERDICTS[line.verdict](decision, line.plan):
            return None
        failure = self.failure(line, self.text(line), self.words.decision(decision))
        concerned = self.concerned(decision, line.plan)
        return replace(
            failure,
            reasons=tuple(why for outcome in concerned for why in self.whys(outcome)),
            seen=self.with_texts(seen for outcome in concerned for seen in self.blamed(outcome, facts)),
            ranking=self.ranking(decision) if line.plan else None,
        )

    def concerned(self, decision: Decision, expected: str | None) -> list[PlanOutcome]:
        """The plan that was expected and the one that came; all where nothing came."""
        those = {expected, decision.plan} - {None}
        return [each for each in decision.outcomes if each.plan in those or not those]

    # ---- why

    def against_channel(self, line: case.ExpectPlan, outcome: PlanOutcome, facts: Facts) -> list[Why]:
        """What speaks against the channel that was expected, where another one was taken."""
        if line.channel is None or outcome.channel in (None, line.channel):
            return []
        plan = self.ruleset.plans[line.plan]
        contact = self.evaluator.contact_channel(line.channel, plan.policies, plan.tags, plan.kind, facts)
        return [self.why(plan.name, Gate.CONTACTABLE, reason) for reason in contact.reasons]

    def failure(self, line: case.Expectation, expected: str, got: str) -> Failure:
        return Failure(self.placed.place(line), expected, got)

    def text(self, line: case.Line) -> str:
        return self.texts.at(self.placed.place(line)).removeprefix("expect ")

    def with_texts(self, seen: Iterable[Seen]) -> tuple[tuple[Seen, str], ...]:
        return tuple((each, self.texts.at(each.place)) for each in islice(dict.fromkeys(seen), MOST))

    def whys(self, outcome: PlanOutcome) -> list[Why]:
        owned = (reason for reason in outcome.reasons if reason.owner in self.ruleset.origins)
        return [self.why(outcome.plan, outcome.fell, reason) for reason in owned]

    def why(self, plan: str, gate: Gate | None, reason: Reason) -> Why:
        place = self.ruleset.place(reason.owner, reason.span)
        return Why(plan, gate, reason, place, self.texts.at(place))

    def blamed(self, outcome: PlanOutcome, facts: Facts) -> Iterator[Seen]:
        """Of the reasons that are conditions, and of a rank that is not known: what they saw."""
        looking = Looking(self.ruleset, self.evaluator, facts, self.placed.place_of)
        plan = self.ruleset.plans[outcome.plan]
        for reason in outcome.reasons:
            condition = condition_of(self.ruleset, reason)
            if condition is not None:
                own = plan if reason.owner == plan.key else None
                yield from looking.inside(reason.owner, own).blame(condition)
            elif reason.because is Because.RANK:
                place = self.ruleset.place(reason.owner, reason.span)
                yield Seen(place, None, tuple(dict.fromkeys(absent_terms(looking, plan))))


RANKING = ("sends", "loses", "ranks", "not ranked")
"""Verdicts of a plan that its rank has to do with."""
JUDGES: Mapping[type[case.Line], Callable[[Run, Any, Facts], Failure | None]] = {
    case.ExpectAnswer: Run.answer,
    case.ExpectPlan: Run.plan,
    case.ExpectDecide: Run.decide,
}


def absent_terms(looking: Looking, plan: ir.Plan) -> Iterator[SeenValue]:
    """What the plan's terms are made of that is missing or unavailable."""
    inside = looking.inside(plan.key, plan)
    for expr in (*plan.terms.values(), *(expr for _, expr in plan.lets)):
        yield from inside.absent(expr)


def condition_of(ruleset: ir.RuleSet, reason: Reason) -> ir.Expr | None:
    """The condition behind a reason, where there is one."""
    if reason.because in (Because.AUDIENCE, Because.NEEDS):
        plan = ruleset.plans[reason.owner.removeprefix("plan ")]
        needs = [need for need in (plan.audience, *plan.needs) if need is not None]
        return next((need.condition for need in needs if need.span == reason.span), None)
    if reason.because in (Because.NEVER, Because.BLOCK):
        policy = ruleset.policies[reason.owner.removeprefix("policy ")]
        rules: list[ir.Never | ir.Group] = [*policy.nevers, *policy.blocks]
        return next((rule.condition for rule in rules if rule.span == reason.span), None)
    return None
