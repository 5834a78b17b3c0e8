"""`expect …` → typed expectations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from compiler.cases import case
from compiler.cases.entries import constant_of, value_of
from compiler.cases.givens import decide_of, instant, plan_of
from compiler.cases.words import LIMITS, NEEDED, OWNERS, WAITING
from compiler.checked import ir
from compiler.checked.expressions import Typing
from compiler.checked.scope import Broken, Refused
from compiler.checked.wording import listing
from compiler.outcome import Because
from compiler.types import Present, Type, Value
from dsl import ast

NOTHING = ("none", "null", "nobody", "no", "missing", "empty")
"""What people write for `nothing`."""


def expect_answer(typing: Typing, clause: ast.Expect) -> case.Expectation:
    chosen = chosen_plan(typing, clause)
    if chosen is not None:
        return chosen
    condition = typing.condition(clause.condition)
    return case.ExpectAnswer(clause.span, condition, None if clause.unknown else True)


def chosen_plan(typing: Typing, clause: ast.Expect) -> case.ExpectDecide | None:
    """`expect best is offer`, where `best` is a decide."""
    denied = denied_by(clause.condition)
    written = denied or clause.condition
    if not isinstance(written, ast.Is) or clause.unknown:
        return None
    left, right = written.left, written.right
    if not isinstance(left, ast.RefExpr) or not isinstance(right, ast.RefExpr):
        return None
    if not means_decide(typing, left.ref, right.ref):
        return None
    if denied:
        raise not_in_front(typing, clause, f"{left.ref.text} {link(not written.negated)} {right.ref.text}")
    return about_decide(typing, clause, left.ref, link(written.negated), right.ref)


def link(negated: bool) -> str:
    return "is not" if negated else "is"


def denied_by(condition: ast.Expr) -> ast.Expr | None:
    """What stands behind a `not`, without its parentheses."""
    if not isinstance(condition, ast.Not):
        return None
    inner = condition.term
    while isinstance(inner, ast.Group):
        inner = inner.inner
    return inner


def not_in_front(typing: Typing, clause: ast.Expect, mended: str) -> Refused:
    """`expect not best is offer`: what a decide says is no condition."""
    return typing.names.refuse(
        "S207",
        "what a decide chooses is not a condition that `not` could deny",
        clause.condition.span,
        f"write `expect {mended}`",
        replacement=mended,
    )


def means_decide(typing: Typing, left: ast.Ref, right: ast.Ref) -> bool:
    """Whether `left is right` asks which plan a decide chooses; also where the decide is misspelt."""
    names = typing.names
    if names.find("decide", names.scope.qualify(left.text)) is not None:
        return True
    is_plan = names.find("plan", names.scope.qualify(left.text)) is not None
    names_plan = names.find("plan", names.scope.qualify(right.text)) is not None
    return (is_plan or names_plan) and len(left.parts) == 1 and not typing.means_something(left.text)


def expect_decide(typing: Typing, clause: ast.ExpectDecide) -> case.ExpectDecide:
    return about_decide(typing, clause, clause.decide, clause.verdict, clause.plan)


def about_decide(
    typing: Typing, clause: ast.Clause, ref: ast.Ref, verdict: str, plan_ref: ast.Ref | None
) -> case.ExpectDecide:
    decide = decide_of(typing, ref)
    if plan_ref is None:
        return case.ExpectDecide(clause.span, decide.name, verdict)
    require_not_nothing(typing, plan_ref)
    plan = plan_of(typing, plan_ref)
    require_among(typing, plan, decide, plan_ref)
    if verdict == "holds out":
        require_holdout(typing, plan, decide, plan_ref)
    return case.ExpectDecide(clause.span, decide.name, verdict, plan.name)


def require_not_nothing(typing: Typing, ref: ast.Ref) -> None:
    """`nothing` has one word."""
    if ref.text in NOTHING and typing.names.find("plan", typing.names.scope.qualify(ref.text)) is None:
        hint = "no plan at all is `nothing`"
        raise typing.names.refuse("S213", f"unknown plan `{ref.text}`", ref.span, hint, replacement="nothing")


def require_among(typing: Typing, plan: ir.Plan, decide: ir.Decide, ref: ast.Ref) -> None:
    if plan.name not in decide.plans:
        raise typing.names.refuse(
            "S509",
            f"`{plan.name}` is not among the plans of `{decide.name}`",
            ref.span,
            notes=(f"among {', '.join(decide.plans)}",),
        )


def require_holdout(typing: Typing, plan: ir.Plan, decide: ir.Decide | None, ref: ast.Ref) -> None:
    campaign = typing.names.find("definition", f"campaign {plan.campaign}") if plan.campaign else None
    if not (decide and decide.holdout) and not getattr(campaign, "holdout", None):
        raise typing.names.refuse(
            "S506",
            f"nobody is held out of `{plan.name}`",
            ref.span,
            "neither its campaign nor a decide has a holdout",
        )


# ---- what becomes of a plan


def expect_plan(typing: Typing, clause: ast.ExpectPlan) -> case.ExpectPlan:
    plan = plan_of(typing, clause.plan)
    decide = judging(typing, plan, clause)
    require_possible(typing, plan, decide, clause)
    return case.ExpectPlan(
        clause.span,
        plan.name,
        decide.name if decide else None,
        clause.verdict,
        content=clause.content.value if clause.content else None,
        channel=channel(typing, plan, clause),
        arguments=arguments(typing, plan, clause),
        until=instant(typing, clause.time) if clause.time else None,
        because=reasons(typing, clause),
        to=winner(typing, decide, clause.to) if clause.to else None,
        rank=rank(typing, plan, decide, clause.rank) if decide and clause.rank else None,
    )


def judging(typing: Typing, plan: ir.Plan, clause: ast.ExpectPlan) -> ir.Decide | None:
    """The decide in which the plan is judged: the one named, else the only one that has it."""
    if clause.decide is not None:
        decide = decide_of(typing, clause.decide)
        require_among(typing, plan, decide, clause.plan)
        return decide
    names = typing.names.find("deciding", plan.name)
    if names is Broken.BROKEN:
        raise Refused
    if len(names) > 1:
        raise typing.names.refuse(
            "S509",
            f"`{plan.name}` is in several decides: {', '.join(names)}",
            clause.plan.span,
            f"say which: `expect plan {plan.name} in {names[0]} …`",
        )
    return typing.names.find("definition", f"decide {names[0]}") if names else None


def require_possible(typing: Typing, plan: ir.Plan, decide: ir.Decide | None, clause: ast.ExpectPlan) -> None:
    """An expectation that nothing could fulfil is a slip."""
    has, otherwise = NEEDED.get(clause.verdict, (lambda plan: True, ""))
    if not has(plan):
        message = f"this can never come true of plan `{plan.name}`"
        raise typing.names.refuse("S512", message, clause.span, otherwise)
    if clause.verdict in ("loses", "not ranked", "ranks") and decide is None:
        message = f"no decide ranks plan `{plan.name}`"
        raise typing.names.refuse("S509", message, clause.plan.span, "add it to the `among` of one")
    if clause.verdict in ("not ranked", "ranks") and decide and not decide.rank:
        message = f"this can never come true in decide `{decide.name}`"
        raise typing.names.refuse("S512", message, clause.span, "it has no `rank by`")
    if clause.verdict == "held out":
        require_holdout(typing, plan, decide, clause.plan)


def rank(typing: Typing, plan: ir.Plan, decide: ir.Decide, written: ast.Expr) -> Present:
    return constant_of(typing, written, decide.rank[plan.name].type)


def winner(typing: Typing, decide: ir.Decide | None, ref: ast.Ref) -> str:
    plan = plan_of(typing, ref)
    if decide is not None:
        require_among(typing, plan, decide, ref)
    return plan.name


def step(typing: Typing, plan: ir.Plan, clause: ast.ExpectPlan) -> ir.Step | None:
    """The plan's step for the channel that is expected."""
    if clause.channel is None:
        return None
    channels = [each.channel for each in plan.steps]
    found = next((each for each in plan.steps if each.channel == clause.channel.text), None)
    if found is None:
        raise typing.names.refuse(
            "S507",
            f"plan `{plan.name}` does not send by `{clause.channel.text}`",
            clause.channel.span,
            typing.names.did_you_mean(clause.channel.text, channels),
            (f"its channels: {', '.join(channels)}",),
        )
    return found


