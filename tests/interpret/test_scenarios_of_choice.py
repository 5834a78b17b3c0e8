"""The scenarios about which plan goes out, with their numbers: the cart of the language's example, 7, 8 and 9."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from compiler import interpret
from compiler.facts import Facts
from compiler.outcome import Because, Decision, Gate, Scheduled, Verdict
from compiler.types import UNAVAILABLE
from tests.interpret.build import at
from tests.interpret.sua import BASE, because, happened, local, rules, told

EUROS = 1_000_000


class TestTheCartOfTheDesign:
    RULES = rules(
        """
settings { timezone "Europe/Berlin"  currency EUR  week starts monday }
profile user {
  id: text key
  timezone: timezone default "UTC"
  country: text optional
  tier: choice(free, plus, pro)
  email_ok: flag default false
}
event cart_add { sku: text  price: money EUR }
event order_paid { total: money EUR }
event email_open { }
event support_ticket { }
list staff "Employees, loaded by hand"

crowd hot_cart "Big cart, no order yet" {
  count of cart_add where price >= 20 EUR within 7 days >= 2
  and did not order_paid within 7 days
  and (country is missing or country in ("de", "fr"))
}
crowd lapsed { (time since last order_paid otherwise 999 days) > 60 days }
crowd rescue = (hot_cart or lapsed) except staff
score lead "Fit and intent" {
  add 30 points when did cart_add within 3 days
  take 25 points when did support_ticket within 14 days
  add min(20, 2 * count of email_open within 30 days) points
  grade A from 60, B from 30, C below
}
policy gentle default {
  quiet 21:00 to 09:00 user time then wait
  cap push 1 per day
  cap all 5 in any 7 days
  cooldown 20 hours after any send
  never email when not user.email_ok
}
plan cart_nudge "Friendly reminder" {
  for rescue
  on cart_add wait 2 hours unless order_paid
  send push "nudge_v3" else email "nudge_v3" else sms "nudge_short"
  value 1.50 EUR
  obey gentle
}
plan cart_discount {
  for rescue where lead.score >= 30
  on cart_add where price >= 20 EUR wait 1 day unless order_paid
  let basket  = sum of cart_add.price within 7 days
  let percent = pick 15 when lead.grade is A, 10 when lead.grade is B, else 5
  send email "discount" with percent = percent, basket = basket
  value basket * percent / 100
  cost  0.02 EUR
  budget 500 per day
  obey gentle
  expires after 3 days
}
decide best_cart {
  among cart_nudge, cart_discount
  holdout 5% salt "global-26"
  rank by value - cost then by listed order
  at most 1 per user per day
}
"""
    )
    TOKYO = "Asia/Tokyo"

    def known(self, now: str, **user: object) -> Facts:
        return told(
            local(now, self.TOKYO),
            happened("cart_add", local("2026-03-01 20:10", self.TOKYO), "c1", price=30 * EUROS),
            happened("cart_add", local("2026-03-01 20:30", self.TOKYO), "c2", price=40 * EUROS),
            user={"id": "u1", "timezone": self.TOKYO, "tier": "plus", "email_ok": False} | user,
        )

    def test_quiet_hours_hold_the_nudge_until_morning(self) -> None:
        night = self.known("2026-03-01 22:40")
        morning = local("2026-03-02 09:00", self.TOKYO)
        assert interpret.crowds(self.RULES, night) == {"hot_cart": True, "lapsed": True, "rescue": True}
        decision = interpret.decide(self.RULES, "best_cart", night)
        assert (decision.verdict, decision.plan, decision.channel) == (Verdict.WAIT, "cart_nudge", "push")
        assert decision.until == morning
        nudge, discount = decision.outcomes
        assert nudge.occurrence == "cart_nudge/c1"
        assert [(reason.because, reason.channel, reason.until) for reason in nudge.reasons] == [
            (Because.QUIET, "push", morning)
        ]
        assert (discount.fell, because(discount)) == (Gate.RELEVANT, [Because.SCHEDULED])

    def test_both_discounts_are_scheduled_for_a_day_after_their_event(self) -> None:
        decision = interpret.decide(self.RULES, "best_cart", self.known("2026-03-01 22:40"))
        dues = [local("2026-03-02 20:10", self.TOKYO), local("2026-03-02 20:30", self.TOKYO)]
        assert decision.scheduled == (
            Scheduled("cart_discount", dues[0], "cart_discount/c1"),
            Scheduled("cart_discount", dues[1], "cart_discount/c2"),
        )

    def test_the_discount_is_worth_more_and_goes_by_mail(self) -> None:
        evening = self.known("2026-03-02 20:15", email_ok=True)
        decision = interpret.decide(self.RULES, "best_cart", evening)
        nudge, discount = decision.outcomes
        # 30 points for the cart, no mail opened: grade B, so 10 % of 70 EUR, less 2 cents
        assert interpret.score(self.RULES, "lead", evening) == 30
        assert interpret.grade(self.RULES, "lead", evening) == "B"
        assert (nudge.rank, discount.rank) == (1_500_000, 6_980_000)
        assert (decision.verdict, decision.plan, decision.channel) == (Verdict.SEND, "cart_discount", "email")
        tried = [(attempt.plan, attempt.channel, attempt.content) for attempt in decision.attempts]
        assert tried == [
            ("cart_discount", "email", "discount"),
            ("cart_nudge", "push", "nudge_v3"),
            ("cart_nudge", "email", "nudge_v3"),
            ("cart_nudge", "sms", "nudge_short"),
        ]
        assert decision.attempts[0].arguments == {"percent": 10, "basket": 70 * EUROS}

    def test_staff_and_an_order_take_the_user_out(self) -> None:
        staff = told(at("2026-03-01"), user={"id": "u1"}, lists={"staff": True})
        assert interpret.crowd(self.RULES, "rescue", staff) is False
        paid = told(at("2026-03-01"), happened("order_paid", at("2026-02-20")), user={"id": "u1"})
        assert interpret.crowd(self.RULES, "rescue", paid) is False


class TestCompetingPlans:
    TEXT = """
