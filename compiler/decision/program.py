"""A rule set made ready to answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from compiler.checked.ir import Expr, Plan, RuleSet
from compiler.decision.aggregates import AGGREGATES
from compiler.decision.alone import Test, compile_alone
from compiler.decision.arithmetic import ARITHMETIC
from compiler.decision.case import Case
from compiler.decision.chains import CHAINS
from compiler.decision.channels import Policies, sendings
from compiler.decision.choose import Chooser
from compiler.decision.comparisons import COMPARISONS
from compiler.decision.conditions import CONDITIONS
from compiler.decision.contact import contact_through
from compiler.decision.context import Context
from compiler.decision.crowds import Bitmaps, Ids, Matching, all_crowds, crowd_tree
from compiler.decision.events import EVENTS
from compiler.decision.gates import Charge, PlanGates, Seat
from compiler.decision.limits import Sending
from compiler.decision.occurrences import Occurrence
from compiler.decision.scores import grade_tree, score_tree
from compiler.decision.trees import Tree, Trees
from compiler.decision.values import VALUES, ZONE, define_local_time
from compiler.facts import Event, Facts, Touch
from compiler.outcome import Attempt, Contact, Decision, PlanOutcome, Verdict
from compiler.types import Answer, Value
from dsl.collector import collector_paused
from dsl.frozen import dataclass

BUILDERS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    **VALUES,
    **ARITHMETIC,
    **COMPARISONS,
    **CONDITIONS,
    **CHAINS,
    **EVENTS,
    **AGGREGATES,
}
"""One builder for each kind of expression of the IR."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An occurrence of a plan."""

    plan: str
    activity: str
    occurrence: Occurrence


class Program:
    """Answers from one rule set, given facts. Immutable once built: any number of threads may use it."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.trees = Trees(ruleset, BUILDERS, _definitions(ruleset))
        define_local_time(self.trees)
        self.groups = (*ruleset.crowds, *ruleset.lists)
        """By id: what a user can be in."""
        self.ids = {name: id for id, name in enumerate(self.groups)}
        self._crowds = all_crowds(ruleset, self.trees)
        self._scores = {name: self.trees.kept_entry(f"score {name}") for name in ruleset.scores}
        self._alone: dict[str, Test] = {}
        self._zone = self.trees.kept_entry(ZONE)
        self._policies = Policies(self.trees)
        self._plans = compile_plans(self.trees, self._policies)
        self._deciders = {
            name: Chooser(decide, self._plans, self.trees) for name, decide in ruleset.decides.items()
        }
        self._triggered: defaultdict[str, list[PlanGates]] = defaultdict(list)
        for gates in self._plans.values():
            if gates.plan.trigger is not None:
                self._triggered[gates.plan.trigger.event].append(gates)
        self._grades = {
            name: self.trees.kept_entry(f"grade {name}")
            for name, score in ruleset.scores.items()
            if score.bands
        }

    def crowd(self, name: str, facts: Facts) -> Answer:
        """Whether the user is in the crowd: yes, no or unknown. KeyError: no such crowd."""
        try:
            test = self._alone[name]
        except KeyError:
            test = self.test(name)
        return test(facts)

    def test(self, name: str) -> Test:
        """A crowd's own test, for who asks about many users. Made when it is first asked for, in a fraction of a
        millisecond; two threads may make it twice, alike. KeyError: no such crowd."""
        made = self._alone.get(name)
        if made is None:
            made = compile_alone(self.ruleset.crowds[name].condition, self.trees.visit(keep=False))
        return self._alone.setdefault(name, made)

    def crowds(self, facts: Facts) -> Mapping[str, Answer]:
        """Every crowd's answer, in the order of the rule set."""
        return self._crowds.answers(facts)

    def matching(self, facts: Facts) -> Matching:
        """The crowds that hold the user and those of which it is unknown: quicker than all answers where they are
        many. The order is the same for every user."""
        return self._crowds.matching(facts)

    def crowd_ids(self, facts: Facts) -> Ids:
        """The same by id, ascending."""
        return self._crowds.ids(facts)

    def crowd_bitmaps(self, facts: Facts) -> Bitmaps:
        """The same as bits, one for each crowd of the rule set, by id."""
        return self._crowds.bitmaps(facts)

    def score(self, name: str, facts: Facts) -> Value:
        """The total, maybe MISSING or UNAVAILABLE. KeyError: no such score."""
        total: Value = self._scores[name](Context(facts))
        return total

    def grade(self, name: str, facts: Facts) -> Value:
        """The grade's name, maybe MISSING or UNAVAILABLE. KeyError: no such score, or one without grades."""
        grade: Value = self._grades[name](Context(facts))
        return grade

    def evaluate(self, expr: Expr, facts: Facts) -> Value:
        """The value of an expression of this rule set; of a condition its Answer, None for unknown."""
        value: Value = self.trees.visit().entry(expr)(Context(facts))
        return value

    def decide(self, name: str, facts: Facts) -> Decision:
        """What should be done about the user, and why. KeyError: no such decide."""
        return self._deciders[name].decide(self._case(facts))

    def plan(self, name: str, facts: Facts) -> PlanOutcome:
        """A plan judged alone, as by a decide without rank, `at most` and holdout. KeyError: no such plan."""
        case, plan = self._case(facts), self._plans[name]
        return plan.stand(case, plan.answers(case.context), None, Seat()).outcome

    def openings(self, type: str, event: Event, facts: Facts) -> tuple[Opening, ...]:
        """The occurrences that an event opens, of plans in the order of the rule set. `facts` hold the event, too."""
        found = (
            (each.plan, each.occurrences.opened_by(facts, event))
            for each in self._triggered.get(type, ())
            if each.occurrences
        )
        return tuple(Opening(plan.name, plan.activity, opened) for plan, opened in found if opened)

    def occurrences(self, facts: Facts) -> tuple[Opening, ...]:
        """The occurrences that the facts tell of, those included that are cancelled or have expired."""
        context = Context(facts)
        return tuple(
            Opening(each.plan.name, each.plan.activity, found)
            for each in self._plans.values()
            if each.occurrences
            for found in each.occurrences.found(context)
        )

    def charges(self, plan: str, facts: Facts) -> tuple[Charge, ...]:
        """What a contact by this plan takes of budgets. KeyError: no such plan."""
        return self._plans[plan].charges(Context(facts))

    def attempt(self, plan: str, channel: str, occurrence: str, facts: Facts) -> Attempt:
        """A send by this plan through the first of its steps that has the channel. KeyError: no such plan."""
        return self._plans[plan].attempt(channel, occurrence, Context(facts))

    def touch(self, plan: str, channel: str, occurrence: str, time: int) -> Touch:
        """What a contact by this plan leaves behind. KeyError: no such plan."""
        return self._plans[plan].touch(channel, occurrence, time)

    def contact(self, plan: str, facts: Facts) -> Contact:
        """May the plan contact the user, whoever it is for and whatever triggers it. KeyError: no such plan."""
        gates = self._plans[plan]
        contacted = gates.contact(self._case(facts))
        channel = None if contacted.step is None else gates.plan.steps[contacted.step].channel
        return Contact(contacted.verdict, channel, contacted.until, contacted.reasons)

    def granted(self, plan: str, facts: Facts) -> Contact:
        """The same for good: HOLDOUT where it may, but its campaign holds the user out. KeyError: no such plan."""
        contact, holdout = self.contact(plan, facts), self._plans[plan].holdout(facts)
        if contact.verdict is not Verdict.SEND or not holdout:
            return contact
        return replace(contact, verdict=Verdict.HOLDOUT, reasons=holdout)

    def contact_channel(
        self, channel: str, policies: Sequence[str], tags: frozenset[str], kind: str, facts: Facts
    ) -> Contact:
        """May the user be contacted through a channel, obeying the named policies. KeyError: no such policy."""
        rules = self._policies.rules(tuple(policies), Sending(channel, tags, kind == "marketing"))
        contacted = contact_through(rules, self._policies.blocked, self._case(facts))
        used = None if contacted.step is None else channel
        return Contact(contacted.verdict, used, contacted.until, contacted.reasons)

    def _case(self, facts: Facts) -> Case:
        context = Context(facts)
        return Case(context, self._zone(context))


