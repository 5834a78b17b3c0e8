"""decide statements → IR."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from compiler.checked import ir
from compiler.checked.crowds import doc_of
from compiler.checked.expressions import Surroundings, Typing, as_number
from compiler.checked.policies import holdout, only
from compiler.checked.scope import Lookups, Refused
from compiler.checked.wording import called, some
from compiler.types import NUMBER, Kind, Type
from dsl import ast
from dsl.source import Span

Stated = tuple[tuple[str, Type], ...]
"""The terms that a plan states, with their types."""


def check_decide(names: Lookups, node: ast.Decide) -> ir.Decide:
    at_most = only(names, node.clauses, ast.AtMost, "at most")
    rank = only(names, node.clauses, ast.RankBy, "rank by")
    plans, held = names.together(
        lambda: among(names, node),
        lambda: holdout(names, only(names, node.clauses, ast.CampaignHoldout, "holdout")),
    )
    return ir.Decide(
        names.scope.qualify(node.name.text),
        doc_of(node.doc),
        node.name.span,
        plans,
        ranks(names, rank, plans) if rank else {},
        rank.span if rank else None,
        held,
        ir.AtMost(at_most.limit, at_most.per.value, at_most.span) if at_most else None,
    )


def among(names: Lookups, node: ast.Decide) -> tuple[str, ...]:
    clause = only(names, node.clauses, ast.Among, "among")
    if clause is None:
        raise names.refuse(
            "S407", f"decide `{node.name.text}` has no plans", node.name.span, "add a line `among PLAN, PLAN`"
        )
    seen: set[str] = set()
    for ref in clause.plans:
        if ref.text in seen:
            names.note("S404", f"plan `{ref.text}` stands here twice", ref.span, "leave it out")
        seen.add(ref.text)
    found = names.each(lambda ref: names.named("S213", "plan", "plan", ref), clause.plans)
    return tuple(dict.fromkeys(found))


# ---- ranks


def ranks(names: Lookups, clause: ast.RankBy, plans: tuple[str, ...]) -> dict[str, ir.Expr]:
    """The rank expression typed for each plan; the ranks of all plans have one type."""
    stated: dict[str, Stated] = dict(names.each(lambda plan: (plan, names.find("plan", plan)), plans))
    alike: dict[Stated, list[str]] = defaultdict(list)
    for plan in plans:
        alike[stated[plan]].append(plan)
    found = ranks_of(names, clause, alike)
    ranked = {plan: found[stated[plan]] for plan in plans}
    require_one_type(names, clause, ranked)
    if any(expr.type.kind is Kind.NUMBER for expr in found.values()):
        return {plan: in_number(expr, clause) for plan, expr in ranked.items()}
    return ranked


def ranks_of(names: Lookups, clause: ast.RankBy, alike: Mapping[Stated, list[str]]) -> dict[Stated, ir.Expr]:
    """The rank of plans that state the same terms. What is wrong with some of them alone is said with their names."""
    before = len(names.findings)
    ranks, wrong = {}, defaultdict(list)
    for stated in alike:
        typing = Typing(names, Surroundings(terms=terms_of(dict(stated), clause.span)))
        ranks[stated] = names.attempt(lambda: rank(typing, clause))  # noqa: B023
        for finding in names.findings[before:]:
            wrong[finding].append(stated)
        del names.findings[before:]
    for finding, where in wrong.items():
        of_some = len(where) < len(alike) or not finding.code.startswith("S2")
        notes = (
            (concerned(clause, where[0], [plan for each in where for plan in alike[each]]),)
            if of_some
            else ()
        )
        names.findings.append(replace(finding, notes=(*finding.notes, *notes)))
    return dict(zip(ranks, names.each(known, ranks.values()), strict=True))


def known(expr: ir.Expr | None) -> ir.Expr:
    if expr is None:
        raise Refused
    return expr


def in_number(expr: ir.Expr, clause: ast.RankBy) -> ir.Expr:
    return as_number(expr, clause.span) if expr.type.kind is Kind.INT else expr


def concerned(clause: ast.RankBy, stated: Stated, plans: list[str]) -> str:
    """`this is so for plan p, where value is money in EUR, cost a whole number`."""
    ranked_by = {node.ref.text for node in ast.walk(clause.expr) if isinstance(node, ast.RefExpr)}
    types = [f"`{name}` is {called(type_)}" for name, type_ in stated if name in ranked_by]
    where = f", where {', '.join(types)}" if types else ""
    return f"this is so for {'plan' if len(plans) == 1 else 'plans'} {some(plans)}{where}"


def rank(typing: Typing, clause: ast.RankBy) -> ir.Expr:
    expr = typing.value(clause.expr)
    if expr.type.kind not in (Kind.INT, Kind.NUMBER, Kind.MONEY):
        message = f"a rank is a number or money, this is {called(expr.type)}"
        raise typing.names.refuse("S303", message, clause.expr.span)
    return expr


def terms_of(stated: Mapping[str, Type], span: Span) -> dict[str, ir.Expr | None]:
    """What each term of a plan means in its rank.

    Unstated are: cost 0, in the currency of the value; propensity, context and lever 1; priority their product with
    the value. There is no value but a stated one.
    """
    value = stated.get("value")
    free = ir.Const(value, 0) if value and value.kind is Kind.MONEY else ir.Const(NUMBER, 0.0)
    one = ir.Const(NUMBER, 1.0)
    terms: dict[str, ir.Expr | None] = {
        "value": None,
        "cost": free,
        "propensity": one,
        "context": one,
        "lever": one,
    }
    terms |= {name: ir.PlanTerm(type_, name) for name, type_ in stated.items()}
    return {"priority": priority(terms, span), **terms}


def priority(terms: Mapping[str, ir.Expr | None], span: Span) -> ir.Expr | None:
    """propensity × context × value × lever."""
    factors = [as_factor(terms[name], span) for name in ("propensity", "context", "value", "lever")]
    present = tuple(factor for factor in factors if factor is not None)
    if len(present) < len(factors):
        return None
    whole = present[2].type
    return ir.Product(whole, present, ("*", "*", "*"), (NUMBER, whole, whole), span)


def as_factor(term: ir.Expr | None, span: Span) -> ir.Expr | None:
    return as_number(term, span) if term is not None and term.type.kind is Kind.INT else term


def require_one_type(names: Lookups, clause: ast.RankBy, found: Mapping[str, ir.Expr]) -> None:
    """Money of one currency, or numbers."""
    of_type: dict[Type, str] = {}
    for plan, expr in found.items():
        of_type.setdefault(in_number(expr, clause).type, plan)
    if len(of_type) > 1:
        shown = [f"`{plan}` {called(type_)}" for type_, plan in of_type.items()]
        raise names.refuse(
            "S410",
            "these plans cannot be ranked against each other",
            clause.expr.span,
            "give all of them money in one currency, or all of them numbers",
            (f"for example, this is for {', for '.join(shown)}",),
        )