list no_pushes
policy caution default { block users in nobody  never push when user in no_pushes }
list nobody
plan a { propensity 0.02  value 300 EUR  lever 1.1  cost 1 EUR  send push "a" }
plan b { propensity 0.08  context 1.5  value 50 EUR  cost 0.10 EUR  send email "b" }
decide gross { among a, b  rank by propensity * context * value * lever then by listed order }
decide net { among a, b  rank by propensity * context * value * lever - cost then by listed order }
decide tied { among b, a  rank by propensity * 0 }
decide tied_too { among a, b  rank by propensity * 0 }
decide unranked { among b, a }
"""
    RULES = rules(BASE + TEXT)

    def decided(self, name: str, **parts: Any) -> Decision:
        return interpret.decide(self.RULES, name, told(at("2026-03-01 12:00"), **parts))

    def test_ranked_by_priority_a_wins(self) -> None:
        decision = self.decided("gross")
        assert [outcome.rank for outcome in decision.outcomes] == [6_600_000, 6_000_000]
        assert decision.plan == "a"

    def test_ranked_by_priority_less_cost_b_wins(self) -> None:
        decision = self.decided("net")
        assert [outcome.rank for outcome in decision.outcomes] == [5_600_000, 5_900_000]
        assert (decision.plan, [attempt.plan for attempt in decision.attempts]) == ("b", ["b", "a"])
        lost = decision.outcomes[0]
        assert (lost.fell, lost.verdict, because(lost)) == (Gate.CHOSEN, Verdict.SEND, [Because.LOST])
        assert lost.reasons[0].owner == "decide net"

    def test_a_blocked_b_goes(self) -> None:
        decision = self.decided("gross", lists={"no_pushes": True})
        assert (decision.plan, decision.outcomes[0].verdict) == ("b", Verdict.BLOCK)
        assert because(decision.outcomes[0]) == [Because.NEVER]

    @pytest.mark.parametrize(("name", "winner"), [("tied", "b"), ("tied_too", "a"), ("unranked", "b")])
    def test_a_tie_goes_by_the_declared_order(self, name: str, winner: str) -> None:
        assert self.decided(name).plan == winner


class TestBudget:
    RULES = rules(
        BASE
        + """
