"""plan statements → IR."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from compiler.checked import ir
from compiler.checked.comparisons import membership
from compiler.checked.crowds import doc_of
from compiler.checked.events import check_where, check_where_and_same, elapsed
from compiler.checked.expressions import Surroundings, Typing
from compiler.checked.mending import mend
from compiler.checked.policies import budget, once, only
from compiler.checked.scope import EventView, Lookups, Refused
from compiler.checked.wording import called
from compiler.types import NUMBER, Kind, Type, money
from dsl import ast
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as written. `lets` are None where they were refused; `view` is the trigger's event, None without a good one."""

    names: Lookups
    node: ast.Plan
    on: ast.On | None
    view: EventView | None
    lets: Mapping[str, ir.Expr | None]

    @property
    def body(self) -> Typing:
        """What is judged at the decision: it sees the variables."""
        types = {name: None if expr is None else expr.type for name, expr in self.lets.items()}
        return Typing(self.names, Surroundings(lets=types))

    @property
    def triggered(self) -> Typing:
        """What is judged at the trigger."""
        return Typing(self.names, Surroundings(trigger=self.view))

    def one(self, kind: type[ast.Clause], word: str) -> Any:
        return only(self.names, self.node.clauses, kind, word)


def check_plan(names: Lookups, node: ast.Plan) -> ir.Plan:
    """Every part is checked, whatever is wrong with the others."""
    on = only(names, node.clauses, ast.On, "on")
    view = names.attempt(lambda: names.event(on.event)) if on else None
    plan = Written(names, node, on, view, check_lets(names, node))
    parts = names.together(*(lambda check=check: check(plan) for check in PARTS.values()))
    names.require_whole()
    checked = ir.Plan(
        name=names.scope.qualify(node.name.text),
        doc=doc_of(node.doc),
        span=node.name.span,
        activity=names.scope.qualify(node.was.text if node.was else node.name.text),
        lets=tuple((name, expr) for name, expr in plan.lets.items() if expr is not None),
        **dict(zip(PARTS, parts, strict=True)),
    )
    require_payable(plan, checked)
    return checked


def check_lets(names: Lookups, node: ast.Plan) -> dict[str, ir.Expr | None]:
    """Each sees those above it; None is one that was refused."""
    written = [clause for clause in node.clauses if isinstance(clause, ast.Let)]
    types: dict[str, Type | None] = {}
    later = {clause.name.text for clause in written}
    typing = Typing(names, Surroundings(lets=types, later=later))  # both change on the way down
    lets: dict[str, ir.Expr | None] = {}
    for clause in written:
        name = clause.name.text
        lets[name] = expr = names.attempt(partial(check_let, typing, clause))
        types[name] = None if expr is None else expr.type
        later.discard(name)
    return lets


def check_let(typing: Typing, clause: ast.Let) -> ir.Expr:
    name = clause.name
    if name.text in typing.around.lets:
        raise typing.names.refuse(
            "S210", f"`{name.text}` is defined twice in this plan", name.span, "give one of them another name"
        )
    if typing.names.find("attribute", name.text) or typing.names.find("input", name.text):
        message = f"`{name.text}` is already called so outside of the plan"
        raise typing.names.refuse("S208", message, name.span, "choose another name")
    return typing.value(clause.expr)


# ---- parts of a plan


def kind(plan: Written) -> str:
    clause = plan.one(ast.KindIs, "kind")
    return clause.kind if clause else "marketing"


def audience(plan: Written) -> ir.Need | None:
    clause = plan.one(ast.For, "for")
    if clause is None:
        return None
    member, where = plan.names.together(
        lambda: membership(plan.body, clause.crowd),
        lambda: plan.body.condition(clause.where) if clause.where else None,
    )
    return ir.Need(member if where is None else ir.And((member, where), clause.span), clause.span)


def needs(plan: Written) -> tuple[ir.Need, ...]:
    written = [clause for clause in terms_of(plan) if clause.keyword == "needs"]
    return tuple(plan.names.each(lambda each: ir.Need(plan.body.condition(each.expr), each.span), written))


def terms_of(plan: Written) -> list[ast.Term]:
    return [clause for clause in plan.node.clauses if isinstance(clause, ast.Term)]


def require_trigger(plan: Written) -> None:
    """Refused in silence where the trigger's event is not known: what looks at it cannot be judged."""
    if plan.on is not None and plan.view is None:
        raise Refused


def trigger(plan: Written) -> ir.Trigger | None:
    require_trigger(plan)
    on, view = plan.on, plan.view
    if on is None or view is None:
        return None
    typing = plan.triggered
    where, when, unless = plan.names.together(
        lambda: check_where(typing, view, on.where),
        lambda: typing.condition(on.when) if on.when else None,
        lambda: check_unless(typing, on.unless) if on.unless else None,
    )
    wait = on.wait.microseconds if on.wait else 0
    return ir.Trigger(view.event, where, when, wait, unless, on.span)


def check_unless(typing: Typing, unless: ast.Unless) -> ir.Unless:
    view = typing.names.event(unless.event)
    return ir.Unless(view.event, check_where_and_same(typing, view, unless), unless.span)


def tags(plan: Written) -> frozenset[str]:
    tagged = [clause for clause in plan.node.clauses if isinstance(clause, ast.Tagged)]
    return frozenset(tag.text for clause in tagged for tag in clause.tags)


def campaign(plan: Written) -> str | None:
    clause = plan.one(ast.PartOf, "part of")
    return plan.names.named("S211", "campaign", "campaign", clause.campaign) if clause else None


def once_in_all(plan: Written) -> ir.Once | None:
    clause = plan.one(ast.Once, "once")
    require_trigger(plan)
    return once(plan.triggered, clause, "write `once per user`, or give the plan an `on`")


