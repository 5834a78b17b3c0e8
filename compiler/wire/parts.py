"""The parts of facts that stores tell, and examples: lists, touches, budgets, horizons, what cannot be had."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Any

from compiler.checked.ir import Campaign, Plan, RuleSet
from compiler.facts import Facts, Opened, Touch
from compiler.types import FLAG, INSTANT, INT, SET, TEXT, UNAVAILABLE, Type, Unavailable, choice, money
from compiler.wire.errors import FactsError, Findings
from compiler.wire.json_text import Json
from compiler.wire.objects import Form, ReadMember, ReadPart, elements, marked_part
from compiler.wire.totals import totals_reader
from compiler.wire.values import Slot, names_reader, value_reader

MOST_TOUCHES = 10_000
"""In a document."""


def part_readers(ruleset: RuleSet, *, recorded: bool = False) -> dict[str, ReadPart]:
    """By the name of the part. They give what Facts hold; `unavailable` gives the names for `with_unavailable`.

    `recorded`: as a record of a decision holds them, with marks and however many.
    """
    in_lists = names_reader(ruleset.lists)
    plain: dict[str, ReadPart] = {
        "lists": _whole(lambda found: dict.fromkeys(in_lists(found), True)),
        "unavailable": _whole(names_reader(_what_can_be_unavailable(ruleset))),
        "known_since": Form(dict.fromkeys(ruleset.events, plain_reader(INSTANT))).read,
        "totals": totals_reader(ruleset),
        "opened": _opened_reader(ruleset),
        "held_out": _whole(names_reader([*ruleset.campaigns, *ruleset.decides])),
        "request_id": _whole(plain_reader(TEXT)),
        "now": _whole(plain_reader(INSTANT)),
    }
    can_be_marked = {
        "touches": _touches_reader(sys.maxsize if recorded else MOST_TOUCHES),
        "shadow": _touches_reader(sys.maxsize if recorded else MOST_TOUCHES),
        "budgets": Form(_budget_readers(ruleset)).read,
    }
    if recorded:
        can_be_marked = {name: marked_part(read) for name, read in can_be_marked.items()}
    return plain | can_be_marked


def plain_reader(type: Type) -> ReadMember:
    """Reads values that are neither private nor money to be converted."""
    return value_reader(Slot(type, {}))


def with_unavailable(ruleset: RuleSet, facts: Facts, names: frozenset[str]) -> Facts:
    """The facts, but what is named cannot be had, whatever was told of it."""
    if not names:
        return facts
    touches: dict[str, Any] = {"touches": UNAVAILABLE, "shadow": UNAVAILABLE} if "touches" in names else {}
    budgets: dict[str, Any] = {"budgets": UNAVAILABLE} if "budgets" in names else {}
    return replace(
        facts,
        user={**facts.user, **_unavailable_in("user", names)},
        input={**facts.input, **_unavailable_in("input", names)},
        events={**facts.events, **_unavailable(names & ruleset.events.keys())},
        lists={**facts.lists, **_unavailable(names & ruleset.lists.keys())},
        **touches,
        **budgets,
    )


def _what_can_be_unavailable(ruleset: RuleSet) -> Iterable[str]:
    yield from (f"user.{name}" for name in ruleset.attributes)
    yield from (f"input.{name}" for name in ruleset.inputs)
    yield from (*ruleset.events, *ruleset.lists, "touches", "budgets")


def _unavailable_in(scope: str, names: frozenset[str]) -> dict[str, Unavailable]:
    dotted = f"{scope}."
    return _unavailable(name.removeprefix(dotted) for name in names if name.startswith(dotted))


def _unavailable(names: Iterable[str]) -> dict[str, Unavailable]:
    return dict.fromkeys(names, UNAVAILABLE)


def _whole(read: ReadMember) -> ReadPart:
    def read_at(found: Json, path: str, findings: Findings) -> Any:
        try:
            return read(found)
        except FactsError as error:
            return findings.adopt(path, error)

    return read_at


_TOUCH = Form(
    readers={
        "time": plain_reader(INSTANT),
        "activity": plain_reader(TEXT),
        "channel": plain_reader(TEXT),
        "tags": plain_reader(SET),
        "counted": plain_reader(FLAG),
        "campaign": plain_reader(TEXT),
        "occurrence": plain_reader(TEXT),
        "completes": plain_reader(TEXT),
    },
    defaults={
        "time": 0,
        "activity": "",
        "channel": "",
        "tags": frozenset(),
        "counted": True,
        "campaign": None,
        "occurrence": "",
        "completes": None,
    },
    required=("time", "activity", "channel"),
)


def _touches_reader(most: int) -> ReadPart:
    def read(found: Json, path: str, findings: Findings) -> tuple[Touch, ...]:
        touches = [
            Touch(**_TOUCH.read(each, at, findings)) for at, each in elements(found, path, most, findings)
        ]
        return tuple(sorted(touches, key=attrgetter("time")))

    return read


def _opened_reader(ruleset: RuleSet) -> ReadPart:
    form = Form(
        readers={"plan": plain_reader(choice(*ruleset.plans)), "event_id": plain_reader(TEXT)},
        defaults={"plan": "", "event_id": ""},
        required=("plan", "event_id"),
    )

    def read(found: Json, path: str, findings: Findings) -> tuple[Opened, ...]:
        entries = elements(found, path, MOST_TOUCHES, findings)
        return tuple(Opened(**form.read(each, at, findings)) for at, each in entries)

    return read


def _budget_readers(ruleset: RuleSet) -> dict[str, ReadMember]:
    rates = ruleset.settings.rates
    return {owner: value_reader(Slot(type, rates)) for owner, type in budget_types(ruleset).items()}


def budget_types(ruleset: RuleSet) -> dict[str, Type]:
    """By owner: what was spent stands in the budget's own unit."""
    owners: list[Plan | Campaign] = [*ruleset.plans.values(), *ruleset.campaigns.values()]
    budgets = {owner.key: owner.budget for owner in owners if owner.budget is not None}
    return {owner: money(budget.currency) if budget.currency else INT for owner, budget in budgets.items()}
