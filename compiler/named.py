"""What definitions name: other definitions and declarations, by their keys (`crowd hot_cart`, `event order_paid`,
`user.tier`, `input.page`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from compiler.checked import ir
from compiler.checked.invariants import expressions

Key: TypeAlias = str


def named_by(definition: ir.Definition) -> Iterator[Key]:
    """What a definition names itself; a name may come more than once."""
    yield from _PARTS[type(definition)](definition)
    for root in expressions(definition):
        yield from named_in(root)


def named_in(expr: ir.Expr) -> Iterator[Key]:
    """What an expression names itself."""
    for part in ir.subexpressions(expr):
        if (names := _EXPRESSIONS.get(type(part))) is not None:
            yield from names(part)


def definitions(ruleset: ir.RuleSet) -> Iterator[ir.Definition]:
    """All that the statements of a rule set define."""
    for kind in (
        ruleset.crowds,
        ruleset.scores,
        ruleset.policies,
        ruleset.campaigns,
        ruleset.plans,
        ruleset.decides,
    ):
        yield from kind.values()


def needed(ruleset: ir.RuleSet, roots: Iterable[Key]) -> set[Key]:
    """The keys, and all that they lead to."""
    of_key = {definition.key: definition for definition in definitions(ruleset)}
    pending, found = list(roots), set()
    while pending:
        key = pending.pop()
        if key not in found:
            found.add(key)
            pending += named_by(of_key[key]) if key in of_key else ()
    return found


def _of_policy(policy: ir.Policy) -> Iterator[Key]:
    yield from (
        f"event {limit.event}" for limit in policy.limits if isinstance(limit, ir.Cooldown) and limit.event
    )


def _of_plan(plan: ir.Plan) -> Iterator[Key]:
    yield from (f"policy {name}" for name in plan.policies)
    if plan.campaign is not None:
        yield f"campaign {plan.campaign}"
    if plan.trigger is not None:
        yield f"event {plan.trigger.event}"
        if plan.trigger.unless is not None:
            yield f"event {plan.trigger.unless.event}"


_PARTS: Mapping[type[ir.Definition], Callable[[Any], Iterable[Key]]] = {
    ir.Crowd: lambda crowd: (),
    ir.Score: lambda score: (),
    ir.Campaign: lambda campaign: (),
    ir.Policy: _of_policy,
    ir.Plan: _of_plan,
    ir.Decide: lambda decide: (f"plan {name}" for name in decide.plans),
}


def _of_aggregate(expr: ir.Aggregate) -> Iterator[Key]:
    yield f"event {expr.event}"
    if expr.without is not None:
        yield f"event {expr.without.event}"


def _of_sequence(expr: ir.Sequence) -> Iterator[Key]:
    yield from (f"event {name}" for name in (expr.first, expr.then, expr.without) if name is not None)


_EXPRESSIONS: Mapping[type[ir.Expr], Callable[[Any], Iterable[Key]]] = {
    ir.Attribute: lambda expr: (f"{expr.scope}.{expr.name}",),
    ir.InCrowd: lambda expr: (f"crowd {expr.crowd}",),
    ir.InList: lambda expr: (f"list {expr.list}",),
    ir.ScoreRef: lambda expr: (f"score {expr.score}",),
    ir.GradeRef: lambda expr: (f"score {expr.score}",),
    ir.Did: lambda expr: (f"event {expr.event}",),
    ir.SinceLast: lambda expr: (f"event {expr.event}",),
    ir.Aggregate: _of_aggregate,
    ir.Sequence: _of_sequence,
}
