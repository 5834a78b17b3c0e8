"""The smallest change that would make a plan win, where it is known by hand; and that what is reported holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from compiler import interpret
from compiler.checked.ir import RuleSet
from compiler.explain.change.edits import (
    AddEvent,
    AddTouch,
    DropTouch,
    Edit,
    Fetch,
    HoldOut,
    RaiseTerm,
    RemoveEvent,
    SetAttribute,
    SetMember,
    UseBudget,
    Wait,
)
from compiler.explain.change.search import Change, smallest_change
from compiler.explain.change.words import Told, outcome
from compiler.explain.words import Words
from compiler.facts import Event, Facts, Touch
from compiler.outcome import Verdict
from compiler.types import UNAVAILABLE
from tests.explain.shop import DAY, EURO, HOUR, SHOP, at, cart, compiled, order, shop, touch, user

NOON = "2026-03-01 12:00"
CARTS = cart("2026-03-01 08:10", 30), cart("2026-03-01 09:10", 30)


def wins(change: Change, facts: Facts, ruleset: RuleSet, decide: str, plan: str) -> bool:
    """As the reference interpreter has it, which the search does not ask."""
    changed, rules = change.apply(facts, ruleset)
    decision = interpret.decide(rules, decide, changed)
    return decision.verdict is Verdict.SEND and decision.plan == plan


def edits(facts: Facts, plan: str, rules: RuleSet | None = None, decide: str = "best") -> Sequence[Edit]:
    """Those of the smallest change, which holds, and holds with none of its edits left out."""
    ruleset = rules or shop()[0]
    change = smallest_change(ruleset, decide, plan, facts).change
    assert change is not None
    assert wins(change, facts, ruleset, decide, plan)
    for left_out in change.edits:
        fewer = Change(tuple(each for each in change.edits if each is not left_out))
        assert not wins(fewer, facts, ruleset, decide, plan)
    return change.edits


def only(facts: Facts, plan: str, rules: RuleSet | None = None, decide: str = "best") -> Edit:
    (edit,) = edits(facts, plan, rules, decide)
    return edit


# ---- eligible


def test_an_attribute_at_the_boundary_of_the_rule() -> None:
    """17, where 18 is asked for; all else is in place."""
    edit = only(user(NOON, age=17, tier="pro"), "vip")
    assert isinstance(edit, SetAttribute)
    assert (edit.name, edit.value) == ("age", 18)


def test_the_event_that_is_lacking() -> None:
    """The second cart of 20 euros, at the boundary."""
    edit = only(
        user("2026-03-01 15:00", cart("2026-03-01 10:00", 30), cart("2026-03-01 11:00", 19.99)), "nudge"
    )
    assert isinstance(edit, AddEvent)
    assert edit.event == "cart_add"
    assert dict(edit.fields)["price"] == 20 * EURO
    assert edit.matters == frozenset({"price"})


def test_both_of_two_terms_and_one_of_two_alternatives() -> None:
    text = """profile user { id: text key  a: int optional  b: int optional  c: flag optional }
plan p { for everybody send push "p" value 1 EUR obey nothing }
crowd everybody { (user.a >= 1 and user.b >= 2) or user.c }
plan q { for both send push "q" value 1 EUR obey nothing }
crowd both { user.a >= 1 and user.b >= 2 }
decide d { among p, q rank by value }"""
    rules, _, _ = compiled(text)
    one = only(Facts(0, user={"a": 0, "b": 0, "c": False}), "p", rules, "d")
    assert isinstance(one, SetAttribute) and one.name == "c"
    two = edits(Facts(0, user={"a": 0, "b": 0, "c": False}), "q", rules, "d")
    assert {(each.name, each.value) for each in two if isinstance(each, SetAttribute)} == {("a", 1), ("b", 2)}


def test_a_list() -> None:
    assert only(user(NOON, spend=EURO), "unpriced") == SetMember("staff", True)


def test_something_that_leaves_its_window_is_waited_for() -> None:
    """`did not order_paid within 7 days`: the window ends just then, and the carts of later are still in it."""
    facts = user("2026-03-01 12:00", order("2026-02-22 14:00"), *CARTS)
    assert only(facts, "nudge") == Wait(at("2026-03-01 14:00"))


def test_a_value_that_is_computed_is_met_exactly() -> None:
    """2.5 times what has to be 130 at least is 52."""
    text = """profile user { id: text key  n: number optional }
