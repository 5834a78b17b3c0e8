"""`given …`, `happens …`, `now …`, `reserve …` → typed lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.cases import case
from compiler.cases.case import alone
from compiler.cases.entries import EVENT_ID, attributes, event_fields, event_id, value_of
from compiler.checked import ir
from compiler.checked.expressions import Typing
from compiler.checked.literals import instant_of, millionths
from compiler.checked.policies import count_of
from compiler.checked.references import attribute as attribute_of
from compiler.checked.scope import Broken, Refused
from compiler.checked.wording import listing
from compiler.types import TEXT
from dsl import ast


def instant(typing: Typing, time: ast.DateTime) -> int:
    """Microseconds; wall time of the test's user unless it ends in Z."""
    return instant_of(time.lexeme, typing.names.settings().zone)


def defined(typing: Typing, kind: str, name: str) -> Any:
    """The definition of a declared name, or None; refused in silence if it was refused."""
    found = typing.names.find("definition", f"{kind} {name}")
    if found is Broken.BROKEN:
        raise Refused
    return found


def plan_of(typing: Typing, ref: ast.Ref) -> ir.Plan:
    found = defined(typing, "plan", typing.names.named("S213", "plan", "plan", ref))
    assert isinstance(found, ir.Plan)
    return found


def decide_of(typing: Typing, ref: ast.Ref) -> ir.Decide:
    """The decide of a name; one that is a plan's says so."""
    name = typing.names.scope.qualify(ref.text)
    if typing.names.find("decide", name) is None and typing.names.find("plan", name) is not None:
        hint = f"of a plan write `expect plan {ref.text} …`"
        raise typing.names.refuse("S221", f"`{ref.text}` is a plan, not a decide", ref.span, hint)
    found = defined(typing, "decide", typing.names.named("S221", "decide", "decide", ref))
    assert isinstance(found, ir.Decide)
    return found


def unknown_of(typing: Typing, ref: ast.Ref, one: str, other: str) -> Refused:
    """A name that is neither of the one kind nor of the other."""
    names = [*typing.names.world.names(one), *typing.names.world.names(other)]
    return typing.names.refuse(
        "S211",
        f"unknown {one} or {other} `{ref.text}`",
        ref.span,
        typing.names.did_you_mean(ref.text, names),
        (listing(f"declared {one}s and {other}s", names),),
    )


def user_is(typing: Typing, clause: ast.GivenUser) -> case.UserIs:
    return case.UserIs(clause.span, attributes(typing, "user", clause.entries))


def input_is(typing: Typing, clause: ast.GivenInput) -> case.InputIs:
    return case.InputIs(clause.span, attributes(typing, "input", clause.entries))


def on_list(typing: Typing, clause: ast.GivenMember) -> case.OnList:
    name = typing.names.scope.qualify(clause.group.text)
    found = typing.names.find("group", name)
    if found is None:
        raise typing.names.unknown("S209", "crowd or list", clause.group, "group")
    if found != "list":
        raise typing.names.refuse(
            "S510",
            f"`{clause.group.text}` is a crowd: who is in it follows from its rule",
            clause.group.span,
            "give the facts that its rule looks at",
        )
    return case.OnList(clause.span, name, not clause.negated)


def held_out(typing: Typing, clause: ast.GivenHeldOut) -> case.HeldOut:
    name = typing.names.scope.qualify(clause.scope.text)
    scopes = [defined(typing, kind, name) for kind in ("campaign", "decide")]
    if not any(scopes):
        raise unknown_of(typing, clause.scope, "campaign", "decide")
    if not any(scope and scope.holdout for scope in scopes):
        raise typing.names.refuse(
            "S506",
            f"`{clause.scope.text}` has no holdout",
            clause.scope.span,
            'add `holdout 5% salt "…"` to it',
        )
    return case.HeldOut(clause.span, name)


def sent(typing: Typing, clause: ast.GivenSent) -> case.Sent:
    plan = plan_of(typing, clause.plan)
    require_channel(typing, clause.channel)
    tags = None if clause.tags is None else frozenset(tag.text for tag in clause.tags)
    key = None if clause.key is None else key_of(typing, plan, clause.key)
    return case.Sent(
        clause.span, plan.name, clause.channel.text, instant(typing, clause.time), key, tags, clause.held_out
    )


def require_channel(typing: Typing, channel: ast.Name) -> None:
    """A channel is declared by being used, in a plan or a policy."""
    channels = typing.names.find("channels", "")
    if channel.text not in channels:
        raise typing.names.refuse(
            "S507",
            f"no plan or policy knows a channel `{channel.text}`",
            channel.span,
            typing.names.did_you_mean(channel.text, channels),
            (listing("channels", channels),),
        )


def key_of(typing: Typing, plan: ir.Plan, written: ast.Expr) -> str:
    """What tells the occurrences of a plan apart, behind its activity."""
    from compiler.interpret.occurrences import canonical  # which tests without a `for` need not load

    if (plan.once is not None and plan.once.field is None) or plan.trigger is None:
        raise typing.names.refuse(
            "S505",
            f"plan `{plan.name}` is not sent for one thing or another",
            written.span,
            "leave `for …` out",
        )
    if plan.once is None or plan.once.field is None:
        return canonical(value_of(typing, written, TEXT))
    field = plan.once.field
    type_ = defined(typing, "event", plan.trigger.event).fields[field].type
    return f"{field}={canonical(value_of(typing, written, type_))}"


