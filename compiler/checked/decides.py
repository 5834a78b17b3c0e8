"""decide statements → IR."""

from __future__ import annotations

from compiler.checked import ir
from compiler.checked.crowds import doc_of
from compiler.checked.expressions import Surroundings, Typing, article
from compiler.checked.policies import holdout, only
from compiler.checked.scope import Lookups, Refused
from compiler.types import NUMBER, Kind, Type
from dsl import ast


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
        typing = Typing(names, Surroundings(terms=term_types(names, stated)))
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


def term_types(names: Lookups, stated: dict[str, Type]) -> dict[str, Type | ir.Const | None]:
    """Types of the stated terms, constants for the others. A cost not stated is 0, in the currency of the value."""
    value = stated.get("value")
    nothing = value if value and value.kind is Kind.MONEY else NUMBER
    zero = ir.Const(nothing, 0 if nothing.kind is Kind.MONEY else 0.0)
    one = ir.Const(NUMBER, 1.0)
    defaults = {
        "cost": zero,
        "propensity": one,
        "context": one,
        "lever": one,
        "priority": ir.Const(NUMBER, 0.0),
    }
    return {"value": None, **defaults, **stated}


def require_one_type(names: Lookups, clause: ast.RankBy, found: dict[str, ir.Expr]) -> None:
    types = {expr.type for expr in found.values()}
    if len(types) > 1:
        shown = ", ".join(f"`{plan}` {expr.type}" for plan, expr in found.items())
        raise names.refuse(
            "S410", "plans cannot be ranked against each other", clause.expr.span, notes=(f"ranks: {shown}",)
        )