crowd c { user.n * 2.5 + 10 >= 140 }
plan p { for c send push "p" value 1 EUR obey nothing }
decide d { among p }"""
    edit = only(Facts(0, user={"n": 1.0}), "p", compiled(text)[0], "d")
    assert isinstance(edit, SetAttribute) and edit.value == 52.0


def test_scores_are_looked_into() -> None:
    """Grade A from 40: 30 for a cart and, less 5, the age of an adult: 30 - 5 + 15 would do, but 18 is adult."""
    text = shop_with('plan graded { for leads send push "g" value 50 EUR obey free }', "graded")
    edit = only(user(NOON, cart("2026-02-28 12:00", 1), age=10), "graded", compiled(text)[0])
    assert isinstance(edit, SetAttribute) and (edit.name, edit.value) == ("age", 18)


def shop_with(plan: str, name: str) -> str:
    return SHOP.replace("  among nudge,", f"  among {name}, nudge,").replace(
        "decide best", f"{plan}\ndecide best"
    )


# ---- relevant


def test_a_trigger_that_waits_is_waited_for() -> None:
    assert only(user(NOON, order("2026-03-01 09:00")), "late") == Wait(at("2026-03-02 09:00"))


def test_a_trigger_that_never_happened_is_added_when_it_would_be_ripe() -> None:
    edit = only(user(NOON), "late")
    assert isinstance(edit, AddEvent)
    assert (edit.event, edit.time, edit.matters) == ("order_paid", at("2026-02-28 12:00"), frozenset())


def test_what_a_trigger_asks_is_fulfilled() -> None:
    text = """profile user { id: text key }
event buy { total: int  gift: flag }
event look { page: text }
plan p {
  on buy where total > 100 and gift when count of look within 1 day >= 2 wait 1 hour unless look where page is "x"
  send push "p" value 1 EUR obey nothing
}
decide d { among p }"""
    rules, _, _ = compiled(text)
    facts = Facts(at(NOON), events={"look": (Event(at(NOON) - 2 * HOUR, "l", {"page": "a"}),)})
    found = edits(facts, "p", rules, "d")
    bought = next(each for each in found if isinstance(each, AddEvent) and each.event == "buy")
    assert dict(bought.fields)["total"] == 101 and dict(bought.fields)["gift"] is True
    assert [each.event for each in found if isinstance(each, AddEvent)].count("look") == 1


def test_what_cancels_is_taken_away() -> None:
    text = """event a { }
event b { }
plan p { on a wait 1 hour unless b send push "x" value 1 EUR obey nothing }
decide d { among p }"""
    facts = Facts(
        at(NOON), events={"a": (Event(at(NOON) - DAY, "a1", {}),), "b": (Event(at(NOON) - 30, "b1", {}),)}
    )
    edit = only(facts, "p", compiled(text)[0], "d")
    assert isinstance(edit, AddEvent | RemoveEvent)
    assert edit.weight == 7 or edit.event == "a"


def test_occurrences_that_a_store_keeps_are_opened_there() -> None:
    facts = user(NOON, opened=())
    edit = only(facts, "late")
    assert isinstance(edit, AddEvent) and edit.opens == ("late",)


# ---- contactable


def test_quiet_hours_are_waited_for() -> None:
    assert only(user("2026-03-01 22:00", *CARTS), "nudge") == Wait(at("2026-03-02 09:00"))


def test_a_limit_is_waited_for_or_its_touch_had_not_been_sent() -> None:
    """Waiting is less effort. Where the plan would expire by then, the touch has to go."""
    sent = touch("2026-03-01 09:30", "other", "push")
    facts = user(NOON, *CARTS, touches=(sent,))
    assert only(facts, "nudge") == Wait(at("2026-03-02 09:00"))  # 05:30, and then it is quiet until 09:00
    hasty = compiled(shop_text("unless order_paid", "unless order_paid\n  expires after 4 hours"))[0]
    assert only(facts, "nudge", hasty) == DropTouch(sent)


def shop_text(old: str, new: str) -> str:
    assert old in SHOP
    return SHOP.replace(old, new)


def test_no_more_touches_are_dropped_than_it_takes() -> None:
    """Two of three within seven days have to go for a cap of two that leaves room for one."""
    text = """policy calm default { cap all 2 in any 7 days then block }
