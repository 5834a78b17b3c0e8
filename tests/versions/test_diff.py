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


WORDED = """
profile user { id: text key  tier: choice(free, plus) optional  home: timezone optional  work: timezone optional }
event cart { sku: text  price: money EUR }
event paid { total: money EUR }
crowd some { (user.tier is plus or did cart within 60 minutes) and count of cart where sku in ("a", "b") within 7 days >= 2 }
crowd both = some except lone
crowd lone { not (did paid within 1 day and user.tier is free) and not count of paid within 1 day < 3 }
policy gentle default { cap all 1 per day  cap push 2 in any 7 days  cooldown 1 hour after any send }
policy mild default { never sms when user.tier is missing }
plan nudge { for some  let carts = count of cart within 7 days  let more = carts + 1
             send push "a" with n = carts, m = more  value 2 EUR * 3 }
decide best { among nudge  rank by value }
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "user.tier is plus or did cart within 60 minutes",
            "did cart within 1 hour or user.tier is plus or user.tier is plus",
        ),
        (
            'count of cart where sku in ("a", "b") within 7 days >= 2',
            '2 <= count of cart where sku in ("b", "a") within 168 hours',
        ),
        (
            "not (did paid within 1 day and user.tier is free)",
            "(user.tier is not free or did not paid within 1 day)",
        ),
        ("not count of paid within 1 day < 3", "count of paid within 1 day >= 1 + 2"),
        ("cap all 1 per day  cap push 2 in any 7 days", "cap push 2 in any 7 days  cap all 1 per day"),
        (
            "let carts = count of cart within 7 days  let more = carts + 1",
            "let c = count of cart within 7 days  let m = c + 1",
        ),
        ("value 2 EUR * 3", "value 6.00 EUR"),
    ],
)
def test_what_says_the_same_by_other_words_is_no_change(old: str, new: str) -> None:
    assert old in WORDED
    other = WORDED.replace(old, new).replace(
        "carts, m = more", "c, m = m" if "let c" in new else "carts, m = more"
    )
    assert diff(compiled(WORDED), compiled(other)) == ()


def test_statements_in_another_order_are_no_change() -> None:
    statements = WORDED.replace("             send", "send").replace("\nsend", "  send").strip().splitlines()
    assert diff(compiled(WORDED), compiled("\n".join(reversed(statements)))) == ()


def test_another_attribute_that_holds_the_zone_is_a_change() -> None:
    swapped = WORDED.replace(
        "home: timezone optional  work: timezone optional", "work: timezone optional  home: timezone optional"
    )
    assert [each.key for each in diff(compiled(WORDED), compiled(swapped))] == ["profile"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("carts, m = more", "more, m = carts"),
        ("let more = carts + 1", "let more = carts - 1"),
        (">= 2 }", "> 2 }"),
        ("value 2 EUR * 3", "value 2 EUR * 4"),
        ("not (did paid within 1 day and", "not (did paid within 1 day or"),
        ("some except lone", "lone except some"),
    ],
)
def test_what_looks_much_alike_and_is_not_is_a_change(old: str, new: str) -> None:
    assert old in WORDED
    assert diff(compiled(WORDED), compiled(WORDED.replace(old, new)))


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