def _definitions(ruleset: RuleSet) -> Mapping[str, Callable[[Trees], Tree]]:
    """How each crowd, score and grade is made."""
    return {
        **{f"crowd {name}": partial(crowd_tree, crowd) for name, crowd in ruleset.crowds.items()},
        **{f"score {name}": partial(score_tree, score) for name, score in ruleset.scores.items()},
        **{f"grade {name}": partial(grade_tree, score) for name, score in ruleset.scores.items()},
    }


def compile_plans(trees: Trees, policies: Policies) -> dict[str, PlanGates]:
    """Every plan of the rule set, by name."""
    compiled = {}
    for plan in trees.ruleset.plans.values():
        channels = [policies.rules(plan.policies, sending) for sending in sendings(plan)]
        compiled[plan.name] = PlanGates(plan, plan_scope(plan, trees), channels, policies.blocked)
    return compiled


def plan_scope(plan: Plan, trees: Trees) -> Trees:
    """Trees that see the plan's lets and stated terms."""
    scope = trees.scope()
    for name, expr in plan.lets:
        scope.define(f"let {name}", partial(scope.build, expr))
    for term, expr in plan.terms.items():
        scope.define(f"term {term}", partial(scope.build, expr))
    return scope


@collector_paused()
def compile_program(ruleset: RuleSet) -> Program:
    """Makes a checked rule set ready to answer. Takes milliseconds for a hundred rules."""
    return Program(ruleset)


def condition(expr: Expr, program: Program) -> Callable[[Context], Answer]:
    """The tree of a condition, for callers that hold a Context of their own."""
    return program.trees.entry(expr)


def value(expr: Expr, program: Program) -> Callable[[Context], Value]:
    """The tree of a value, for callers that hold a Context of their own."""
    return program.trees.entry(expr)
