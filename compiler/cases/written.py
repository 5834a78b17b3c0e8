"""Tests from life: facts about one user, and what the rules make of them, as a `test` in the language.

told        facts -> lines
answered    an answer -> expectations
constants   values -> constants
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from compiler.cases import answered
from compiler.cases.case import alone
from compiler.cases.constants import NOWHERE
from compiler.cases.evaluators import prepared
from compiler.cases.from_json import checked_tests
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from compiler.cases.told import Telling
from compiler.checked import ir
from compiler.decision.holdouts import holdout_test
from compiler.driver import Compiled
from compiler.facts import Facts
from compiler.manifest import OfCrowds, OfDecide, OfPlan, manifest
from compiler.types import UNAVAILABLE, Answer
from dsl import ast
from dsl.layout import lay_out
from dsl.printing import printed
from dsl.source import Source

Question = OfDecide | OfPlan | OfCrowds
"""`OfPlan`: of a plan that no decide lists."""


@dataclass(frozen=True, slots=True)
class Written:
    """`text`: the statement in the one layout. `left_out`: what it does not tell, and why, though the answer is the same."""

    text: str
    left_out: tuple[str, ...]


class CannotWrite(Exception):
    """The answer rests on something that no line of a test tells. `left_out` says what; empty is a bug of ours."""

    def __init__(self, left_out: tuple[str, ...]) -> None:
        super().__init__("; ".join(left_out))
        self.left_out = left_out


class Writer:
    """Writes tests of one rule set."""

    def __init__(self, compiled: Compiled) -> None:
        assert compiled.ruleset is not None
        self.compiled, self.ruleset = compiled, compiled.ruleset
        self.whole, self.program = prepared(compiled.ruleset)

    def write(self, question: Question, facts: Facts, name: str) -> Written:
        """A test of that name, which passes. It tells what the rules look at for the question. Raises CannotWrite."""
        needed = manifest(self.ruleset, question)
        telling = Telling(
            self.ruleset, self.held(question, needed.cut(facts)), needed.attributes, needed.inputs
        )
        return self.told(question, telling, name)

    def write_whole(self, question: Question, facts: Facts, name: str) -> Written:
        """The same, but it tells all that the facts do. Raises CannotWrite."""
        declared = self.ruleset.attributes, self.ruleset.inputs
        return self.told(question, Telling(self.ruleset, self.held(question, facts), *declared), name)

    def held(self, question: Question, facts: Facts) -> Facts:
        """With the control groups that hold the user out, which go by the hash of the name unless they are told."""
        return replace(facts, held_out=held_out(self.ruleset, question, facts))

    def told(self, question: Question, telling: Telling, name: str) -> Written:
        clauses = [*telling.clauses(), *self.expectations(question, telling.facts, telling.zone)]
        text = "\n".join(lay_out(printed(ast.Test(NOWHERE, ast.Text(NOWHERE, name), tuple(clauses)))))
        left_out = tuple(dict.fromkeys(telling.left_out))
        if not self.passes(text):
            raise CannotWrite(left_out)
        return Written(text, left_out)

    def expectations(self, question: Question, facts: Facts, zone: str) -> Iterator[ast.Clause]:
        if isinstance(question, OfCrowds):
            names = self.ruleset.crowds if question.names is None else question.names
            return answered.of_crowds({name: self.membership(name, facts) for name in names})
        decide = question.name if isinstance(question, OfDecide) else alone(question.name)
        return answered.of_decision(self.ruleset, self.program.decide(decide, facts), zone)

    def membership(self, name: str, facts: Facts) -> Answer:
        """Of a crowd or a list."""
        if name in self.ruleset.crowds:
            return self.program.crowd(name, facts)
        held = facts.lists.get(name, False)
        return None if held is UNAVAILABLE else held

    def passes(self, text: str) -> bool:
        """Whether the test is read without a finding, and comes true."""
        source = Source("a test", text)
        checked = checked_tests(self.compiled, source)
        if checked.diagnostics or not checked.cases:
            return False
        return all(result.passed for result in run_cases(self.ruleset, checked.cases, Texts([source])))


def held_out(ruleset: ir.RuleSet, question: Question, facts: Facts) -> frozenset[str]:
    """The control groups among those asked about that hold the user out."""
    holders = holders_of(ruleset, question)
    tests = ((each.name, holdout_test(each.name, each.holdout, ruleset.user_key)) for each in holders)
    return frozenset(name for name, holds_out in tests if holds_out(facts))


def holders_of(ruleset: ir.RuleSet, question: Question) -> Iterator[ir.Campaign | ir.Decide]:
    if isinstance(question, OfDecide):
        yield ruleset.decides[question.name]
    for plan in plans_of(ruleset, question):
        campaign = ruleset.plans[plan].campaign
        if campaign is not None:
            yield ruleset.campaigns[campaign]


def plans_of(ruleset: ir.RuleSet, question: Question) -> tuple[str, ...]:
    if isinstance(question, OfCrowds):
        return ()
    return ruleset.decides[question.name].plans if isinstance(question, OfDecide) else (question.name,)
