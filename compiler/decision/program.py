"""A rule set made ready to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from compiler.checked.ir import Expr, RuleSet
from compiler.decision.aggregates import AGGREGATES
from compiler.decision.arithmetic import ARITHMETIC
from compiler.decision.comparisons import COMPARISONS
from compiler.decision.conditions import CONDITIONS
from compiler.decision.context import Context
from compiler.decision.events import EVENTS
from compiler.decision.scores import grade_tree, score_tree
from compiler.decision.trees import Tree, Trees, Undefined
from compiler.decision.values import VALUES, define_local_time
from compiler.facts import Facts
from compiler.types import Answer, Value

BUILDERS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    **VALUES,
    **ARITHMETIC,
    **COMPARISONS,
    **CONDITIONS,
    **EVENTS,
    **AGGREGATES,
}
"""One builder for each kind of expression of the IR."""


class Program:
    """Answers from one rule set, given facts. Immutable once built: any number of threads may use it."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.trees = Trees(ruleset, BUILDERS)
        define_local_time(self.trees)
        defined = define_all(self.trees, _definitions(self.trees))
        self._crowds = {name: defined[f"crowd {name}"] for name in ruleset.crowds}
        self._scores = {name: defined[f"score {name}"] for name in ruleset.scores}
        self._grades = {
            name: defined[f"grade {name}"] for name, score in ruleset.scores.items() if score.bands
        }

    def crowd(self, name: str, facts: Facts) -> Answer:
        """Whether the user is in the crowd: yes, no or unknown. KeyError: no such crowd."""
        answer: Answer = self._crowds[name](Context(facts))
        return answer

    def crowds(self, facts: Facts) -> Mapping[str, Answer]:
        """Every crowd's answer, in the order of the rule set."""
        context = Context(facts)
        return {name: tree(context) for name, tree in self._crowds.items()}

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


def _definitions(trees: Trees) -> dict[str, Callable[[], Tree]]:
    """How each crowd, score and grade is made."""
    ruleset = trees.ruleset
    makers: dict[str, Callable[[], Tree]] = {}
    for crowd in ruleset.crowds.values():
        makers[f"crowd {crowd.name}"] = partial(trees.build, crowd.condition)
    for score in ruleset.scores.values():
        makers[f"score {score.name}"] = partial(score_tree, score, trees)
        makers[f"grade {score.name}"] = partial(grade_tree, score, trees)
    return makers


def define_all(trees: Trees, makers: Mapping[str, Callable[[], Tree]]) -> dict[str, Tree]:
    """Defines everything after what it needs. A crowd may need a score that needs a crowd, so the order is found by
    trying: what turns out to be needed comes first."""
    defined: dict[str, Tree] = {}
    for name in makers:
        waiting = [] if name in defined else [name]
        while waiting:
            try:
                defined[waiting[-1]] = trees.define(waiting[-1], makers[waiting[-1]])
                waiting.pop()
            except Undefined as needed:
                waiting.append(needed.name)
    return defined


def compile_program(ruleset: RuleSet) -> Program:
    """Makes a checked rule set ready to answer. Takes milliseconds for a hundred rules."""
    return Program(ruleset)


def condition(expr: Expr, program: Program) -> Callable[[Context], Answer]:
    """The tree of a condition, for callers that hold a Context of their own."""
    return program.trees.entry(expr)


def value(expr: Expr, program: Program) -> Callable[[Context], Value]:
    """The tree of a value, for callers that hold a Context of their own."""
    return program.trees.entry(expr)