plan p { send push "p" value 1 EUR  once per user }
decide d { among p at most 2 per user per day }"""
    touches = tuple(
        Touch(at(NOON) - hours * HOUR, "x", "push", frozenset(), True, None, "") for hours in (3, 2, 1)
    )
    far = Facts(at(NOON), touches=touches)
    rules = compiled(text)[0]
    assert only(far, "p", rules, "d") == Wait(touches[1].time + 7 * DAY)
    waiting_does_not_help = (
        *touches,
        Touch(at(NOON) - 400 * DAY, "p", "push", frozenset(), False, None, "p/user"),
    )
    found = edits(
        replace(far, touches=tuple(sorted(waiting_does_not_help, key=lambda each: each.time))),
        "p",
        rules,
        "d",
    )
    assert len(found) == 2
    assert {type(each) for each in found} == {Wait, DropTouch}


def test_a_budget_leaves_room_for_one() -> None:
    text = """plan p { send push "p" value 1 EUR  budget 500 total  obey nothing }
plan q { send push "q" value 1 EUR  cost 0.30 EUR  budget 2 EUR total  obey nothing }
decide d { among p, q rank by value }"""
    rules = compiled(text)[0]
    assert only(Facts(0, budgets={"plan p": 500}), "p", rules, "d") == UseBudget("plan p", 499)
    found = edits(Facts(0, budgets={"plan p": 500, "plan q": 2 * EURO}), "q", rules, "d")
    assert found == (UseBudget("plan q", 1_700_000),)


def test_a_budget_that_begins_anew_is_waited_for() -> None:
    facts = user(NOON, *CARTS, age=20, budgets={"campaign spring": 2})
    found = edits(facts, "discount", decide="cheap_first")
    waits = [each for each in found if isinstance(each, Wait)]
    assert waits == [Wait(at("2026-03-02 09:00"))]


def test_a_prohibition_is_lifted() -> None:
    edit = only(
        user("2026-03-01 12:00", *CARTS, age=20, email_ok=False),
        "discount",
        decide="cheap_alone",
        rules=alone(),
    )
    assert isinstance(edit, SetAttribute) and (edit.name, edit.value) == ("email_ok", True)


def alone() -> RuleSet:
    return compiled(SHOP + "\ndecide cheap_alone { among discount }\n")[0]


def test_a_blocked_user_is_taken_off_the_list() -> None:
    edit = only(user(NOON, *CARTS, lists={"do_not_contact": True}), "nudge")
    assert edit == SetMember("do_not_contact", False)


def test_what_could_not_be_had_is_fetched() -> None:
    facts = user(NOON, age=20, tier="pro", touches=UNAVAILABLE)
    assert only(facts, "vip") == Fetch("touches")
    hidden = user("2026-03-01 12:00", *CARTS, unavailable={"order_paid": UNAVAILABLE})
    assert only(hidden, "nudge") == Fetch("event", "order_paid")


# ---- ranked, holdout, chosen


def test_a_rank_becomes_known() -> None:
    edit = only(user(NOON, lists={"staff": True}), "unpriced")
    assert isinstance(edit, SetAttribute) and edit.name == "spend"


def test_a_holdout_is_lifted_and_no_other() -> None:
    held = frozenset({"spring", "other"})
    facts = user(NOON, *CARTS, age=20, held_out=held)
    assert only(facts, "discount", alone(), "cheap_alone") == HoldOut(frozenset({"other"}))


def test_a_value_is_raised_by_the_exact_margin() -> None:
    """0.80 to 1.50: 0.70 and, as a tie goes to the nudge, which is listed first, a millionth."""
    assert only(user(NOON, *CARTS, age=20), "discount") == RaiseTerm("discount", "value", 700_001)


def test_a_plan_listed_first_needs_a_tie_only() -> None:
    text = shop_text("among nudge, discount,", "among discount, nudge,")
    assert only(user(NOON, *CARTS, age=20), "discount", compiled(text)[0]) == RaiseTerm(
        "discount", "value", 700_000
    )


def test_what_is_not_worth_more_may_cost_less() -> None:
    """Ranked by cost alone, 0.20 against none, where a tie goes to the first listed."""
    edit = only(user(NOON, *CARTS, age=20), "discount", decide="cheap_first")
    assert edit == RaiseTerm("discount", "cost", -200_000)


def test_raised_terms_are_other_rules() -> None:
    """A cache by content hash must not answer for the rules as they were."""
    rules, _, _ = shop()
    facts = user(NOON, *CARTS, age=20)
    change = smallest_change(rules, "best", "discount", facts).change
    assert change is not None
    _, changed = change.apply(facts, rules)
    assert changed.hash != rules.hash
    assert len(changed.hash) == 64
    assert changed.plans["nudge"] is rules.plans["nudge"]


def test_a_rival_without_a_rank_is_brought_down() -> None:
    text = """profile user { id: text key  vip: flag optional }
