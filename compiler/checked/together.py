"""What shows only in the rule set as a whole: names that no plan has, plans that nothing lets through.

Modules are written for whoever uses them; what a rule set leaves unused of them is not blamed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from compiler.checked import ir
from compiler.checked.audiences import Audiences, Impossible, Memory
from compiler.checked.modules import NAMESPACE, Collected, Declared
from compiler.checked.nearly import slips
from compiler.checked.order import Key
from compiler.checked.wording import called, listing
from compiler.types import FLAG, money
from dsl import ast
from dsl.diagnostics import Diagnostic, Fix, placed, suggest
from dsl.source import Place, Span

MOST_FINDINGS = 100
"""After which no more names are looked for: each costs a look at all others."""


@dataclass(slots=True)
class Whole:
    """All definitions of a rule set, none of which was refused."""

    collected: Collected
    settings: ir.Settings
    definitions: Mapping[Key, Any]
    findings: list[Diagnostic] = field(default_factory=list)

    def of_kind(self, kind: str) -> Iterator[Any]:
        return (definition for (each, _), definition in self.definitions.items() if each == kind)

    def own(self, kind: str) -> Iterator[tuple[Declared, Any]]:
        """Statements of the rule set itself, with what they define."""
        for (each, name), definition in self.definitions.items():
            if each == kind and "." not in name:
                yield self.collected.named[NAMESPACE.get(kind, kind), name], definition

    def note(
        self,
        code: str,
        declared: Declared,
        message: str,
        span: Span,
        label: str,
        notes: tuple[str, ...] = (),
        meant: str | None = None,
    ) -> None:
        severity: Literal["error", "warning"] = "warning" if code.startswith("W") else "error"
        place = Place("", span)
        found = Diagnostic(code, severity, message, place, label, notes, Fix(place, meant) if meant else None)
        self.findings.append(placed(found, declared.scope.file, declared.line - 1))


def look_over(
    collected: Collected, settings: ir.Settings, definitions: Mapping[Key, Any], memory: Memory
) -> list[Diagnostic]:
    """Findings about a rule set without an error."""
    whole = Whole(collected, settings, definitions)
    audiences(whole, Audiences(definitions, memory))
    one_plan_per_activity(whole)
    plans = list(whole.of_kind("plan"))
    completed_alike(whole, plans)
    if plans:
        for look in LOOKS:
            look(whole, plans)
    return whole.findings


def one_plan_per_activity(whole: Whole) -> None:
    """What was sent is remembered by the activity: of two plans with one, each would be taken for the other."""
    first: dict[str, ir.Plan] = {}
    for plan in whole.of_kind("plan"):
        earlier = first.setdefault(plan.activity, plan)
        if earlier is not plan:
            renamed, other = (plan, earlier) if plan.activity != plan.name else (earlier, plan)
            declared = whole.collected.named["plan", renamed.name]
            was = declared.statement.was  # type: ignore[attr-defined]
            message = f"plans `{other.name}` and `{renamed.name}` were both `{was.text}`"
            label = "only one of them can carry on"
            if other.name == other.activity:
                message = f"`{renamed.name}` was `{was.text}`, but there still is a plan `{was.text}`"
                label = "leave this out, or take the other plan away"
            whole.note("S412", declared, message, was.span, label)


def completed_alike(whole: Whole, plans: Collection[ir.Plan]) -> None:
    """A message is known by the key of its occurrence, which both plans have to be sent for."""
    by_activity = {plan.activity: plan for plan in plans}
    for plan in plans:
        if plan.completes is None:
            continue
        declared, first = whole.collected.named["plan", plan.name], by_activity[plan.completes]
        clauses = declared.statement.clauses  # type: ignore[attr-defined]
        clause = next(each for each in clauses if isinstance(each, ast.Completes))
        if first is plan or first.completes is not None:
            message = f"`{first.name}` completes a message itself, and begins none"
            whole.note("S413", declared, message, clause.span, "name the plan that is sent first")
        elif key_of(plan) is None or key_of(plan) != key_of(first):
            message = f"`{plan.name}` and `{first.name}` are not sent for one and the same thing"
            label = "give both the same `once per FIELD`, without a period, or the same event and no `once`"
            whole.note("S413", declared, message, clause.span, label)


def key_of(plan: ir.Plan) -> tuple[str, str] | None:
    """What tells its occurrences apart for ever; None if nothing does."""
    if plan.trigger is None:
        return None
    if plan.once is None:
        return "event", plan.trigger.event
    return None if plan.once.field is None or plan.once.period else ("field", plan.once.field)


def audiences(whole: Whole, of: Audiences) -> None:
    for declared, crowd in whole.own("crowd"):
        tell_of(whole, declared, of.impossible(crowd.condition))
    for declared, plan in whole.own("plan"):
        if plan.audience is not None:
            tell_of(whole, declared, of.impossible(plan.audience.condition))


def tell_of(whole: Whole, declared: Declared, found: Impossible | None) -> None:
    if found is not None:
        whole.note("W401", declared, "this can never be yes", found.span, found.why)


# ---- names that no plan has


def channels_and_tags(whole: Whole, plans: Collection[ir.Plan]) -> None:
    channels = {step.channel for plan in plans for step in plan.steps} | {"all"}
    tags = {tag for plan in plans for tag in plan.tags}
    for declared, _ in whole.own("policy"):
        assert isinstance(declared.statement, ast.Policy)
        for clause in declared.statement.clauses:
            if isinstance(clause, ast.Cap | ast.Never):
                require_known(whole, declared, clause.channel, channels, "sends by", "channels of plans")
            if isinstance(clause, ast.Cap) and clause.tag is not None:
                require_known(whole, declared, clause.tag, tags, "is tagged", "tags of plans")


EVERY = ("any", "every", "each", "everything")


def require_known(
    whole: Whole, declared: Declared, name: ast.Name, known: Collection[str], verb: str, title: str
) -> None:
    if name.text in known or len(whole.findings) > MOST_FINDINGS:
        return
    near = "all" if name.text in EVERY and "all" in known else suggest(name.text, known)
    label = f"did you mean `{near}`?" if near else "this line changes nothing"
    notes = (listing(title, set(known) - {"all"}),)
    whole.note("W408", declared, f"no plan {verb} `{name.text}`", name.span, label, notes, near)


def nearly_another(whole: Whole, plans: Collection[ir.Plan]) -> None:
    """Channels and tags that one plan alone has, and that are nearly those of several others."""
    policies = [declared.statement.clauses for declared, _ in whole.own("policy")]  # type: ignore[attr-defined]
    limits = [clause for clauses in policies for clause in clauses if isinstance(clause, ast.Cap | ast.Never)]
    channels = slips(
        (step.channel for plan in plans for step in plan.steps), (clause.channel.text for clause in limits)
    )
    tags = slips((tag for plan in plans for tag in plan.tags), tags_of(limits))
    meant = {"channel": dict(channels), "tag": dict(tags)}
    for declared, _ in whole.own("plan") if any(meant.values()) else ():
        for word, name in channels_and_tags_in(declared.statement):
            near = meant[word].get(name.text)
            if near is not None:
                message = f"no other plan has the {word} `{name.text}`"
                whole.note("W413", declared, message, name.span, f"did you mean `{near}`?", (), near)


def tags_of(limits: Iterable[ast.Cap | ast.Never]) -> Iterator[str]:
    return (clause.tag.text for clause in limits if isinstance(clause, ast.Cap) and clause.tag)


def channels_and_tags_in(plan: ast.Statement) -> Iterator[tuple[str, ast.Name]]:
    for clause in plan.clauses:  # type: ignore[attr-defined]
        if isinstance(clause, ast.Send):
            yield from (("channel", step.channel) for step in clause.steps)
        if isinstance(clause, ast.Tagged):
            yield from (("tag", tag) for tag in clause.tags)


def campaigns(whole: Whole, plans: Collection[ir.Plan]) -> None:
    used = {plan.campaign for plan in plans}
    costly = {plan.campaign for plan in plans if "cost" in plan.terms}
    for declared, campaign in whole.own("campaign"):
        if campaign.name not in used:
            label = f"add `part of {campaign.name}` to the plans of it"
            whole.note(
                "W410", declared, f"no plan is part of campaign `{campaign.name}`", campaign.span, label
            )
        elif campaign.budget is not None and campaign.budget.currency and campaign.name not in costly:
            label = "give its plans a line `cost …`, or count the sends: `budget 500 …`"
            message = "this budget is never used up: no plan of the campaign costs anything"
            whole.note("W411", declared, message, campaign.budget.span, label)


def policies(whole: Whole, plans: Collection[ir.Plan]) -> None:
    """A black list holds for every plan, whatever it obeys."""
    obeyed = {name for plan in plans for name in plan.policies}
    for declared, policy in whole.own("policy"):
        if policy.name not in obeyed and not policy.is_default and not policy.blocks:
            label = f"add `obey {policy.name}` to a plan, or write `policy {policy.name} default`"
            notes = ("a service that asks about messages of its own may still name it",)
            whole.note("W410", declared, f"no plan obeys policy `{policy.name}`", policy.span, label, notes)


# ---- plans that nothing lets through


def plans_never_sent(whole: Whole, plans: Collection[ir.Plan]) -> None:
    barred = {policy.name: bars(policy) for policy in whole.of_kind("policy")}
    budgets = {campaign.name: campaign.budget for campaign in whole.of_kind("campaign")}
    for declared, plan in whole.own("plan"):
        why = by_policies(plan, barred) or by_campaign(whole, plan, budgets.get(plan.campaign or ""))
        if why is not None:
            whole.note("W409", declared, f"plan `{plan.name}` can never be sent", plan.span, why)


def bars(policy: ir.Policy) -> list[tuple[str | None, str | None]]:
    """(channel, tag) that a policy never lets through, None being all."""
    nevers: list[tuple[str | None, str | None]] = [
        (never.channel, None) for never in policy.nevers if always(never.condition)
    ]
    if policy.allows:
        return nevers  # those whom it allows are free of caps
    zeros = [limit for limit in policy.limits if isinstance(limit, ir.Cap) and limit.limit == 0]
    return nevers + [(cap.channel, cap.tag) for cap in zeros]


ALWAYS = ir.Const(FLAG, True)


def always(condition: ir.Expr) -> bool:
    return isinstance(condition, ir.FlagIs) and condition.term == ALWAYS


def by_policies(plan: ir.Plan, barred: Mapping[str, Iterable[tuple[str | None, str | None]]]) -> str | None:
    """The policies that let none of its channels through, if that is so."""
    bars = [(name, bar) for name in plan.policies for bar in barred[name]]
    if not bars:
        return None
    guilty: dict[str, None] = {}
    for step in plan.steps:
        names = [
            name
            for name, (channel, tag) in bars
            if channel in (None, step.channel) and (tag is None or tag in plan.tags)
        ]
        if not names:
            return None
        guilty[names[0]] = None
    channels = ", ".join(f"`{step.channel}`" for step in plan.steps)
    return f"{' and '.join(f'`{name}`' for name in guilty)} never let{'s' if len(guilty) == 1 else ''} {channels} through"


def by_campaign(whole: Whole, plan: ir.Plan, budget: ir.Budget | None) -> str | None:
    """A budget in money cannot be held against a cost that is not, or is in a currency without a rate."""
    cost = plan.terms.get("cost")
    if budget is None or budget.currency is None or cost is None:
        return None
    have, wanted = cost.type, money(budget.currency)
    if have == wanted or (have.currency, wanted.currency) in whole.settings.rates:
        return None
    return f"its cost is {called(have)}, the budget of campaign `{plan.campaign}` is {called(wanted)}"


LOOKS: tuple[Callable[[Whole, Collection[ir.Plan]], None], ...] = (
    channels_and_tags,
    nearly_another,
    campaigns,
    policies,
    plans_never_sent,
)
