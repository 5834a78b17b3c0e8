"""Policies, campaigns, plans and decisions as documents to lay out."""

from __future__ import annotations

from dsl import ast
from dsl.ast import Duration, Node, Outcome, Unit
from dsl.layout import Doc, Group, Indent
from dsl.printing.declarations import clauses, words
from dsl.printing.expressions import Printer, arguments, before, expr, listed, same, where


def outcome(verdict: Outcome | None) -> str | None:
    return verdict and f"then {verdict.value}"


def period(unit: Unit | None, rolling: Duration | None) -> str | None:
    if unit:
        return f"per {unit.value}"
    return f"in any {rolling.lexeme}" if rolling else None


# ---- policies


def policy(node: ast.Policy) -> Doc:
    head = words("policy", node.name, "default" if node.is_default else None, node.doc)
    return clauses(head, node.clauses, node, POLICY)


def quiet(node: ast.Quiet) -> Doc:
    return words("quiet", node.start.lexeme, "to", node.end.lexeme, "user time", outcome(node.then))


def cap(node: ast.Cap) -> Doc:
    tag = node.tag and f"tagged {node.tag.text}"
    return words(
        "cap", node.channel, tag, str(node.limit), period(node.per, node.rolling), outcome(node.then)
    )


def cooldown(node: ast.Cooldown) -> Doc:
    return words("cooldown", node.duration.lexeme, "after", node.event or "any send", outcome(node.then))


def never(node: ast.Never) -> Doc:
    return Group(Indent(4, (words("never", node.channel, "when "), expr(node.condition))))


POLICY: dict[type[Node], Printer] = {
    ast.Quiet: quiet,
    ast.Cap: cap,
    ast.Cooldown: cooldown,
    ast.BlockUsers: lambda node: words("block users in", node.group),
    ast.AllowUsers: lambda node: words("allow users in", node.group),
    ast.Never: never,
}


# ---- campaigns


def campaign(node: ast.Campaign) -> Doc:
    return clauses(words("campaign", node.name, node.doc), node.clauses, node, CAMPAIGN)


def budget(node: ast.Budget) -> Doc:
    return words("budget", node.amount.lexeme, period(node.per, None) or "total")


def once(node: ast.Once) -> Doc:
    return words("once per", node.key, period(node.per, node.rolling))


def holdout(node: ast.CampaignHoldout) -> Doc:
    return words("holdout", node.share.lexeme, "salt", node.salt)


CAMPAIGN: dict[type[Node], Printer] = {ast.CampaignHoldout: holdout, ast.Budget: budget, ast.Once: once}


# ---- plans


def plan(node: ast.Plan) -> Doc:
    was = node.was and f"was {node.was.text}"
    return clauses(words("plan", node.name, was, node.doc), node.clauses, node, PLAN)


def audience(node: ast.For) -> Doc:
    return Group(Indent(4, (words("for", node.crowd), where(node.where))))


def on(node: ast.On) -> Doc:
    when = (before(node.when), "when ", Indent(2, expr(node.when))) if node.when else ()
    unless = stop(node.unless) if node.unless else ()
    wait = (before(node.wait), Group((f"wait {node.wait.lexeme}", Indent(2, unless)))) if node.wait else ()
    return Group(Indent(4, (words("on", node.event), where(node.where), when, wait)))


def stop(node: ast.Unless) -> Doc:
    return (before(node), words("unless", node.event), same(node.same), where(node.where))


def term(node: ast.Term) -> Doc:
    return Group(Indent(4, (f"{node.keyword} ", expr(node.expr))))


def let(node: ast.Let) -> Doc:
    return Group(Indent(4, (f"let {node.name.text} = ", expr(node.expr))))


def send(node: ast.Send) -> Doc:
    first, *rest = node.steps
    return Group(Indent(4, ("send ", step(first), *((before(one), "else ", step(one)) for one in rest))))


def step(node: ast.Step) -> Doc:
    return (words(node.channel, node.content), arguments(node.arguments))


def names(word: str, parts: tuple[ast.Name, ...] | tuple[ast.Ref, ...]) -> Doc:
    return Group((f"{word} ", Indent(4, listed([(one, one.text) for one in parts]))))


PLAN: dict[type[Node], Printer] = {
    ast.For: audience,
    ast.On: on,
    ast.KindIs: lambda node: words("kind", node.kind),
    ast.Tagged: lambda node: names("tagged", node.tags),
    ast.PartOf: lambda node: words("part of", node.campaign),
    ast.Completes: lambda node: words("completes", node.plan),
    ast.Once: once,
    ast.CountNothing: lambda node: "count nothing",
    ast.Term: term,
    ast.Let: let,
    ast.Send: send,
    ast.Budget: budget,
    ast.Obey: lambda node: names("obey", node.policies) if node.policies else "obey nothing",
    ast.Expires: lambda node: words("expires after", node.duration.lexeme),
}


# ---- decisions


def decide(node: ast.Decide) -> Doc:
    return clauses(words("decide", node.name, node.doc), node.clauses, node, DECIDE)


def rank(node: ast.RankBy) -> Doc:
    return Group(
        Indent(4, ("rank by ", expr(node.expr), " then by listed order" if node.then_listed_order else ""))
    )


DECIDE: dict[type[Node], Printer] = {
    ast.Among: lambda node: names("among", node.plans),
    ast.CampaignHoldout: holdout,
    ast.RankBy: rank,
    ast.AtMost: lambda node: f"at most {node.limit} per user per {node.per.value}",
}

PLANS: dict[type[Node], Printer] = {
    ast.Policy: policy,
    ast.Campaign: campaign,
    ast.Plan: plan,
    ast.Decide: decide,
}
