"""policy and campaign statements → IR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from compiler.checked import ir
from compiler.checked.comparisons import membership
from compiler.checked.crowds import doc_of
from compiler.checked.events import elapsed
from compiler.checked.expressions import Typing
from compiler.checked.literals import millionths, share_of
from compiler.checked.scope import Lookups
from compiler.types import Kind
from dsl import ast
from dsl.source import Span


def check_policy(names: Lookups, node: ast.Policy) -> ir.Policy:
    typing = Typing(names)
    rules = names.each(lambda clause: CLAUSES[type(clause)](typing, clause), node.clauses)
    written = list(zip(node.clauses, rules, strict=True))
    return ir.Policy(
        names.scope.qualify(node.name.text),
        doc_of(node.doc),
        node.name.span,
        node.is_default,
        tuple(rule for rule in rules if isinstance(rule, ir.Limit)),
        tuple(rule for clause, rule in written if isinstance(clause, ast.BlockUsers)),
        tuple(rule for clause, rule in written if isinstance(clause, ast.AllowUsers)),
        tuple(rule for rule in rules if isinstance(rule, ir.Never)),
    )


def then(written: ast.Outcome | None, default: ir.Then) -> ir.Then:
    return ir.Then(written.value) if written else default


def channel(name: ast.Name) -> str | None:
    return None if name.text == "all" else name.text


def quiet(typing: Typing, clause: ast.Quiet) -> ir.Quiet:
    if clause.start.minute == clause.end.minute:
        raise typing.names.refuse(
            "S402",
            "quiet hours that end when they begin are never quiet",
            clause.start.span.to(clause.end.span),
            "for a whole day write `never all when …`",
        )
    return ir.Quiet(clause.span, then(clause.then, ir.Then.WAIT), clause.start.minute, clause.end.minute)


def cap(typing: Typing, clause: ast.Cap) -> ir.Cap:
    period = period_of(typing, clause.rolling, clause.per)
    assert period is not None
    tag = clause.tag.text if clause.tag else None
    return ir.Cap(
        clause.span, then(clause.then, ir.Then.BLOCK), channel(clause.channel), tag, clause.limit, period
    )


def period_of(typing: Typing, rolling: ast.Duration | None, per: ast.Unit | None) -> ir.Period | None:
    if rolling is not None:
        return ir.Rolling(elapsed(typing, rolling))
    return ir.Calendar(per.value) if per else None


def cooldown(typing: Typing, clause: ast.Cooldown) -> ir.Cooldown:
    event = typing.names.event(clause.event).event if clause.event else None
    return ir.Cooldown(clause.span, then(clause.then, ir.Then.BLOCK), elapsed(typing, clause.duration), event)


def group(typing: Typing, clause: ast.BlockUsers | ast.AllowUsers) -> ir.Group:
    return ir.Group(membership(typing, clause.group), clause.span)


def never(typing: Typing, clause: ast.Never) -> ir.Never:
    return ir.Never(channel(clause.channel), typing.condition(clause.condition), clause.span)


CLAUSES: dict[type[ast.Clause], Callable[[Typing, Any], Any]] = {
    ast.Quiet: quiet,
    ast.Cap: cap,
    ast.Cooldown: cooldown,
    ast.BlockUsers: group,
    ast.AllowUsers: group,
    ast.Never: never,
}


# ---- parts that campaigns, plans and decides share


def only(names: Lookups, clauses: Sequence[ast.Clause], kind: type[ast.Clause], word: str) -> Any:
    """The one clause of a kind, or None; a second one is a finding."""
    found = [clause for clause in clauses if isinstance(clause, kind)]
    for extra in found[1:]:
        names.note("S404", f"`{word}` stands here twice", extra.span, "one of them has to go")
    return found[0] if found else None


def holdout(names: Lookups, clause: ast.CampaignHoldout | None) -> ir.Holdout | None:
    if clause is None:
        return None
    return ir.Holdout(share_of(names, clause.share), clause.salt.value, clause.span)


def budget(names: Lookups, clause: ast.Budget | None) -> ir.Budget | None:
    if clause is None:
        return None
    unit: Any = clause.per.value if clause.per else None
    if clause.amount.currency:
        return ir.Budget(millionths(names, clause.amount), clause.amount.currency, unit, clause.span)
    return ir.Budget(count_of(names, clause.amount.number, clause.amount.span), None, unit, clause.span)


def count_of(names: Lookups, number: Decimal, span: Span) -> int:
    if number != number.to_integral_value():
        raise names.refuse(
            "S307", "a number of sends is whole", span, "for money write the currency, as in `500 EUR`"
        )
    return int(number)


PERIODS = ("day", "week", "month")


def once(typing: Typing, clause: ast.Once | None, otherwise: str) -> ir.Once | None:
    """`once per user` or `once per F`, F a field of the trigger; `otherwise` says what to write where there is none."""
    if clause is None:
        return None
    period = period_of(typing, clause.rolling, clause.per)
    if clause.key.text == "user":
        return ir.Once(None, period, clause.span)
    trigger = typing.around.trigger
    fields = {*trigger.fields, *trigger.broken} if trigger else {}
    if clause.key.text in PERIODS and clause.key.text not in fields:
        message = f"a `{clause.key.text}` is not what it is counted by"
        label = f"write `once per user per {clause.key.text}`"
        raise typing.names.refuse("S315", message, clause.key.span, label)
    if trigger is None:
        raise typing.names.refuse(
            "S315",
            f"which `{clause.key.text}`? there is no trigger here that has one",
            clause.key.span,
            otherwise,
        )
    actual, type_ = typing.names.event_field(trigger, clause.key.text, clause.key.span)
    if type_.kind is Kind.VERSION:
        raise typing.names.refuse(
            "S303", "a version cannot be counted by", clause.key.span, "choose another field"
        )
    return ir.Once(actual, period, clause.span)


def check_campaign(names: Lookups, node: ast.Campaign) -> ir.Campaign:
    held, spend, times = names.together(
        lambda: holdout(names, only(names, node.clauses, ast.CampaignHoldout, "holdout")),
        lambda: budget(names, only(names, node.clauses, ast.Budget, "budget")),
        lambda: once(Typing(names), only(names, node.clauses, ast.Once, "once"), "write `once per user`"),
    )
    return ir.Campaign(
        names.scope.qualify(node.name.text), doc_of(node.doc), node.name.span, held, spend, times
    )
