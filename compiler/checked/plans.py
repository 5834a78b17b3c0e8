"""plan statements → IR."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.checked import ir
from compiler.checked.comparisons import membership
from compiler.checked.crowds import doc_of
from compiler.checked.events import check_where, elapsed, with_same
from compiler.checked.expressions import Surroundings, Typing
from compiler.checked.policies import budget, once, only
from compiler.checked.scope import EventView, Lookups
from compiler.types import Kind, Type, money
from dsl import ast


def check_plan(names: Lookups, node: ast.Plan) -> ir.Plan:
    on = only(names, node.clauses, ast.On, "on")
    trigger_view = names.event(on.event) if on else None
    lets = check_lets(names, node)
    typing = Typing(names, Surroundings(lets={name: expr.type for name, expr in lets}))
    triggered = Typing(names, Surroundings(trigger=trigger_view))
    campaign = only(names, node.clauses, ast.PartOf, "part of")
    kind = only(names, node.clauses, ast.KindIs, "kind")
    expires = only(names, node.clauses, ast.Expires, "expires")
    steps = send_steps(typing, node)
    return ir.Plan(
        name=names.scope.qualify(node.name.text),
        doc=doc_of(node.doc),
        span=node.name.span,
        activity=names.scope.qualify(node.was.text if node.was else node.name.text),
        kind=kind.kind if kind else "marketing",
        audience=audience(typing, only(names, node.clauses, ast.For, "for")),
        needs=needs(typing, node),
        trigger=trigger(triggered, trigger_view, on) if on and trigger_view else None,
        tags=frozenset(
            tag.text for clause in node.clauses if isinstance(clause, ast.Tagged) for tag in clause.tags
        ),
        campaign=names.named("S211", "campaign", "campaign", campaign.campaign) if campaign else None,
        once=once(triggered, only(names, node.clauses, ast.Once, "once")),
        counts=not any(isinstance(clause, ast.CountNothing) for clause in node.clauses),
        lets=lets,
        steps=steps,
        terms=check_terms(typing, node),
        budget=budget(names, only(names, node.clauses, ast.Budget, "budget")),
        policies=policies(names, only(names, node.clauses, ast.Obey, "obey")),
        expires=expiry(typing, expires, on),
    )


def check_lets(names: Lookups, node: ast.Plan) -> tuple[tuple[str, ir.Expr], ...]:
    """Each sees those above it."""
    lets: dict[str, ir.Expr] = {}
    for clause in node.clauses:
        if not isinstance(clause, ast.Let):
            continue
        if clause.name.text in lets:
            raise names.refuse(
                "S210", f"`{clause.name.text}` is defined twice in this plan", clause.name.span
            )
        if names.find("attribute", clause.name.text) or names.find("input", clause.name.text):
            raise names.refuse(
                "S208",
                f"`{clause.name.text}` is already an attribute or input",
                clause.name.span,
                "choose another name",
            )
        around = Surroundings(lets={name: expr.type for name, expr in lets.items()})
        lets[clause.name.text] = Typing(names, around).value(clause.expr)
    return tuple(lets.items())


def audience(typing: Typing, clause: ast.For | None) -> ir.Need | None:
    if clause is None:
        return None
    member = membership(typing, clause.crowd)
    if clause.where is None:
        return ir.Need(member, clause.span)
    return ir.Need(ir.And((member, typing.condition(clause.where)), clause.span), clause.span)


def needs(typing: Typing, node: ast.Plan) -> tuple[ir.Need, ...]:
    return tuple(
        ir.Need(typing.condition(clause.expr), clause.span)
        for clause in node.clauses
        if isinstance(clause, ast.Term) and clause.keyword == "needs"
    )


def trigger(typing: Typing, view: EventView, on: ast.On) -> ir.Trigger:
    return ir.Trigger(
        view.event,
        check_where(typing, view, on.where),
        typing.condition(on.when) if on.when else None,
        on.wait.microseconds if on.wait else 0,
        check_unless(typing, on.unless) if on.unless else None,
        on.span,
    )


def check_unless(typing: Typing, unless: ast.Unless) -> ir.Unless:
    view = typing.names.event(unless.event)
    where = check_where(typing, view, unless.where)
    if unless.same is not None:
        where = with_same(typing, view, unless.same, where, unless.span)
    return ir.Unless(view.event, where, unless.span)


def send_steps(typing: Typing, node: ast.Plan) -> tuple[ir.Step, ...]:
    send = only(typing.names, node.clauses, ast.Send, "send")
    if send is None:
        raise typing.names.refuse(
            "S407",
            f"plan `{node.name.text}` sends nothing",
            node.name.span,
            'add a line `send CHANNEL "content"`',
        )
    seen: set[str] = set()
    for step in send.steps:
        if step.channel.text == "all":
            raise typing.names.refuse("S408", "a plan names its channels one by one", step.channel.span)
        if step.channel.text in seen:
            raise typing.names.refuse(
                "S404", f"channel `{step.channel.text}` stands here twice", step.channel.span
            )
        seen.add(step.channel.text)
    return tuple(check_step(typing, step) for step in send.steps)


def check_step(typing: Typing, step: ast.Step) -> ir.Step:
    arguments: dict[str, ir.Expr] = {}
    for argument in step.arguments:
        if argument.name.text in arguments:
            raise typing.names.refuse("S404", f"`{argument.name.text}` stands here twice", argument.name.span)
        arguments[argument.name.text] = typing.value(argument.expr)
    return ir.Step(step.channel.text, step.content.value, tuple(arguments.items()), step.span)


def check_terms(typing: Typing, node: ast.Plan) -> Mapping[str, ir.Expr]:
    terms: dict[str, ir.Expr] = {}
    for clause in node.clauses:
        if not isinstance(clause, ast.Term) or clause.keyword == "needs":
            continue
        if clause.keyword in terms:
            typing.names.note(
                "S404", f"`{clause.keyword}` stands here twice", clause.span, "one of them has to go"
            )
        found = typing.value(clause.expr)
        if found.type.kind not in (Kind.INT, Kind.NUMBER, Kind.MONEY):
            raise typing.names.refuse(
                "S303", f"`{clause.keyword}` is a number or money, this is a {found.type}", clause.expr.span
            )
        terms[clause.keyword] = found
    return terms


def policies(names: Lookups, clause: ast.Obey | None) -> tuple[str, ...]:
    if clause is None:
        defaults = names.find("defaults", names.scope.prefix)
        assert isinstance(defaults, tuple)
        return defaults
    return tuple(names.named("S212", "policy", "policy", ref) for ref in clause.policies)


def expiry(typing: Typing, clause: ast.Expires | None, on: ast.On | None) -> int | None:
    if clause is None:
        return None
    if on is None:
        raise typing.names.refuse(
            "S315", "`expires` counts from a trigger, this plan has no `on`", clause.span
        )
    span = elapsed(typing, clause.duration)
    if on.wait and span <= on.wait.microseconds:
        raise typing.names.refuse(
            "S409",
            "this plan expires before its wait is over: it would never be sent",
            clause.span,
            f"it waits {on.wait.lexeme}",
        )
    return span


def term_types(plan: ir.Plan) -> tuple[tuple[str, Type], ...]:
    """What a decide has to know of a plan."""
    return tuple((name, expr.type) for name, expr in plan.terms.items())


__all__ = ["check_plan", "money", "term_types"]
