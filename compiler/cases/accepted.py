"""What a failed expectation would have to say to come true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.cases import case
from compiler.cases.answered import Telling, of_decide
from compiler.cases.case import alone
from compiler.cases.constants import NOWHERE, Unsayable, constant
from compiler.cases.evaluators import Evaluator, prepared
from compiler.cases.from_ast import PlacedCase
from compiler.cases.run import Failure, Run
from compiler.cases.texts import Texts
from compiler.cases.verdicts import outcome_of
from compiler.checked import ir
from compiler.driver import Compiled
from compiler.facts import Facts
from dsl import ast
from dsl.layout import lay_out
from dsl.printing.tests import TEST
from dsl.source import Place


@dataclass(frozen=True, slots=True)
class Proposal:
    """`text` stands at `place` instead, so that the expectation comes true. Several lines where it takes more than one."""

    case: PlacedCase
    failure: Failure
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Came:
    """An expectation as written and as checked, and what answers at its moment."""

    clause: Any
    line: Any
    ruleset: ir.RuleSet
    evaluator: Evaluator
    facts: Facts
    zone: str


def proposals(compiled: Compiled, cases: Iterable[PlacedCase], texts: Texts) -> Iterator[Proposal]:
    """For every expectation of the cases that fails, in the order of the text."""
    assert compiled.ruleset is not None
    whole, program = prepared(compiled.ruleset)
    statements = {(scope.file, line): test for test, scope, line in compiled.tests}
    for each in cases:
        run = Run(whole, program, texts, each, None)
        for line in run.told():
            failure = run.judge(line, None)
            if failure is not None:
                clause = written(statements[each.file, each.line], line)
                came = Came(clause, line, whole, program, run.story.facts, each.case.zone)
                yield Proposal(each, failure, each.place(line), "\n".join(lines(came)))


def written(test: ast.Test, line: case.Line) -> ast.Clause:
    return next(each for each in test.clauses if each.span == line.span)


def lines(came: Came) -> Iterator[str]:
    for clause in INSTEAD[type(came.line)](came):
        yield from lay_out(TEST[type(clause)](clause))


def plan_came(came: Came) -> Iterator[ast.Clause]:
    line: case.ExpectPlan = came.line
    decision = came.evaluator.decide(line.decide or alone(line.plan), came.facts)
    telling, outcome = Telling(came.ruleset, decision, came.zone), outcome_of(decision, line.plan)
    yield telling.ranks(outcome) if line.verdict == "ranks" else telling.expect(outcome)


def decide_came(came: Came) -> Iterator[ast.Clause]:
    return of_decide(came.evaluator.decide(came.line.decide, came.facts))


def answer_came(came: Came) -> Iterator[ast.Clause]:
    """`expect not …`, `expect unknown …`; of `… is 2`, what it is."""
    condition, found = came.clause.condition, came.evaluator.evaluate(came.line.condition, came.facts)
    value = None if found is None else what_it_is(came)
    yield ast.Expect(NOWHERE, value or said(condition, found), found is None)


def said(condition: ast.Expr, found: Any) -> ast.Expr:
    """The condition, or its contrary where it answers no."""
    if found is not False:
        return condition
    return condition.term if isinstance(condition, ast.Not) else ast.Not(NOWHERE, in_parentheses(condition))


def in_parentheses(condition: ast.Expr) -> ast.Expr:
    return ast.Group(NOWHERE, condition) if isinstance(condition, ast.And | ast.Or) else condition


def what_it_is(came: Came) -> ast.Expr | None:
    """`count of cart_add ever is 3`, where 2 were expected."""
    written, checked = came.clause.condition, came.line.condition
    if not (isinstance(written, ast.Is) and isinstance(checked, ir.Equal)) or written.negated:
        return None
    value = came.evaluator.evaluate(checked.left, came.facts)
    if value is None:
        return ast.IsMissing(NOWHERE, written.left, False)
    try:
        return ast.Is(NOWHERE, written.left, constant(checked.left.type, value, came.zone), False)
    except Unsayable:
        return None


INSTEAD: Mapping[type[case.Line], Callable[[Came], Iterator[ast.Clause]]] = {
    case.ExpectAnswer: answer_came,
    case.ExpectPlan: plan_came,
    case.ExpectDecide: decide_came,
}


def accepted(text: str, accepting: Iterable[Proposal]) -> str:
    """A file's text with the proposals for it in their places."""
    rows = text.split("\n")
    for each in sorted(accepting, key=lambda each: each.place.span.line, reverse=True):
        span = each.place.span
        first, last = rows[span.line - 1], rows[span.end_line - 1]
        indent = first[: len(first) - len(first.lstrip())]
        replaced = each.text.replace("\n", f"\n{indent}")
        rows[span.line - 1 : span.end_line] = [
            *(first[: span.column - 1] + replaced + last[span.end_column - 1 :]).split("\n")
        ]
    return "\n".join(rows)