def channel(typing: Typing, plan: ir.Plan, clause: ast.ExpectPlan) -> str | None:
    found = step(typing, plan, clause)
    if found and clause.content and found.content != clause.content.value:
        raise typing.names.refuse(
            "S507",
            f'plan `{plan.name}` never sends "{clause.content.value}" by `{found.channel}`',
            clause.content.span,
            f'it sends "{found.content}"',
        )
    return found.channel if found else None


def arguments(typing: Typing, plan: ir.Plan, clause: ast.ExpectPlan) -> Mapping[str, Value]:
    found = step(typing, plan, clause)
    types: dict[str, Type] = {name: expr.type for name, expr in found.arguments} if found else {}
    values: dict[str, Value] = {}
    for argument in clause.arguments:
        name = argument.name.text
        if name not in types:
            raise typing.names.refuse(
                "S507",
                f"plan `{plan.name}` sends no `{name}`",
                argument.name.span,
                typing.names.did_you_mean(name, types),
                (f"it sends: {', '.join(types) or 'nothing with it'}",),
            )
        values[name] = value_of(typing, argument.expr, types[name])
    return values


def reasons(typing: Typing, clause: ast.ExpectPlan) -> tuple[case.Cause, ...]:
    known = WAITING if clause.verdict == "waits" else LIMITS
    return tuple(cause(typing, written, known) for written in clause.because)


def cause(typing: Typing, written: ast.Cause, known: Collection[Because]) -> case.Cause:
    because = reason(typing, written.kind, known)
    return case.Cause(because, owners(typing, because, written.owner) if written.owner else frozenset())


def owners(typing: Typing, because: Because, ref: ast.Ref) -> frozenset[str]:
    """The keys of the definitions of that name in which such a rule may stand."""
    names, kinds = typing.names, OWNERS[because]
    name = names.scope.qualify(ref.text)
    found = frozenset(f"{kind} {name}" for kind in kinds if names.find(kind, name) is not None)
    if not found:
        known = [each for kind in kinds for each in names.world.names(kind)]
        one_of = " or ".join(kinds)
        raise names.refuse(
            "S508",
            f"`{because.value}` is a rule of a {one_of}, and none is called `{ref.text}`",
            ref.span,
            names.did_you_mean(ref.text, known),
            (listing("declared", known),),
        )
    return found


def reason(typing: Typing, name: ast.Name, known: Collection[Because]) -> Because:
    words = [each.value for each in known]
    if name.text not in words:
        raise typing.names.refuse(
            "S508",
            f"`{name.text}` is not a reason here",
            name.span,
            typing.names.did_you_mean(name.text, words),
            (f"reasons: {', '.join(words)}",),
        )
    return Because(name.text)


EXPECTATIONS: Mapping[type[ast.Clause], Callable[[Typing, Any], case.Expectation]] = {
    ast.Expect: expect_answer,
    ast.ExpectDecide: expect_decide,
    ast.ExpectPlan: expect_plan,
}
