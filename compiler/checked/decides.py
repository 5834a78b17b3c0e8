"""decide statements → IR."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.checked import ir
from compiler.checked.crowds import doc_of
from compiler.checked.expressions import Surroundings, Typing, article, as_number
from compiler.checked.policies import holdout, only
from compiler.checked.scope import Lookups, Refused
from compiler.types import NUMBER, Kind, Type
from dsl import ast
from dsl.source import Span


def check_decide(names: Lookups, node: ast.Decide) -> ir.Decide:
    plans = among(names, node)
    rank = only(names, node.clauses, ast.RankBy, "rank by")
    at_most = only(names, node.clauses, ast.AtMost, "at most")
    return ir.Decide(
        names.scope.qualify(node.name.text),
        doc_of(node.doc),
        node.name.span,
        plans,
        ranks(names, rank, plans) if rank else {},
        rank.span if rank else None,
        holdout(names, only(names, node.clauses, ast.CampaignHoldout, "holdout")),
        ir.AtMost(at_most.limit, at_most.per.value, at_most.span) if at_most else None,
    )


def among(names: Lookups, node: ast.Decide) -> tuple[str, ...]:
    clause = only(names, node.clauses, ast.Among, "among")
    if clause is None:
        raise names.refuse(
            "S407", f"decide `{node.name.text}` has no plans", node.name.span, "add a line `among PLAN, PLAN`"
        )
    plans: dict[str, None] = {}
    for ref in clause.plans:
        name = names.attempt(lambda ref=ref: names.named("S213", "plan", "plan", ref))  # type: ignore[misc]
        if name in plans:
            names.note("S404", f"plan `{ref.text}` stands here twice", ref.span)
        if name is not None:
            plans[name] = None
    if len(plans) < len(clause.plans):
        raise Refused
    return tuple(plans)


def ranks(names: Lookups, clause: ast.RankBy, plans: tuple[str, ...]) -> dict[str, ir.Expr]:
    """The rank expression typed for each plan; the ranks of all plans have one type."""
    found: dict[str, ir.Expr] = {}
    for plan in plans:
        stated = dict(names.find("plan", plan))
        typing = Typing(names, Surroundings(terms=terms_of(stated, clause.span)))
        found[plan] = rank_of(typing, clause, plan)
    if any(expr.type.kind is Kind.NUMBER for expr in found.values()):
        typing = Typing(names)
        found = {plan: typing.converted(expr, NUMBER, clause.span) or expr for plan, expr in found.items()}
    require_one_type(names, clause, found)
    return found


def rank_of(typing: Typing, clause: ast.RankBy, plan: str) -> ir.Expr:
    before = len(typing.names.findings)
    try:
        expr = typing.value(clause.expr)
    except Refused:
        if len(typing.names.findings) > before:
            last = typing.names.findings[-1]
            typing.names.findings[-1] = type(last)(
                last.code,
                last.severity,
                last.message,
                last.place,
                last.label,
                (*last.notes, f"for plan `{plan}`"),
                last.fix,
            )
        raise
    if expr.type.kind not in (Kind.INT, Kind.NUMBER, Kind.MONEY):
        raise typing.names.refuse(
            "S303", f"a rank is a number or money, this is {article(expr.type)}", clause.expr.span
        )
    return expr


def terms_of(stated: dict[str, Type], span: Span) -> dict[str, ir.Expr | None]:
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


def require_one_type(names: Lookups, clause: ast.RankBy, found: dict[str, ir.Expr]) -> None:
    types = {expr.type for expr in found.values()}
    if len(types) > 1:
        shown = ", ".join(f"`{plan}` {expr.type}" for plan, expr in found.items())
        raise names.refuse(
            "S410", "plans cannot be ranked against each other", clause.expr.span, notes=(f"ranks: {shown}",)
        )
