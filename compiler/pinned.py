"""Plans of one version among the rules of another.

An occurrence stays with the version that opened it for its plan, while policies, campaigns, lists, decides and settings
are the active ones. What both say together is a rule set like any other, for every evaluator.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from compiler.checked import ir
from compiler.named import Key, named_by, named_in, needed
from compiler.types import Kind, Type

Named = TypeVar("Named")
SHOWN = 12
"""Characters of a version that tell its files and definitions from those of others."""


class CannotPin(Exception):
    """The plan does not fit among the active rules."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """`ruleset` has the decides in which a pinned plan stands, and all that these lead to; `plans` are the pinned ones,
    by the names that they bear there.

    What the other version calls `crowd hot_cart` in `rescue.sua` is `crowd hot_cart@4fa3b2c1d2e3` in
    `rescue.sua@4fa3b2c1d2e3` here.
    """

    ruleset: ir.RuleSet
    plans: frozenset[str]


def pinned(active: ir.RuleSet, other: ir.RuleSet, plans: Collection[str]) -> Pinned | None:
    """The active rules, in which plans of another version (by their names there) stand for those of the same activity.

    Left out, so that the active version's own plan stays, is one whose activity the active rules do not have, that obeys
    a policy that is gone, that looks at an attribute, input or event of another type or default, or that cannot be
    ranked. None if nothing is left, or no decide asks for it.
    """
    of_activity = {plan.activity: name for name, plan in active.plans.items()}
    whole, done = active, set()
    for plan in (other.plans[name] for name in plans if name in other.plans):
        name = of_activity.get(plan.activity)
        if name is not None:
            try:
                whole = with_plan(whole, other, plan, name)
                done.add(name)
            except CannotPin:
                continue
    asked = [decide.key for decide in whole.decides.values() if not done.isdisjoint(decide.plans)]
    if not asked:
        return None
    content = "\n".join((active.hash, other.hash, *sorted(done)))
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Pinned(replace(cut_down(whole, asked), hash=digest), frozenset(done))


def with_plan(active: ir.RuleSet, other: ir.RuleSet, plan: ir.Plan, name: str) -> ir.RuleSet:
    """The active rules with a plan of the other version under the active `name`. Raises CannotPin."""
    there = other.hash
    ranking = [decide for decide in active.decides.values() if name in decide.rank]
    like = {decide.name: rank for decide in ranking if (rank := rank_like(decide, active, plan)) is not None}
    own = {decide.name: own_rank(decide, other, plan) for decide in ranking if decide.name not in like}
    unpoliced = replace(plan, policies=())
    keys = needed(other, [*named_by(unpoliced), *(key for rank in own.values() for key in named_in(rank))])
    ranks = like | {decide: moved(rank, there) for decide, rank in own.items()}
    standing = replace(moved(unpoliced, there), name=name, policies=policies(active, other, plan))
    return replace(
        active,
        **schema(active, other, keys),
        crowds={**moved_in(other.crowds, keys, there), **active.crowds},
        scores={**moved_in(other.scores, keys, there), **active.scores},
        campaigns={**among(other.campaigns, keys, "campaign "), **active.campaigns},
        plans={**active.plans, name: standing},
        decides={
            **active.decides,
            **{each.name: with_rank(each, name, ranks[each.name]) for each in ranking},
        },
        origins={**origins(other, keys), **active.origins, f"plan {name}": origin(other, plan.key)},
    )


# ---- what of it is the active version's


def policies(active: ir.RuleSet, other: ir.RuleSet, plan: ir.Plan) -> tuple[str, ...]:
    """Those of the same names; a plan that obeys what is default obeys what is default now."""
    if plan.policies == defaults(other):
        return defaults(active)
    if not set(plan.policies) <= set(active.policies):
        raise CannotPin
    return plan.policies


def defaults(ruleset: ir.RuleSet) -> tuple[str, ...]:
    return tuple(name for name, policy in ruleset.policies.items() if policy.is_default)


def rank_like(decide: ir.Decide, active: ir.RuleSet, plan: ir.Plan) -> ir.Expr | None:
    """How a decide ranks a plan that states the same terms; None if it has none."""
    return next(
        (rank for name, rank in decide.rank.items() if stated(active.plans[name]) == stated(plan)), None
    )


def stated(plan: ir.Plan) -> dict[str, Type]:
    return {term: expr.type for term, expr in plan.terms.items()}


def own_rank(decide: ir.Decide, other: ir.RuleSet, plan: ir.Plan) -> ir.Expr:
    """How the decide of the same name ranked the plan in its own version."""
    asked = other.decides.get(decide.name)
    rank = asked.rank.get(plan.name) if asked else None
    if rank is None or rank.type != next(iter(decide.rank.values())).type:
        raise CannotPin
    return rank


def with_rank(decide: ir.Decide, plan: str, rank: ir.Expr) -> ir.Decide:
    return replace(decide, rank={**decide.rank, plan: rank})


# ---- what it looks at


def schema(active: ir.RuleSet, other: ir.RuleSet, keys: Collection[Key]) -> dict[str, Any]:
    """Declarations of both versions, as far as the plan needs those of its own."""
    if active.user_key != other.user_key:
        raise CannotPin
    events = among(other.events, keys, "event ")
    return {
        "attributes": joined(active.attributes, among(other.attributes, keys, "user.")),
        "inputs": joined(active.inputs, among(other.inputs, keys, "input.")),
        "events": {**active.events, **{name: joined_event(active, event) for name, event in events.items()}},
        "lists": {**among(other.lists, keys, "list "), **active.lists},
    }


def among(of_kind: Mapping[str, Named], keys: Collection[Key], prefix: str) -> dict[str, Named]:
    return {name: each for name, each in of_kind.items() if prefix + name in keys}


def joined(here: Mapping[str, ir.FieldDef], more: Mapping[str, ir.FieldDef]) -> dict[str, ir.FieldDef]:
    """The fields of both; those of one name have to be read alike."""
    if not all(fits(field, here[name]) for name, field in more.items() if name in here):
        raise CannotPin
    return {**here, **{name: field for name, field in more.items() if name not in here}}


def fits(field: ir.FieldDef, here: ir.FieldDef) -> bool:
    """Whether rules written for a field can read it as it is declared here: a choice may have more options."""
    wider = field.type.kind is here.type.kind is Kind.CHOICE and set(field.type.options) <= set(
        here.type.options
    )
    return field.default == here.default and (wider or field.type == here.type)


def joined_event(active: ir.RuleSet, event: ir.EventDef) -> ir.EventDef:
    here = active.events.get(event.name)
    return event if here is None else replace(here, fields=joined(here.fields, event.fields))


# ---- what it brings along


def moved_in(of_kind: Mapping[str, Any], keys: Collection[Key], version: str) -> dict[str, Any]:
    """The crowds or scores that are needed, under names that nobody else has."""
    needed = (each for each in of_kind.values() if each.key in keys)
    return {
        name: replace(moved(each, version), name=name)
        for each in needed
        if (name := elsewhere(each.name, version))
    }


def elsewhere(name: str, version: str) -> str:
    """What a file, crowd or score of another version is called."""
    return f"{name}@{version[:SHOWN]}"


NAMING: Mapping[type[Any], str] = {ir.InCrowd: "crowd", ir.ScoreRef: "score", ir.GradeRef: "score"}
"""Expressions that name a crowd or score, and in which field."""


def moved(node: Any, version: str) -> Any:
    """The same, where the crowds and scores that it names are those of another version."""
    if isinstance(node, tuple):
        return tuple([moved(each, version) for each in node])
    if isinstance(node, Mapping):
        return {name: moved(each, version) for name, each in node.items()}
    if not is_dataclass(node) or isinstance(node, type):
        return node
    parts = {part: moved(getattr(node, part), version) for part in parts_of(type(node))}
    if (naming := NAMING.get(type(node))) is not None:
        parts[naming] = elsewhere(parts[naming], version)
    return replace(node, **parts)


@cache
def parts_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind) if part.init)


def origins(other: ir.RuleSet, keys: Iterable[Key]) -> dict[Key, tuple[str, int]]:
    return {
        elsewhere(key, other.hash) if key.startswith(("crowd ", "score ")) else key: origin(other, key)
        for key in keys
        if key in other.origins
    }


def origin(other: ir.RuleSet, key: Key) -> tuple[str, int]:
    file, line = other.origins[key]
    return elsewhere(file, other.hash), line


def cut_down(ruleset: ir.RuleSet, roots: Iterable[Key]) -> ir.RuleSet:
    """The rule set with what the roots and the policies lead to and no other definitions."""
    keys = needed(ruleset, [*roots, *(policy.key for policy in ruleset.policies.values())])
    return replace(
        ruleset,
        crowds=among(ruleset.crowds, keys, "crowd "),
        scores=among(ruleset.scores, keys, "score "),
        campaigns=among(ruleset.campaigns, keys, "campaign "),
        plans=among(ruleset.plans, keys, "plan "),
        decides=among(ruleset.decides, keys, "decide "),
    )
