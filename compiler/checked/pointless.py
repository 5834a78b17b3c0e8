"""Clauses that let nothing through, change nothing or are never used: each is well formed, but worth a second look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from compiler.checked import ir
from compiler.checked.contradictions import inside
from compiler.checked.invariants import plan_expressions
from compiler.checked.scope import Lookups
from compiler.types import Kind
from dsl import ast
from dsl.source import Span

LEAST_LEVER = 0.5
MOST_CAPS = 100
"""Caps of one policy that are held against each other."""


def look_at_clauses(names: Lookups, statement: Any, definition: Any) -> None:
    """Warn of clauses of one statement."""
    for look in LOOKS.get(type(definition), ()):
        look(names, statement, definition)


# ---- policies


def empty_caps(names: Lookups, statement: ast.Policy, policy: ir.Policy) -> None:
    for clause in statement.clauses:
        if isinstance(clause, ast.Cap) and clause.limit == 0:
            label = "it lets nothing through"
            if clause.tag is None:
                label += f"; to say so, write `never {clause.channel.text} when true`"
            names.note("W406", "a cap of 0", clause.span, label)


def covered_caps(names: Lookups, statement: ast.Policy, policy: ir.Policy) -> None:
    """Caps that are never full before another one is."""
    caps = [limit for limit in policy.limits if isinstance(limit, ir.Cap) and limit.limit > 0][:MOST_CAPS]
    found: dict[Span, ir.Cap] = {}
    for one, other in combinations(caps, 2):
        if covers(one, other):
            found.setdefault(other.span, one)
        elif covers(other, one):
            found.setdefault(one.span, other)
    for span, stricter in found.items():
        label = f"the cap of {stricter.limit} for {stricter.channel or 'all'} is full before it"
        names.note("W411", "this cap changes nothing", span, label)


def covers(strict: ir.Cap, loose: ir.Cap) -> bool:
    """Whether the strict cap is full whenever the loose one is, and asks for as much."""
    return (
        strict.limit <= loose.limit
        and strict.channel in (None, loose.channel)
        and strict.tag in (None, loose.tag)
        and strict.then in (ir.Then.BLOCK, loose.then)
        and within(loose.period, strict.period)
    )


SHORTER = frozenset({("day", "week"), ("day", "month")})


def within(period: ir.Period, other: ir.Period) -> bool:
    """Whether the other period, as it stands at any instant, holds all of this one."""
    if isinstance(period, ir.Calendar):
        if isinstance(other, ir.Calendar):
            return period == other or (period.unit, other.unit) in SHORTER
        return period.unit == "day" and inside(ir.LocalDay(), other)
    return isinstance(other, ir.Rolling) and inside(period, other)


# ---- campaigns, decides, budgets


def holdout(names: Lookups, statement: Any, owner: ir.Campaign | ir.Decide) -> None:
    if owner.holdout is not None and owner.holdout.share in (0, 1):
        who = "nobody" if owner.holdout.share == 0 else "everybody"
        names.note("W407", f"{who} is held out", owner.holdout.span, "leave the holdout out, or take a part")


def at_most(names: Lookups, statement: ast.Decide, decide: ir.Decide) -> None:
    if decide.at_most is not None and decide.at_most.limit == 0:
        names.note("W406", "at most 0", decide.at_most.span, "none of these plans would ever be sent")


def empty_budget(names: Lookups, statement: Any, owner: ir.Campaign | ir.Plan) -> None:
    if owner.budget is not None and owner.budget.amount == 0:
        names.note("W406", "a budget of 0", owner.budget.span, "nothing would ever be sent")


# ---- plans


def unused_budget(names: Lookups, statement: ast.Plan, plan: ir.Plan) -> None:
    if plan.budget is not None and plan.budget.currency is not None and "cost" not in plan.terms:
        label = "add a line `cost …`, or count the sends: `budget 500 …`"
        names.note("W411", "this budget is never used up: the plan costs nothing", plan.budget.span, label)


def propensity(names: Lookups, statement: ast.Plan, plan: ir.Plan) -> None:
    stated = plan.terms.get("propensity")
    if not isinstance(stated, ir.Const) or not isinstance(stated.value, (int, float)):
        return
    if stated.type.kind is Kind.MONEY or not 0 <= stated.value <= 1:
        clause = term(statement, "propensity")
        names.note(
            "W412", "this is not a probability", clause.expr.span, "it is between 0 and 1: 5 % is `0.05`"
        )


def lever(names: Lookups, statement: ast.Plan, plan: ir.Plan) -> None:
    stated = plan.terms.get("lever")
    if not isinstance(stated, ir.Const) or not isinstance(stated.value, (int, float)):
        return
    if stated.value < LEAST_LEVER:
        clause, label = term(statement, "lever"), "it multiplies: ten per cent more is `110%`, ten less `90%`"
        names.note("W414", "this lever takes most of the rank away", clause.expr.span, label)


def term(statement: ast.Plan, keyword: str) -> ast.Term:
    return next(each for each in statement.clauses if isinstance(each, ast.Term) and each.keyword == keyword)


def unused_lets(names: Lookups, statement: ast.Plan, plan: ir.Plan) -> None:
    used = {
        part.name
        for expr in plan_expressions(plan)
        for part in ir.subexpressions(expr)
        if isinstance(part, ir.LetRef)
    }
    for clause in statement.clauses:
        if isinstance(clause, ast.Let) and clause.name.text not in used:
            names.note(
                "W405", f"`{clause.name.text}` is not used", clause.name.span, "leave the line out, or use it"
            )


# ---- scores


def grades_out_of_reach(names: Lookups, statement: ast.Score, score: ir.Score) -> None:
    most = most_points(score)
    written = next((clause.bands for clause in statement.clauses if isinstance(clause, ast.Grades)), ())
    for band, clause in zip(score.bands, written, strict=True):
        if most is not None and band.threshold is not None and band.threshold > most:  # type: ignore[operator]
            label = f"all lines add up to {most} at most"
            names.note("W404", f"grade `{band.grade}` is out of reach", clause.span, label)


def most_points(score: ir.Score) -> float | None:
    """The largest total where all points are constants; a line without condition always counts."""
    total: float = 0
    for line in score.lines:
        if not isinstance(line.points, ir.Const) or not isinstance(line.points.value, (int, float)):
            return None
        points = line.sign * line.points.value
        total += points if line.condition is None else max(0, points)
    return total


LOOKS: Mapping[type, tuple[Callable[[Lookups, Any, Any], None], ...]] = {
    ir.Policy: (empty_caps, covered_caps),
    ir.Campaign: (holdout, empty_budget),
    ir.Decide: (holdout, at_most),
    ir.Plan: (empty_budget, unused_budget, propensity, lever, unused_lets),
    ir.Score: (grades_out_of_reach,),
}
