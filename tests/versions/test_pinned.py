"""What of a waiting plan stays with the version that opened it, and what is the active one's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compiler import interpret
from compiler.checked.invariants import require_invariants
from compiler.checked.ir import RuleSet
from compiler.decision.program import compile_program
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Touch
from compiler.named import definitions
from compiler.outcome import Decision, Verdict
from compiler.pinned import pinned
from dsl.source import Source

OLD = """
profile user { id: text key  tier: choice(free, plus) optional  age: int default 18 }
event cart { sku: text }
event paid { }
list staff
crowd wanted { user.tier is plus }
score lead { add 10 points when user in wanted  grade A from 10, B below }
policy gentle default { cap all 1 per day }
policy strict { never sms when user in staff }
campaign spring { holdout 100% salt "old" }
plan nudge { for wanted where lead.grade is A  on cart wait 1 hour unless paid
             send push "old"  value 2 EUR }
decide best { among nudge  rank by value }
"""
NEW = (
    OLD.replace("user.tier is plus", "user.tier is free")
    .replace('push "old"', 'push "new"')
    .replace("wait 1 hour", "wait 2 hours")
    .replace("add 10", "add 1")
)
HOUR = 3_600_000_000
PLUS = Facts(
    now=HOUR, user={"id": "u1", "tier": "plus"}, events={"cart": (Event(0, "e1", {"sku": "a"}),), "paid": ()}
)


def compiled(text: str) -> RuleSet:
    result = compile_ruleset([Source("rules.sua", text)])
    assert result.ruleset, [each.message for each in result.diagnostics]
    return result.ruleset


def made(new: str = NEW, old: str = OLD, *plans: str) -> RuleSet | None:
    result = pinned(compiled(new), compiled(old), plans or ["nudge"])
    if result is not None:
        require_invariants(result.ruleset, definitions(result.ruleset))
    return result and result.ruleset


def decided(ruleset: RuleSet | None, facts: Facts = PLUS, decide: str = "best") -> Decision:
    """What both evaluators say."""
    assert ruleset is not None
    said = interpret.decide(ruleset, decide, facts)
    assert compile_program(ruleset).decide(decide, facts) == said
    return said


def test_audience_trigger_and_message_are_those_of_the_version_that_opened_it() -> None:
    assert decided(compiled(NEW)).verdict is Verdict.NONE
    decision = decided(made())
    assert decision.verdict is Verdict.SEND
    assert [(each.plan, each.content) for each in decision.attempts] == [("nudge", "old")]


def test_policies_are_the_active_ones() -> None:
    touch = Touch(0, "other", "push", frozenset(), True, None, "other/1")
    facts = replace(PLUS, touches=(touch,))
    stricter = made(NEW.replace("cap all 1 per day", "cap all 2 per day"))
    assert decided(made(), facts).verdict is Verdict.BLOCK
    assert decided(stricter, facts).verdict is Verdict.SEND


def test_a_plan_that_obeys_the_default_obeys_what_is_default_now() -> None:
    other_default = NEW.replace("policy gentle default", "policy gentle").replace(
        "policy strict {", "policy strict default {"
    )
    ruleset = made(other_default)
    assert ruleset and ruleset.plans["nudge"].policies == ("strict",)


def test_a_campaign_is_the_active_one() -> None:
    old = OLD.replace('push "old"', 'push "old" part of spring')
    assert decided(made(NEW, old)).verdict is Verdict.HOLDOUT
    assert decided(made(NEW.replace("holdout 100%", "holdout 0%"), old)).verdict is Verdict.SEND


def test_a_campaign_that_is_gone_comes_along() -> None:
    old = OLD.replace('push "old"', 'push "old" part of spring')
    assert decided(made(NEW.replace("campaign spring", "campaign summer"), old)).verdict is Verdict.HOLDOUT


def test_a_plan_that_was_renamed_is_found_by_its_activity() -> None:
    ruleset = made(
        NEW.replace("plan nudge {", "plan remind was nudge {").replace("among nudge", "among remind")
    )
    decision = decided(ruleset)
    assert (decision.plan, decision.attempts[0].activity) == ("remind", "nudge")
    assert decision.attempts[0].content == "old"


def test_places_say_which_version_they_are_in() -> None:
    ruleset = made()
    assert ruleset is not None
    file, line = ruleset.origins["plan nudge"]
    assert (file, line) == (f"rules.sua@{compiled(OLD).hash[:12]}", 11)
    assert ruleset.origins["policy gentle"][0] == "rules.sua"


def test_attributes_events_and_lists_that_are_gone_come_along() -> None:
    new = NEW.replace("user.tier is free", "user.age > 3").replace("tier: choice(free, plus) optional", "")
    new = new.replace("event paid { }", "").replace(" unless paid", "")
    assert decided(made(new)).verdict is Verdict.SEND


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("a choice with more options", ("choice(free, plus)", "choice(gold, free, plus)")),
        ("more fields of an event", ("sku: text", "sku: text  price: money EUR optional")),
        ("an attribute that it does not look at", ("age: int default 18", "age: text optional")),
        ("a default elsewhere", ("age: int default 18", "age: int default 19")),
    ],
)
def test_a_plan_can_be_pinned_in_spite_of(what: str, change: tuple[str, str]) -> None:
    assert decided(made(NEW.replace(*change))).attempts[0].content == "old"


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("a choice with other options", [("choice(free, plus)", "choice(free, gold)")]),
        (
            "an attribute of another type",
            [("tier: choice(free, plus)", "tier: text"), ("is free", 'is "free"')],
        ),
        ("a field of another type", [("sku: text", "sku: int")]),
        ("another key", [("id: text key", "number: text key")]),
        ("another activity", [("plan nudge {", "plan push {"), ("among nudge", "among push")]),
        ("ranks of another type", [("rank by value", "rank by 3")]),
    ],
)
def test_a_plan_cannot_be_pinned_to(what: str, changes: list[tuple[str, str]]) -> None:
    new = NEW
    for change in changes:
        assert change[0] in new
        new = new.replace(*change)
    old = OLD.replace("value 2 EUR", "value 2 EUR  cost 1 EUR").replace(
        "rank by value", "rank by value - cost"
    )
    assert made(new, old) is None


def test_a_plan_cannot_obey_a_policy_that_is_gone() -> None:
    old = OLD.replace('push "old"', 'push "old" obey strict')
    assert decided(made(NEW, old)).verdict is Verdict.SEND
    assert made(NEW.replace("policy strict { never sms when user in staff }", ""), old) is None


def test_what_cannot_be_pinned_stays_as_the_active_rules_have_it() -> None:
    old = OLD + 'plan second { on paid  send push "old"  value 1 EUR  obey strict }\n'
    old = old.replace("among nudge", "among nudge, second")
    new = (
        old.replace('push "old"', 'push "new"')
        .replace("policy strict", "policy firm")
        .replace("obey strict", "obey firm")
    )
    result: Any = pinned(compiled(new), compiled(old), ["nudge", "second"])
    assert result.plans == {"nudge"}
    assert [plan.steps[0].content for plan in result.ruleset.plans.values()] == ["old", "new"]


def test_what_no_decide_asks_for_is_not_pinned() -> None:
    new = NEW + 'plan other { send push "x"  value 1 EUR }\n'
    assert made(new.replace("among nudge", "among other")) is None


def test_only_what_the_plan_needs_is_made_ready() -> None:
    new = (
        NEW + 'crowd unasked { user.age > 3 }\nplan other { send push "x" }\ndecide second { among other }\n'
    )
    ruleset = made(new)
    assert ruleset is not None
    assert list(ruleset.decides) == ["best"] and list(ruleset.plans) == ["nudge"]
    assert "unasked" not in ruleset.crowds and "staff" in ruleset.lists


def test_plans_of_several_versions_stand_side_by_side() -> None:
    second = 'plan second { for wanted on paid  send push "%s"  value 1 EUR }\n'
    both = OLD.replace("among nudge", "among nudge, second")
    active = compiled(both.replace('push "old"', 'push "new"') + second % "new")
    one, two = (compiled(both.replace("is plus", f"is {tier}") + second % tier) for tier in ("free", "plus"))
    first = pinned(active, one, ["nudge"])
    assert first is not None
    result: Any = pinned(first.ruleset, two, ["second"])
    assert [plan.steps[0].content for plan in result.ruleset.plans.values()] == ["old", "plus"]
    assert len({name for name in result.ruleset.crowds if name.startswith("wanted@")}) == 2