def used(typing: Typing, clause: ast.GivenUsed) -> case.Used:
    name = typing.names.scope.qualify(clause.budget.text)
    owners = [defined(typing, kind, name) for kind in ("campaign", "plan")]
    if not any(owners):
        raise unknown_of(typing, clause.budget, "campaign", "plan")
    found = next((owner for owner in owners if owner and owner.budget), None)
    if found is None:
        raise typing.names.refuse("S505", f"`{clause.budget.text}` has no budget", clause.budget.span)
    return case.Used(clause.span, found.key, spent(typing, clause.amount, found.budget))


def spent(typing: Typing, amount: ast.Amount, budget: ir.Budget) -> int:
    if amount.currency != budget.currency:
        wanted = f"an amount of {budget.currency}" if budget.currency else "a number of sends"
        mended = f"{amount.number} {budget.currency}" if budget.currency else f"{amount.number}"
        raise typing.names.refuse(
            "S505", f"this budget is {wanted}", amount.span, f"write `{mended}`", replacement=mended
        )
    if budget.currency:
        return millionths(typing.names, amount)
    return count_of(typing.names, amount.number, amount.span)


def out_of_reach(typing: Typing, clause: ast.GivenUnavailable) -> case.OutOfReach:
    head, *rest = clause.what.parts
    if head in ("user", "input") and len(rest) == 1:
        attribute_of(typing, head, rest[0], clause.what.span)
        return case.OutOfReach(clause.span, case.Store(head), rest[0])
    if clause.what.text in (case.Store.TOUCHES.value, case.Store.BUDGETS.value):
        return case.OutOfReach(clause.span, case.Store(clause.what.text))
    name = typing.names.scope.qualify(clause.what.text)
    if typing.names.find("event", name):
        return case.OutOfReach(clause.span, case.Store.EVENT, typing.names.event(clause.what).event)
    if typing.names.find("group", name) == "list":
        return case.OutOfReach(clause.span, case.Store.LIST, name)
    world = typing.names.world
    stores = (case.Store.TOUCHES.value, case.Store.BUDGETS.value)
    known = [*stores, *world.names("event"), *(f"user.{name}" for name in world.names("attribute"))]
    raise typing.names.refuse(
        "S510",
        f"`{clause.what.text}` is not something that can be unavailable",
        clause.what.span,
        typing.names.did_you_mean(clause.what.text, known),
        ("an event, a list, `user.…`, `input.…`, `touches` or `budgets` can be",),
    )


def known_since(typing: Typing, clause: ast.GivenKnownSince) -> case.KnownSince:
    return case.KnownSince(clause.span, typing.names.event(clause.event).event, instant(typing, clause.time))


def occurrence_is(typing: Typing, clause: ast.GivenOccurrence) -> case.OccurrenceIs:
    plan = plan_of(typing, clause.plan)
    if plan.trigger is None:
        raise typing.names.refuse(
            "S505", f"no event opens anything for plan `{plan.name}`", clause.plan.span, "it has no `on`"
        )
    return case.OccurrenceIs(clause.span, plan.name, clause.event.value, clause.open)


def happening(typing: Typing, clause: ast.Happens) -> case.Happening:
    view = typing.names.event(clause.event)
    fields = event_fields(typing, view, clause.entries)
    id_ = event_id(typing, clause.entries)
    if id_ == "":
        raise typing.names.refuse("S504", f"an `{EVENT_ID}` is not empty", clause.span)
    return case.Happening(clause.span, view.event, id_, instant(typing, clause.time), fields)


def now_is(typing: Typing, clause: ast.Now) -> case.NowIs:
    return case.NowIs(clause.span, instant(typing, clause.time))


def reserving(typing: Typing, clause: ast.Reserve) -> case.Reserving:
    """Of a decide, or of a plan that no decide lists."""
    ref = clause.decide
    name = typing.names.scope.qualify(ref.text)
    if typing.names.find("decide", name) is not None or typing.names.find("plan", name) is None:
        return case.Reserving(clause.span, decide_of(typing, ref).name)
    deciding = typing.names.find("deciding", plan_of(typing, ref).name)
    if deciding:
        hint = f"it is decided by `{deciding[0]}`: write `reserve {deciding[0]}`"
        raise typing.names.refuse("S221", f"`{ref.text}` is a plan, not a decide", ref.span, hint)
    return case.Reserving(clause.span, alone(name))


GIVENS: Mapping[type[ast.Clause], Callable[[Typing, Any], case.Line]] = {
    ast.GivenUser: user_is,
    ast.GivenInput: input_is,
    ast.GivenMember: on_list,
    ast.GivenHeldOut: held_out,
    ast.GivenSent: sent,
    ast.GivenUsed: used,
    ast.GivenUnavailable: out_of_reach,
    ast.GivenKnownSince: known_since,
    ast.GivenOccurrence: occurrence_is,
    ast.Happens: happening,
    ast.Now: now_is,
    ast.Reserve: reserving,
}