plan a { for vips send push "a" value 1 EUR obey nothing }
plan b { send push "b" value 1 EUR obey nothing }
crowd vips { user.vip }
decide d { among a, b }"""
    edit = only(Facts(0, user={"vip": True}), "b", compiled(text)[0], "d")
    assert isinstance(edit, SetAttribute) and edit.name == "vip" and edit.value is not True


def test_a_rival_that_was_sent_already_does_not_stand_in_the_way() -> None:
    text = """plan a { send push "a" value 1 EUR  once per user  obey nothing }
plan b { send push "b" value 1 EUR  obey nothing }
decide d { among a, b }"""
    edit = only(Facts(0), "b", compiled(text)[0], "d")
    assert isinstance(edit, AddTouch) and edit.touch.activity == "a"


# ---- bounds


def test_a_plan_that_wins_needs_nothing() -> None:
    search = smallest_change(shop()[0], "best", "nudge", user(NOON, *CARTS))
    assert search.change == Change(())


def test_what_cannot_be_is_not_reported() -> None:
    text = """profile user { id: text key  n: int optional }
crowd never_ { user.n > 3 and user.n < 2 }
plan p { for never_ send push "p" value 1 EUR obey nothing }
decide d { among p }"""
    rules = compiled(text)[0]
    facts = Facts(0, user={"n": 1})
    search = smallest_change(rules, "d", "p", facts)
    assert search.change is None
    assert search.exhausted and search.tried > 0
    told = Told(rules, facts, "p", Words("UTC"))
    assert outcome(told, search) == f"no change of at most 12 edits found, {search.tried:,} hypotheses tried"


def test_the_bound_on_hypotheses_is_kept_and_said() -> None:
    rules = shop()[0]
    facts = user("2026-03-01 22:00", age=10, lists={"do_not_contact": True})
    search = smallest_change(rules, "best", "discount", facts, most_tries=40)
    assert not search.exhausted
    assert search.tried <= 2 * 2 * 40 + 2


def test_the_bound_on_edits_is_kept() -> None:
    facts = user("2026-03-01 22:00", age=10)
    search = smallest_change(shop()[0], "best", "discount", facts, most_edits=1)
    assert search.change is None and search.most_edits == 1


def test_unknown_names_are_key_errors() -> None:
    with pytest.raises(KeyError):
        smallest_change(shop()[0], "nothing", "nudge", user(NOON))
    with pytest.raises(KeyError):
        smallest_change(shop()[0], "cheap_first", "vip", user(NOON))
