"""Whether what is counted goes on with the later version."""

from __future__ import annotations

import pytest

from compiler.counters import DAY, Effect, Kept, counters
from tests.versions.test_diff import compiled

RULES = """
profile user { id: text key }
event cart { sku: text }
event paid { }
crowd pilot = sample 10% of fans salt "a"
crowd fans { did paid within 7 days }
policy gentle default { cap all 1 per day  cap push 2 in any 7 days }
campaign spring { holdout 10% salt "s"  budget 500 total }
plan nudge { for fans  on cart wait 1 hour  part of spring  send push "a"  tagged promo  cost 1 EUR  budget 9 per day  once per sku }
plan other { send push "b" }
decide best { among nudge, other  at most 1 per user per day }
"""
KEPT = Kept(30 * DAY, 400 * DAY)
CASES = [
    ("push 2 in any 7", "push 2 in any 30", {("policy gentle", Effect.KEEPS)}),
    ("push 2 in any 7", "push 2 in any 500", {("policy gentle", Effect.PART)}),
    (
        "cap all 1 per day",
        "cap all 1 per day  cooldown 1 day after any send",
        {("policy gentle", Effect.KEEPS)},
    ),
    ("paid within 7 days", "paid within 20 days", set()),
    ("paid within 7 days", "paid within 90 days", {("event paid", Effect.PART)}),
    ("paid within 7 days", "paid ever", {("event paid", Effect.PART)}),
    ("event paid { }", "event paid { }\nevent refund { }", {("event refund", Effect.BEGINS)}),
    ("event paid { }", "event paid { total: int }", {("event paid", Effect.BEGINS)}),
    ('holdout 10% salt "s"', 'holdout 20% salt "s"', {("campaign spring", Effect.KEEPS)}),
    ('holdout 10% salt "s"', 'holdout 10% salt "t"', {("campaign spring", Effect.LOSES)}),
    ('fans salt "a"', 'fans salt "b"', {("crowd pilot", Effect.LOSES)}),
    ("budget 500 total", "budget 600 total", {("campaign spring", Effect.KEEPS)}),
    ("budget 500 total", "budget 500 EUR total", {("campaign spring", Effect.LOSES)}),
    ("budget 9 per day", "", set()),
    ("plan other {", "plan other { budget 5 total ", {("plan other", Effect.BEGINS)}),
    ("tagged promo", "tagged news", {("plan nudge", Effect.LOSES), ("plan nudge", Effect.KEEPS)}),
    ("part of spring", "", set()),
    ("once per sku", "once per user", {("plan nudge", Effect.KEEPS)}),
    ("once per sku", "once per sku in any 30 days", {("plan nudge", Effect.KEEPS)}),
    ("on cart wait 1 hour", "on cart wait 2 hours", {("plan nudge", Effect.KEEPS)}),
    ('send push "b"', 'send push "b" count nothing', {("plan other", Effect.KEEPS)}),
    ("at most 1 per user", "at most 2 per user", {("decide best", Effect.KEEPS)}),
    ("profile user", 'settings { timezone "Asia/Tokyo" }\nprofile user', {("settings", Effect.PART)}),
]


def effects(*replaced: tuple[str, str]) -> list[tuple[str, Effect, str]]:
    text = RULES
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    found = counters(compiled(RULES), compiled(text), KEPT)
    return [(each.rule, each.effect, each.why) for each in found]


@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=[f"{old} {new}" for old, new, _ in CASES])
def test_what_becomes_of_a_counter(old: str, new: str, expected: set[tuple[str, Effect]]) -> None:
    assert {(rule, effect) for rule, effect, _ in effects((old, new))} == expected


def test_nothing_is_said_of_what_stays_as_it_is() -> None:
    assert effects() == []


def test_a_plan_that_is_renamed_keeps_its_contacts_and_loses_its_budget() -> None:
    renamed = effects(("plan nudge {", "plan remind was nudge {"), ("among nudge", "among remind"))
    assert renamed == [
        ("plan remind", Effect.KEEPS, "it goes on with the contacts of `nudge`"),
        ("plan remind", Effect.LOSES, "its budget was used up as that of `nudge`, and is whole again"),
    ]


def test_one_that_is_not_said_to_be_renamed_begins_anew_and_is_told_how_not_to() -> None:
    gone, come = effects(("plan nudge {", "plan remind {"), ("among nudge", "among remind"))[::-1]
    assert (gone[0], gone[1]) == ("plan nudge", Effect.KEEPS)
    assert come[:2] == ("plan remind", Effect.BEGINS)
    assert "write `plan remind was nudge`" in come[2]
