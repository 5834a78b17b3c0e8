"""Decisions explained: the gate at which each plan fell, the rule in words and with its line, and by how much."""

from __future__ import annotations

import json

from compiler.explain.as_json_story import story_json
from compiler.explain.decisions import PlanStory, explained_decision, with_changes
from compiler.explain.human_story import story_lines
from compiler.explain.node import Margin
from compiler.facts import Event, Facts
from compiler.outcome import Gate
from compiler.types import UNAVAILABLE
from tests.explain.shop import cart, compiled, order, shop, touch, user, where

NOON = "2026-03-01 12:00"
CARTS = cart("2026-03-01 08:10", 30), cart("2026-03-01 09:10", 30)


def stories(facts: Facts, decide: str = "best") -> dict[str, PlanStory]:
    _, texts, asked = shop()
    return {each.plan: each for each in explained_decision(asked, texts, facts, decide).plans}


def sentences(facts: Facts, plan: str, decide: str = "best") -> list[str]:
    return [why.sentence for why in stories(facts, decide)[plan].why]


def only(facts: Facts, plan: str) -> str:
    (said,) = dict.fromkeys(sentences(facts, plan))
    return said


# ---- one sentence for each kind of rule


def test_not_in_the_audience() -> None:
    story = stories(user(NOON, age=17))["vip"]
    (why,) = story.why
    assert story.outcome.fell is Gate.ELIGIBLE
    assert why.sentence == f"the user is not in its audience (plan vip, {where('for adults where')})"
    assert why.rule == "for adults where user.tier is pro"
    assert why.condition is not None and why.condition.answer is False


def test_an_audience_that_is_not_known() -> None:
    assert only(user(NOON, age=20), "vip") == (
        f"it is not known whether the user is in its audience (plan vip, {where('for adults where')})"
    )


def test_nothing_that_triggers_it() -> None:
    assert (
        only(user(NOON), "late")
        == f"no order_paid that triggers it is open (plan late, {where('on order_paid wait')})"
    )


def test_an_occurrence_that_waits_for_its_time() -> None:
    facts = user(NOON, order("2026-03-01 09:00"))
    assert only(facts, "late") == (
        f"it was triggered and waits, due at 2026-03-02 09:00 Europe/Berlin, in 21 hours (plan late, {where('on order_paid wait')})"
    )


def test_an_occurrence_that_expired() -> None:
    facts = user(NOON, order("2026-02-26 12:00"))
    assert only(facts, "late") == (
        f"it was triggered too long ago: it expires 3 days after its trigger (plan late, {where('on order_paid wait')})"
    )


def test_an_occurrence_that_was_cancelled() -> None:
    text = """event a { }
event b { }
plan p { on a wait 1 hour unless b send push "x" value 1 EUR obey nothing }
decide d { among p }"""
    _, texts, asked = compiled(text)
    facts = Facts(10_000_000_000, events={"a": (event(1, "a1"),), "b": (event(2, "b1"),)})
    (story,) = explained_decision(asked, texts, facts, "d").plans
    assert [why.sentence for why in story.why] == [
        "what was triggered was cancelled by b (plan p, rules.sua:3)"
    ]


def event(time: int, id: str) -> Event:
    return Event(time, id, {})


def test_quiet_hours() -> None:
    """Both channels of the nudge are quiet from 21:00 until 09:00."""
    facts = user("2026-03-01 22:00", *CARTS)
    assert only(facts, "nudge") == (
        f"quiet hours until 2026-03-02 09:00 Europe/Berlin, in 11 hours (policy gentle, {where('quiet 21:00')})"
    )
    assert stories(facts)["nudge"].outcome.fell is None


def test_a_cap_and_a_cooldown() -> None:
    """A push at 09:30 takes the day's cap, and 20 hours from then is 05:30."""
    facts = user(NOON, *CARTS, touches=(touch("2026-03-01 09:30", "other", "push"),))
    assert sentences(facts, "nudge") == [
        "cap of 1 push per day reached, free again at 2026-03-02 00:00 Europe/Berlin, in 12 hours "
        f"(policy gentle, {where('cap push 1')})",
        "cool-down of 20 hours after any send, free again at 2026-03-02 05:30 Europe/Berlin, in 17 hours 30 minutes "
        f"(policy gentle, {where('cooldown 20 hours')})",
        "cool-down of 20 hours after any send, free again at 2026-03-02 05:30 Europe/Berlin, in 17 hours 30 minutes "
        f"(policy gentle, {where('cooldown 20 hours')})",
    ]


def test_a_prohibition_and_one_that_is_not_known() -> None:
    facts = user(NOON, *CARTS, age=20, email_ok=False)
    (why,) = stories(facts)["discount"].why
    assert (
        why.sentence == f"`never email when not user.email_ok` holds (policy gentle, {where('never email')})"
    )
    assert why.condition is not None and why.condition.answer is True
    unknown = user(NOON, *CARTS, age=20, email_ok=UNAVAILABLE)
    assert only(unknown, "discount") == (
        f"it is not known whether `never email when not user.email_ok` holds, so it does (policy gentle, {where('never email')})"
    )


