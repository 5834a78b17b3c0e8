"""What two versions do not mean alike.

Rules are compared as the typed form has them, so that layout, comments, places and documentation make no difference, nor does what
says the same by other words (`compiler.alike`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias, cast

from compiler.alike import alike
from compiler.checked import ir
from compiler.checked.modules import NAMESPACE, Collected
from compiler.driver import Compiled
from compiler.named import Key, definitions, named_by, named_in
from dsl import ast
from dsl.layout import lay_out
from dsl.printing import printed


class Kind(Enum):
    """What became of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A rule or declaration (`crowd hot_cart`, `user.tier`, `settings`) that does not mean the same in both.

    `was`: the key of a plan before it was renamed. `dependants`: definitions that say the same as before and lead to it.
    """

    kind: Kind
    key: Key
    was: Key | None = None
    dependants: tuple[Key, ...] = ()

    @property
    def key_before(self) -> Key:
        return self.was or self.key


Meanings: TypeAlias = Mapping[Key, Any]


def diff(before: ir.RuleSet, after: ir.RuleSet) -> tuple[Change, ...]:
    """What was changed or added, in the order of `after`, then what was removed. Empty for versions that mean the same."""
    old, new = meanings(before), meanings(after)
    renamed = renames(before, after)
    changes = [
        change
        for key, meaning in new.items()
        if (change := compared(key, renamed.get(key), meaning, old)) is not None
    ]
    gone = [key for key in old if key not in new and key not in renamed.values()]
    changes += [Change(Kind.REMOVED, key) for key in gone]
    return with_dependants(changes, before, after)


def compared(key: Key, was: Key | None, meaning: Any, old: Meanings) -> Change | None:
    if (was or key) not in old:
        return Change(Kind.ADDED, key)
    return Change(Kind.CHANGED, key, was) if was or not alike(meaning, old[key]) else None


def meanings(ruleset: ir.RuleSet) -> dict[Key, Any]:
    """All that a rule set says, by key, without what is for people alone."""
    return {
        "settings": ruleset.settings,
        "profile": (ruleset.user_key, ruleset.user_zone),
        **{f"user.{name}": field for name, field in ruleset.attributes.items()},
        **{f"input.{name}": field for name, field in ruleset.inputs.items()},
        **{f"event {name}": dict(event.fields) for name, event in ruleset.events.items()},
        **{f"list {name}": None for name in ruleset.lists},
        **{each.key: replace(each, doc="") for each in definitions(ruleset)},
    }


def renames(before: ir.RuleSet, after: ir.RuleSet) -> dict[Key, Key]:
    """Plans that go on under another name: key now -> key before."""
    known = {plan.activity: plan for plan in before.plans.values()}
    pairs = ((plan, known[plan.activity]) for plan in after.plans.values() if plan.activity in known)
    return {now.key: then.key for now, then in pairs if now.name != then.name}


# ---- what leads to what was changed


def with_dependants(changes: list[Change], before: ir.RuleSet, after: ir.RuleSet) -> tuple[Change, ...]:
    leading = leading_to(before, after)
    changed = {key for change in changes for key in (change.key, change.key_before)}
    order = [each.key for each in definitions(after)]
    found = []
    for change in changes:
        keys = (change.key, change.key_before, *blocks_changed(change, before, after))
        reached = all_leading_to(keys, leading) - changed
        found.append(replace(change, dependants=tuple(key for key in order if key in reached)))
    return tuple(found)


def leading_to(*versions: ir.RuleSet) -> Mapping[Key, set[Key]]:
    """By key, the definitions that name it in any of the versions.

    Users whom a policy blocks are blocked from every plan, whatever it obeys: that part of a policy has a key of its own."""
    leading: defaultdict[Key, set[Key]] = defaultdict(set)
    for ruleset in versions:
        for definition in definitions(ruleset):
            for key in named_by(definition):
                leading[key].add(definition.key)
        for policy in ruleset.policies.values():
            for block in policy.blocks:
                for key in named_in(block.condition):
                    leading[key].add(blocks_of(policy.key))
                leading[blocks_of(policy.key)] |= {plan.key for plan in ruleset.plans.values()}
    return leading


def blocks_of(policy: Key) -> Key:
    return f"blocks of {policy}"


def blocks_changed(change: Change, before: ir.RuleSet, after: ir.RuleSet) -> Iterator[Key]:
    """Of a policy that does not block the same users."""
    blocks = [
        {policy.key: policy.blocks for policy in ruleset.policies.values()} for ruleset in (before, after)
    ]
    if not alike(blocks[0].get(change.key_before, ()), blocks[1].get(change.key, ())):
        yield blocks_of(change.key)


def all_leading_to(keys: Collection[Key], leading: Mapping[Key, set[Key]]) -> set[Key]:
    pending, found = list(keys), set[Key]()
    while pending:
        new = leading.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return found


# ---- what stands there


def text_of(compiled: Compiled, key: Key) -> str:
    """The statement of a key in the one layout, of a profile or input only its field; empty where there is none."""
    statement = statement_of(compiled.checked.world.collected, key)
    return "" if statement is None else "\n".join(lay_out(printed(statement)))


def statement_of(collected: Collected, key: Key) -> ast.Statement | None:
    head, dot, field = key.partition(".")
    if head in SINGLE:
        found = collected.single.get(SINGLE[head])
        return found and (only_field(found[0], field) if dot else found[0])
    kind, _, name = key.partition(" ")
    declared = collected.named.get((NAMESPACE.get(kind, kind), name))
    return None if declared is None else declared.statement


SINGLE: Mapping[str, type[ast.Statement]] = {
    "settings": ast.Settings,
    "profile": ast.Profile,
    "user": ast.Profile,
    "input": ast.Input,
}


def only_field(statement: Any, name: str) -> ast.Statement:
    fields = tuple(each for each in statement.fields if each.name.text == name)
    return replace(cast(ast.Profile | ast.Input, statement), fields=fields)