campaign spring { budget 500 total }
plan voucher { part of spring  obey nothing  send push "v" }
plan plain { obey nothing  send push "p" }
plan paid { obey nothing  budget 1 EUR per day  cost 0.30 EUR  send sms "s" }
decide best { among voucher, plain }
"""
    )
    NOON = at("2026-03-01 12:00")

    def test_500_of_500_go_and_the_next_gets_its_next_plan(self) -> None:
        last = interpret.decide(self.RULES, "best", told(self.NOON, budgets={"campaign spring": 499}))
        assert last.plan == "voucher"
        beyond = interpret.decide(self.RULES, "best", told(self.NOON, budgets={"campaign spring": 500}))
        assert beyond.plan == "plain"
        (reason,) = beyond.outcomes[0].reasons
        assert (reason.because, reason.owner, reason.until) == (Because.BUDGET, "campaign spring", None)

    def test_money_is_taken_by_the_cost(self) -> None:
        fits = told(self.NOON, budgets={"plan paid": 700_000})
        beyond = told(self.NOON, budgets={"plan paid": 700_001})
        assert interpret.plan(self.RULES, "paid", fits).verdict is Verdict.SEND
        outcome = interpret.plan(self.RULES, "paid", beyond)
        assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, at("2026-03-02"))

    def test_what_cannot_be_counted_stops_marketing(self) -> None:
        outcome = interpret.plan(self.RULES, "voucher", told(self.NOON, budgets=UNAVAILABLE))
        assert (outcome.verdict, because(outcome)) == (Verdict.BLOCK, [Because.UNAVAILABLE])


class TestHoldout:
    RULES = rules(
        BASE
        + """
campaign spring { holdout 10% salt "spring-26" }
plan a { part of spring  obey nothing  value 2 EUR  send push "a" }
plan b { obey nothing  value 1 EUR  send push "b" }
plan receipt { kind transactional  obey nothing  send email "r" }
decide best { among a, b  holdout 5% salt "global-26"  rank by value }
decide all_of { among receipt, b  holdout 5% salt "global-26" }
decide only_a { among a }
"""
    )
    NOON = at("2026-03-01 12:00")

    def decided(self, name: str, *held_out: str) -> Decision:
        return interpret.decide(self.RULES, name, told(self.NOON, held_out=frozenset(held_out)))

    def test_a_campaigns_drops_its_plan_and_the_next_wins(self) -> None:
        decision = self.decided("best", "spring")
        assert (decision.verdict, decision.plan) == (Verdict.SEND, "b")
        held = decision.outcomes[0]
        assert (held.fell, held.verdict, because(held)) == (Gate.HOLDOUT, Verdict.HOLDOUT, [Because.HELD_OUT])
        assert [attempt.plan for attempt in decision.attempts] == ["b"]

    def test_a_decides_sends_nothing_and_names_the_plan_that_would_have_been(self) -> None:
        decision = self.decided("best", "best")
        assert (decision.verdict, decision.plan, decision.channel) == (Verdict.HOLDOUT, "a", "push")
        assert decision.attempts == ()
        assert [because(outcome) for outcome in decision.outcomes] == [[Because.HELD_OUT], [Because.LOST]]
        assert decision.outcomes[0].reasons[0].owner == "decide best"

    def test_all_held_out_is_a_holdout(self) -> None:
        decision = self.decided("only_a", "spring")
        assert (decision.verdict, decision.plan, decision.channel) == (Verdict.HOLDOUT, "a", "push")

    def test_transactional_plans_are_exempt(self) -> None:
        decision = self.decided("all_of", "all_of")
        assert (decision.verdict, decision.plan) == (Verdict.SEND, "receipt")
        assert [attempt.plan for attempt in decision.attempts] == ["receipt"]

    def test_shares_are_the_hash_of_the_user(self) -> None:
        # the first 13 hex digits, against floor(0.1 * 2**52) and floor(0.05 * 2**52) in hex
        def digest(salt: str, user: str) -> str:
            return hashlib.sha256(f"{salt}\x1f{user}".encode()).hexdigest()[:13]

        for user in (f"u{n}" for n in range(300)):
            known = told(self.NOON, user={"id": user}, held_out=None)
            expected = "b" if digest("spring-26", user) < "1999999999999" else "a"
            decision = interpret.decide(self.RULES, "best", known)
            held_out = digest("global-26", user) < "0cccccccccccc"
            assert decision.plan == expected
            assert decision.verdict is (Verdict.HOLDOUT if held_out else Verdict.SEND)