def test_a_blocked_user() -> None:
    facts = user(NOON, *CARTS, lists={"do_not_contact": True})
    assert (
        only(facts, "nudge")
        == f"`block users in do_not_contact` holds (policy gentle, {where('block users')})"
    )


def test_sent_already() -> None:
    facts = user(NOON, age=20, tier="pro", touches=(touch("2026-02-20 12:00", "vip", "push"),))
    assert only(facts, "vip") == (
        "sent already, and `once per user in any 30 days`, free again at 2026-03-22 12:00 Europe/Berlin, in 21 days "
        f"(plan vip, {where('once per user in')})"
    )


def test_at_most_one_a_day() -> None:
    facts = user(NOON, age=20, tier="pro", touches=(touch("2026-03-01 08:00", "late", "email"),))
    assert only(facts, "vip") == (
        "at most 1 per user per day reached, free again at 2026-03-02 00:00 Europe/Berlin, in 12 hours "
        f"(decide best, {where('at most 1')})"
    )


def test_a_budget_that_is_used_up() -> None:
    """Weeks begin on Monday; 1 March 2026 is a Sunday."""
    facts = user(NOON, *CARTS, age=20, budgets={"campaign spring": 2})
    assert only(facts, "discount") == (
        "budget of 2 per week has no room for one more, begins anew at 2026-03-02 00:00 Europe/Berlin "
        f"(campaign spring, {where('campaign spring')})"
    )


def test_limits_that_cannot_be_judged() -> None:
    facts = user(NOON, age=20, tier="pro", touches=UNAVAILABLE)
    assert sentences(facts, "vip")[0] == (
        f"what `once per user in any 30 days` looks at is unavailable (plan vip, {where('once per user in')})"
    )


def test_a_rank_that_is_not_known() -> None:
    story = stories(user(NOON, lists={"staff": True}))["unpriced"]
    assert [why.sentence for why in story.why] == [
        f"its rank is not known (decide best, {where('then by listed order')})"
    ]
    assert story.rank_tree is not None
    assert "user.spend is missing" in "\n".join(lines(user(NOON, lists={"staff": True})))


def lines(facts: Facts, decide: str = "best") -> list[str]:
    rules, texts, asked = shop()
    return list(story_lines(explained_decision(asked, texts, facts, decide), rules, facts))


def test_held_out() -> None:
    facts = user(NOON, *CARTS, age=20, held_out=frozenset({"spring"}))
    assert only(facts, "discount") == (
        f"the user is among the 10% who are held out (campaign spring, {where('campaign spring')})"
    )


# ---- margins


def test_a_loser_is_told_by_how_much() -> None:
    """The nudge ranks 1.50; the discount 1.00 - 0.20."""
    facts = user(NOON, *CARTS, age=20)
    story = stories(facts)["discount"]
    assert story.outcome.fell is Gate.CHOSEN
    assert story.behind == Margin("more than 1.50 EUR", "0.70 EUR")
    assert (
        story.why[-1].sentence == f"nudge was chosen instead (decide best, {where('then by listed order')})"
    )
    assert "   0.70 EUR behind nudge: needs more than 1.50 EUR" in lines(facts)


def test_a_tie_goes_to_the_one_listed_first() -> None:
    text = """plan a { send push "a" value 1 EUR obey nothing }
plan b { send push "b" value 1 EUR obey nothing }
decide d { among a, b rank by value }"""
    _, texts, asked = compiled(text)
    second = explained_decision(asked, texts, Facts(0), "d").plans[1]
    assert second.behind == Margin("more than 1.00 EUR", None)


# ---- whole


def test_a_whole_decision_in_words() -> None:
    facts = user(NOON, *CARTS, age=20)
    assert lines(facts)[:7] == [
        "best: send nudge by push",
        "",
        f"nudge: chosen, sent by push, ranked 1.50 EUR  [{where('plan nudge {')}]",
        "",
        f"discount: not chosen, ranked 0.80 EUR  [{where('plan discount {')}]",
        "   0.70 EUR behind nudge: needs more than 1.50 EUR",
        f"   nudge was chosen instead (decide best, {where('then by listed order')})",
    ]


def test_a_whole_decision_as_json() -> None:
    rules, texts, asked = shop()
    facts = user(NOON, *CARTS, age=20)
    story = with_changes(explained_decision(asked, texts, facts, "best"), rules, facts, ["discount"])
    found = json.loads(json.dumps(story_json(story, rules, facts)))
    discount = found["plans"][1]
    assert (found["verdict"], found["plan"], found["channel"]) == ("send", "nudge", "push")
    assert discount["rank"] == {"amount": "0.80", "currency": "EUR"}
    assert discount["behind"] == {"needs": "more than 1.50 EUR", "by": "0.70 EUR"}
    assert discount["reasons"][0]["place"] == where("then by listed order")
    (edit,) = discount["smallest_change"]["edits"]
    assert edit["by"] == {"amount": "0.700001", "currency": "EUR"}
    assert found["plans"][0]["smallest_change"] is None


def test_instants_of_json_are_in_utc() -> None:
    facts = user("2026-03-01 22:00", *CARTS)
    rules, texts, asked = shop()
    found = story_json(explained_decision(asked, texts, facts, "best"), rules, facts)
    assert found["until"] == "2026-03-02T08:00:00Z"
