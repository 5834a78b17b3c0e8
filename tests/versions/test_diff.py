"""What two versions do not mean alike, and what that reaches."""

from __future__ import annotations

import pytest

from compiler.checked.ir import RuleSet
from compiler.diff import Change, Kind, diff, text_of
from compiler.driver import compile_ruleset
from dsl.format import format_file
from dsl.source import Source
from tests.agreement.rulesets import whole

RULES = """
profile user { id: text key  tier: choice(free, plus) optional }
event cart { sku: text }
event paid { }
list staff
crowd wanted { user.tier is plus }
crowd rescue = wanted except staff
score lead { add 10 points when user in wanted }
policy gentle default { cap all 1 per day  block users in staff }
policy strict { never sms when user.tier is missing }
campaign spring { holdout 10% salt "s" }
plan nudge { for rescue  on cart wait 1 hour unless paid  part of spring  send push "a" }
plan other { send push "b"  obey strict }
decide best { among nudge, other }
"""


def compiled(text: str) -> RuleSet:
    result = compile_ruleset([Source("rules.sua", text)])
    assert result.ruleset, [each.message for each in result.diagnostics]
    return result.ruleset


def changes(*replaced: tuple[str, str]) -> list[Change]:
    text = RULES
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return list(diff(compiled(RULES), compiled(text)))


def test_layout_comments_and_documentation_are_no_change() -> None:
    assert (
        changes(
            ("crowd wanted {", '# a remark\n\ncrowd wanted "Those we want" {\n  '),
            ("list staff", 'list staff "Us"'),
        )
        == []
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_one_layout_is_no_change_and_another_crowd_is_one(seed: int) -> None:
    text = whole(seed)
    ruleset = compiled(text)
    assert diff(ruleset, compiled(format_file(Source("generated.sua", text)))) == ()
    crowd = next(line for line in text.splitlines() if line.startswith("crowd c1 "))
    other = compiled(text.replace(crowd, "crowd c1 { user.age > 77 }"))
    assert [(each.kind, each.key) for each in diff(ruleset, other)] == [(Kind.CHANGED, "crowd c1")]


def test_a_changed_crowd_reaches_all_that_leads_to_it() -> None:
    assert changes(("user.tier is plus", "user.tier is free")) == [
        Change(
            Kind.CHANGED,
            "crowd wanted",
            dependants=("crowd rescue", "score lead", "plan nudge", "decide best"),
        )
    ]


def test_a_policy_reaches_the_plans_that_obey_it() -> None:
    assert changes(("is missing", "is free")) == [
        Change(Kind.CHANGED, "policy strict", dependants=("plan other", "decide best"))
    ]


def test_a_policy_that_blocks_users_reaches_every_plan() -> None:
    found = changes(("  block users in staff", ""))
    assert found[0].dependants == ("plan nudge", "plan other", "decide best")


def test_a_limit_beside_a_block_reaches_the_plans_that_obey_it() -> None:
    """`other` obeys another policy: who is blocked is the same for it."""
    found = changes(("cap all 1 per day", "cap all 2 per day"))
    assert found == [Change(Kind.CHANGED, "policy gentle", dependants=("plan nudge", "decide best"))]


def test_a_crowd_that_is_blocked_reaches_every_plan() -> None:
    text = RULES.replace("block users in staff", "block users in rescue")
    before, after = compiled(text), compiled(text.replace("user.tier is plus", "user.tier is free"))
    (found,) = diff(before, after)
    assert {"policy gentle", "plan nudge", "plan other"} <= {*found.dependants}


def test_what_was_added_and_removed_is_named() -> None:
    found = changes(
        ("score lead { add 10 points when user in wanted }\n", ""),
        ("decide best", "crowd idle { did not cart within 1 day }\ndecide best"),
    )
    assert found == [Change(Kind.ADDED, "crowd idle"), Change(Kind.REMOVED, "score lead")]


def test_a_changed_rule_is_not_a_dependant_besides() -> None:
    found = changes(("user.tier is plus", "user.tier is free"), ("wait 1 hour", "wait 2 hours"))
    assert [each.key for each in found] == ["crowd wanted", "plan nudge"]
    assert found[0].dependants == ("crowd rescue", "score lead", "decide best")
    assert found[1].dependants == ("decide best",)


def test_a_renamed_plan_goes_on() -> None:
    found = changes(("plan nudge {", "plan remind was nudge {"), ("among nudge", "among remind"))
    assert found == [Change(Kind.CHANGED, "plan remind", "plan nudge"), Change(Kind.CHANGED, "decide best")]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("choice(free, plus)", "choice(free, plus, pro)", "user.tier"),
        ("sku: text", "sku: text  price: money EUR", "event cart"),
        ("10 points", "11 points", "score lead"),
        ("holdout 10%", "holdout 11%", "campaign spring"),
        ('push "b"', 'push "c"', "plan other"),
        ("among nudge, other", "among other, nudge", "decide best"),
        ("cap all 1 per day", "cap all 2 per day", "policy gentle"),
        ("profile user", 'settings { timezone "Europe/Berlin" }\nprofile user', "settings"),
    ],
)
def test_every_kind_of_rule_is_compared(old: str, new: str, key: str) -> None:
    assert changes((old, new))[0].key == key


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("crowd wanted", "crowd wanted { user.tier is plus }"),
        ("user.tier", "profile user { tier: choice(free, plus) optional }"),
        ("event cart", "event cart { sku: text }"),
        ("settings", ""),
    ],
)
def test_a_rule_is_shown_in_the_one_layout(key: str, text: str) -> None:
    assert text_of(compile_ruleset([Source("rules.sua", RULES)]), key) == text