def completes(plan: Written) -> str | None:
    clause = plan.one(ast.Completes, "completes")
    if clause is None:
        return None
    names = (
        plan.names
    )  # what the other plan is found to be is looked at when all are known: they may name each other
    activity: str | None = names.find("activity", names.scope.qualify(clause.plan.text))
    if activity is None:
        raise names.unknown("S213", "plan", clause.plan, "plan")
    return activity


def counts(plan: Written) -> bool:
    return not any(isinstance(clause, ast.CountNothing) for clause in plan.node.clauses)


def steps(plan: Written) -> tuple[ir.Step, ...]:
    send = plan.one(ast.Send, "send")
    if send is None:
        raise plan.names.refuse(
            "S407",
            f"plan `{plan.node.name.text}` sends nothing",
            plan.node.name.span,
            'add a line `send CHANNEL "content"`',
        )
    seen: set[str] = set()
    for step in send.steps:
        require_channel(plan.names, step.channel, seen)
    return tuple(plan.names.each(lambda step: check_step(plan.body, step), send.steps))


def require_channel(names: Lookups, channel: ast.Name, seen: set[str]) -> None:
    if channel.text == "all":
        label = "one behind the other, as in `push … else email …`"
        raise names.refuse("S408", "a plan names its channels one by one", channel.span, label)
    if channel.text in seen:
        label = "a plan tries each channel once"
        raise names.refuse("S404", f"channel `{channel.text}` stands here twice", channel.span, label)
    seen.add(channel.text)


def check_step(typing: Typing, step: ast.Step) -> ir.Step:
    seen: set[str] = set()
    for argument in step.arguments:
        if argument.name.text in seen:
            message = f"`{argument.name.text}` stands here twice"
            typing.names.note("S404", message, argument.name.span, "one of them has to go")
        seen.add(argument.name.text)
    values = typing.names.each(lambda argument: typing.value(argument.expr), step.arguments)
    named = dict(zip((argument.name.text for argument in step.arguments), values, strict=True))
    return ir.Step(step.channel.text, step.content.value, tuple(named.items()), step.span)


def terms(plan: Written) -> Mapping[str, ir.Expr]:
    written = [clause for clause in terms_of(plan) if clause.keyword != "needs"]
    seen: set[str] = set()
    for clause in written:
        if clause.keyword in seen:
            message = f"`{clause.keyword}` stands here twice"
            plan.names.note("S404", message, clause.span, "one of them has to go")
        seen.add(clause.keyword)
    values = plan.names.each(lambda clause: check_term(plan.body, clause), written)
    return dict(zip((clause.keyword for clause in written), values, strict=True))


def check_term(typing: Typing, clause: ast.Term) -> ir.Expr:
    found = typing.value(clause.expr)
    if found.type.kind not in (Kind.INT, Kind.NUMBER, Kind.MONEY):
        message = f"`{clause.keyword}` is a number or money, this is {called(found.type)}"
        in_currency = money(typing.names.settings().currency)
        how = mend(clause.expr, found.type, in_currency) or mend(clause.expr, found.type, NUMBER)
        raise typing.refuse_with("S303", message, clause.expr.span, how)
    return found


def spend(plan: Written) -> ir.Budget | None:
    return budget(plan.names, plan.one(ast.Budget, "budget"))


def policies(plan: Written) -> tuple[str, ...]:
    names, clause = plan.names, plan.one(ast.Obey, "obey")
    if clause is None:
        defaults = names.find("defaults", names.scope.prefix)
        assert isinstance(defaults, tuple)
        return defaults
    return tuple(names.each(lambda ref: names.named("S212", "policy", "policy", ref), clause.policies))


def expiry(plan: Written) -> int | None:
    names, on, clause = plan.names, plan.on, plan.one(ast.Expires, "expires")
    if clause is None:
        return None
    if on is None:
        label = "give the plan an `on`, or leave this out"
        raise names.refuse(
            "S315", "`expires` counts from a trigger, and this plan has none", clause.span, label
        )
    span = elapsed(plan.body, clause.duration)
    if on.wait and span <= on.wait.microseconds:
        raise names.refuse(
            "S409",
            "this plan expires before its wait is over: it would never be sent",
            clause.duration.span,
            f"it waits {on.wait.lexeme}; write more than that",
        )
    return span


PARTS: Mapping[str, Callable[[Written], Any]] = {
    "kind": kind,
    "audience": audience,
    "needs": needs,
    "trigger": trigger,
    "tags": tags,
    "campaign": campaign,
    "once": once_in_all,
    "counts": counts,
    "steps": steps,
    "terms": terms,
    "budget": spend,
    "policies": policies,
    "expires": expiry,
    "completes": completes,
}
"""Field of `ir.Plan` -> its check."""


# ---- parts that have to fit each other


def require_payable(plan: Written, checked: ir.Plan) -> None:
    """A budget in money is used up by the cost: a cost that cannot be held against it would block every send."""
    budget, cost = checked.budget, checked.terms.get("cost")
    if budget is None or budget.currency is None or cost is None:
        return
    written = next(clause.expr for clause in terms_of(plan) if clause.keyword == "cost")
    if cost.type.kind is not Kind.MONEY:
        wanted = money(budget.currency)
        message = f"the budget is {called(wanted)}, the cost {called(cost.type)}: nothing would ever be sent"
        raise plan.body.refuse_with("S303", message, written.span, mend(written, cost.type, wanted))
    plan.body.convert((written, cost), money(budget.currency))


def term_types(plan: ir.Plan) -> tuple[tuple[str, Type], ...]:
    """What a decide has to know of a plan."""
    return tuple((name, expr.type) for name, expr in plan.terms.items())
