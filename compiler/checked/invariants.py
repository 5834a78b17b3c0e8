"""What the typed IR promises, as code: run on every definition that is checked, so that evaluators need not look again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from compiler.checked import ir
from compiler.types import CONDITION, INT, ORDERED, Kind


class BrokenInvariant(AssertionError):
    """A mistake of the checker, never of the rules."""


def require_invariants(ruleset: ir.RuleSet, definitions: Iterable[Any]) -> None:
    """Every expression of the definitions keeps its promise, and every name that one mentions is declared."""
    for definition in definitions:
        require_promises(ruleset, definition, parts_of(definition))


def require_promises(ruleset: ir.RuleSet, definition: Any, parts: Iterable[ir.Expr]) -> None:
    """As `require_invariants`, where the parts of a definition are at hand."""
    for part in parts:
        promise = PROMISES.get(type(part))
        if promise is not None and not promise(ruleset, part):
            raise BrokenInvariant(f"{definition.key}: {part}")


def parts_of(definition: Any) -> list[ir.Expr]:
    """Every expression of a definition, each before those below it."""
    return [part for root in expressions(definition) for part in ir.subexpressions(root)]


def expressions(definition: Any) -> Iterator[ir.Expr]:
    """Every root expression of a definition; none for what is no definition."""
    of_kind = EXPRESSIONS.get(type(definition))
    return iter(()) if of_kind is None else of_kind(definition)


def score_expressions(score: ir.Score) -> Iterator[ir.Expr]:
    for line in score.lines:
        yield line.points
        if line.condition is not None:
            yield line.condition


def policy_expressions(policy: ir.Policy) -> Iterator[ir.Expr]:
    yield from (group.condition for group in (*policy.blocks, *policy.allows))
    yield from (never.condition for never in policy.nevers)


def plan_expressions(plan: ir.Plan) -> Iterator[ir.Expr]:
    """Every expression of a plan: audience, needs, trigger, lets, arguments, terms."""
    yield from (need.condition for need in (*([plan.audience] if plan.audience else []), *plan.needs))
    if plan.trigger:
        unless = plan.trigger.unless.where if plan.trigger.unless else None
        yield from (expr for expr in (plan.trigger.where, plan.trigger.when, unless) if expr is not None)
    yield from (expr for _, expr in plan.lets)
    yield from (expr for step in plan.steps for _, expr in step.arguments)
    yield from plan.terms.values()


EXPRESSIONS: Mapping[type, Callable[[Any], Iterator[ir.Expr]]] = {
    ir.Crowd: lambda crowd: iter([crowd.condition]),
    ir.Score: score_expressions,
    ir.Policy: policy_expressions,
    ir.Plan: plan_expressions,
    ir.Decide: lambda decide: iter(decide.rank.values()),
}


def _conditions(ruleset: ir.RuleSet, expr: Any) -> bool:
    return bool(expr.terms) and all(term.type == CONDITION for term in expr.terms)


def _same_ordered(ruleset: ir.RuleSet, expr: Any) -> bool:
    return expr.left.type == expr.right.type and expr.left.type.kind in ORDERED


def _product(ruleset: ir.RuleSet, expr: ir.Product) -> bool:
    flat = len(expr.terms) == len(expr.operators) + 1 == len(expr.steps) + 1 and expr.steps[-1] == expr.type
    ints = all(term.type == INT for term in expr.terms) and set(expr.operators) == {"*"}
    return flat and (ints or all(term.type.kind is not Kind.INT for term in expr.terms))


def _aggregate(ruleset: ir.RuleSet, expr: ir.Aggregate) -> bool:
    known = expr.event in ruleset.events
    return known and (expr.field is None or expr.field.name in ruleset.events[expr.event].fields)


PROMISES: Mapping[type[ir.Expr], Callable[[ir.RuleSet, Any], bool]] = {
    ir.And: _conditions,
    ir.Or: _conditions,
    ir.Not: lambda ruleset, expr: expr.term.type == CONDITION,
    ir.Compare: _same_ordered,
    ir.Equal: lambda ruleset, expr: expr.left.type == expr.right.type,
    ir.Product: _product,
    ir.Sum: lambda ruleset, expr: len(expr.terms) == len(expr.operators) + 1,
    ir.Pick: lambda ruleset, expr: all(value.type == expr.type for value, _ in expr.arms),
    ir.Otherwise: lambda ruleset, expr: expr.value.type == expr.fallback.type == expr.type,
    ir.InCrowd: lambda ruleset, expr: expr.crowd in ruleset.crowds,
    ir.InList: lambda ruleset, expr: expr.list in ruleset.lists,
    ir.InShare: lambda ruleset, expr: 0 <= expr.share <= 1,
    ir.ScoreRef: lambda ruleset, expr: expr.score in ruleset.scores,
    ir.GradeRef: lambda ruleset, expr: bool(ruleset.scores[expr.score].bands),
    ir.Aggregate: _aggregate,
    ir.Did: lambda ruleset, expr: expr.event in ruleset.events and expr.at_least >= 1,
    ir.Convert: lambda ruleset, expr: (
        expr.type != expr.term.type and (expr.rate is None or expr.type.kind is Kind.MONEY)
    ),
}

__all__ = [
    "BrokenInvariant",
    "expressions",
    "parts_of",
    "plan_expressions",
    "require_invariants",
    "require_promises",
]
