"""What two versions declare together, and where their limits lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from compiler.checked import ir
from compiler.checked.invariants import parts_of
from compiler.decision.shares import share_test
from compiler.named import definitions
from compiler.types import Answer
from compiler.witness.boundaries import DAY, Boundaries, length
from compiler.witness.treatment import budgets_of


@dataclass(frozen=True, slots=True)
class Limit:
    """How often people are contacted at most: by which plans, by which channel, in which span of time."""

    plans: tuple[ir.Plan, ...]
    channel: str | None
    most: int
    span: int


@dataclass(frozen=True, slots=True)
class World:
    """What versions declare together; of what both declare, as the later one does."""

    boundaries: Boundaries
    attributes: Mapping[str, ir.FieldDef]
    inputs: Mapping[str, ir.FieldDef]
    events: Mapping[str, Mapping[str, ir.FieldDef]]
    lists: tuple[str, ...]
    limits: tuple[Limit, ...]
    budgets: Mapping[str, tuple[int, ...]]
    holdouts: tuple[str, ...]
    user_key: str | None
    users: tuple[str, ...]
    """Names of users whom shares of the versions take, or leave."""

    @classmethod
    def of(cls, *versions: ir.RuleSet) -> World:
        return cls(
            Boundaries.of(*versions),
            {
                name: each
                for version in versions
                for name, each in version.attributes.items()
                if name != version.user_key
            },
            {name: each for version in versions for name, each in version.inputs.items()},
            {name: each.fields for version in versions for name, each in version.events.items()},
            tuple(dict.fromkeys(name for version in versions for name in version.lists)),
            tuple(limit for version in versions for limit in limits(version)),
            budgets(versions),
            tuple(dict.fromkeys(name for version in versions for name in holders(version))),
            versions[-1].user_key,
            users(versions),
        )


def limits(version: ir.RuleSet) -> list[Limit]:
    plans = tuple(version.plans.values())
    found = [
        Limit(plans, each.channel, each.limit, length(each.period))
        for policy in version.policies.values()
        for each in policy.limits
        if isinstance(each, ir.Cap)
    ]
    found += [
        Limit(plans, None, 1, each.microseconds)
        for policy in version.policies.values()
        for each in policy.limits
        if isinstance(each, ir.Cooldown) and each.event is None
    ]
    found += [Limit((plan,), None, 1, span_of(plan.once)) for plan in plans if plan.once]
    for campaign in version.campaigns.values():
        if campaign.once:
            parts = tuple(plan for plan in plans if plan.campaign == campaign.name)
            found.append(Limit(parts, None, 1, span_of(campaign.once)))
    for decide in version.decides.values():
        if decide.at_most:
            among = tuple(version.plans[name] for name in decide.plans)
            found.append(Limit(among, None, decide.at_most.limit, length(ir.Calendar(decide.at_most.unit))))
    return [each for each in found if each.plans]


def span_of(once: ir.Once) -> int:
    return 30 * DAY if once.period is None else length(once.period)


def budgets(versions: Iterable[ir.RuleSet]) -> dict[str, tuple[int, ...]]:
    """By owner, what may be used before and after one contact more is too much."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for version in versions:
        costs = {each for plan in version.plans.values() for each in costs_of(plan)}
        for owner, budget in budgets_of(version):
            takes, unit = (costs, 10_000) if budget.currency else ({1}, 1)
            edges = {budget.amount - each + by for each in takes for by in (-unit, 0, unit)}
            found[owner] |= {edge for edge in edges if edge >= 0}
    return {owner: tuple(sorted(edges)) for owner, edges in found.items()}


def costs_of(plan: ir.Plan) -> Iterator[int]:
    """Constants in what a contact costs."""
    if "cost" in plan.terms:
        for part in ir.subexpressions(plan.terms["cost"]):
            if isinstance(part, ir.Const) and isinstance(part.value, int):
                yield part.value


def users(versions: Iterable[ir.RuleSet]) -> tuple[str, ...]:
    """Somebody for every way in which the shares of the versions come out, as far as there is one among so many."""
    shares = [share_test(*each) for version in versions for each in shares_of(version)]
    found: dict[tuple[Answer, ...], str] = {}
    for number in range(1, USERS if shares else 1):
        found.setdefault(tuple(taken(f"u{number}") for taken in shares), f"u{number}")
    return tuple(found.values())


USERS = 3_000


def shares_of(version: ir.RuleSet) -> Iterator[tuple[Fraction, str]]:
    for definition in definitions(version):
        parts = parts_of(definition)
        yield from ((each.share, each.salt) for each in parts if isinstance(each, ir.InShare))
        holdout = getattr(definition, "holdout", None)
        if holdout is not None:
            yield holdout.share, holdout.salt


def holders(version: ir.RuleSet) -> Iterator[str]:
    yield from (each.name for each in version.campaigns.values() if each.holdout)
    yield from (each.name for each in version.decides.values() if each.holdout)
