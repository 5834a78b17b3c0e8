"""The scenarios about who may be contacted when, with their numbers: 2 to 6."""

from __future__ import annotations

from typing import Any

import pytest

from compiler import interpret
from compiler.facts import Event, Facts
from compiler.outcome import Because, Gate, Verdict
from tests.interpret.build import DAY, HOUR, MINUTE, at
from tests.interpret.sua import BASE, because, happened, rules, told, touch

SECOND = 1_000_000


class TestThirdPurchaseInSevenDays:
    RULES = rules(
        BASE
        + """
event order_paid { order: text }
event refund { order: text }
campaign half_price { once per user }
plan third {
  part of half_price
  on order_paid when count of order_paid without refund with same order within 7 days >= 3
  send push "half"
  obey nothing
}
"""
    )
    THIRD = at("2026-03-10 12:00")

    def known(self, first: int, *more: tuple[str, Event], **parts: Any) -> Facts:
        orders = [
            happened("order_paid", first, "o1", order="1"),
            happened("order_paid", at("2026-03-09"), "o2", order="2"),
            happened("order_paid", self.THIRD, "o3", order="3"),
        ]
        return told(self.THIRD + MINUTE, *orders, *more, user={"id": "u1"}, **parts)

    def test_an_order_exactly_168_hours_old_has_aged_out(self) -> None:
        outcome = interpret.plan(self.RULES, "third", self.known(self.THIRD - 168 * HOUR))
        assert (outcome.fell, because(outcome)) == (Gate.RELEVANT, [Because.NO_OCCURRENCE])

    def test_one_second_younger_sends(self) -> None:
        outcome = interpret.plan(self.RULES, "third", self.known(self.THIRD - 168 * HOUR + SECOND))
        assert (outcome.verdict, outcome.channel, outcome.occurrence) == (Verdict.SEND, "push", "third/o3")

    def test_a_refund_does_not_count_but_one_after_the_trigger_comes_too_late(self) -> None:
        first = self.THIRD - DAY
        before = happened("refund", self.THIRD - HOUR, order="2")
        after = happened("refund", self.THIRD + SECOND, order="2")
        assert interpret.plan(self.RULES, "third", self.known(first, before)).fell is Gate.RELEVANT
        assert interpret.plan(self.RULES, "third", self.known(first, after)).verdict is Verdict.SEND

    def test_a_fourth_order_is_blocked_by_the_campaign(self) -> None:
        sent = touch(self.THIRD, "third", "push", campaign="half_price", occurrence="third/o3")
        fourth = happened("order_paid", self.THIRD + SECOND, "o4", order="4")
        outcome = interpret.plan(self.RULES, "third", self.known(self.THIRD - DAY, fourth, touches=(sent,)))
        assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, None)
        assert outcome.occurrence == "third/o4"
        (reason,) = outcome.reasons
        assert (reason.because, reason.owner) == (Because.ONCE, "campaign half_price")


class TestCouponUnusedForAnHour:
    RULES = rules(
        BASE
        + """
event claim { coupon: text optional }
event redeem { coupon: text optional }
policy hourly { cap push 1 in any 1 hour then wait }
plan remind {
  on claim wait 1 hour unless redeem with same coupon
  once per coupon
  send push "a"
  obey hourly
}
decide best { among remind }
"""
    )
    TEN = at("2026-03-01 10:00")
    CLAIMS = (
        happened("claim", TEN, "a", coupon="A"),
        happened("claim", TEN + 30 * MINUTE, "b", coupon="B"),
    )

    def test_waits_an_hour_to_the_instant(self) -> None:
        early = told(self.TEN + HOUR - 1, *self.CLAIMS)
        outcome = interpret.plan(self.RULES, "remind", early)
        (reason,) = outcome.reasons
        assert (reason.because, reason.until) == (Because.SCHEDULED, self.TEN + HOUR)
        assert (outcome.fell, outcome.occurrence) == (Gate.RELEVANT, "remind/coupon=A")
        due = interpret.plan(self.RULES, "remind", told(self.TEN + HOUR, *self.CLAIMS))
        assert (due.verdict, due.occurrence) == (Verdict.SEND, "remind/coupon=A")

    def test_redeeming_another_coupon_does_not_cancel(self) -> None:
        other = told(self.TEN + HOUR, self.CLAIMS[0], happened("redeem", self.TEN + MINUTE, coupon="C"))
        assert interpret.plan(self.RULES, "remind", other).verdict is Verdict.SEND
        same = told(self.TEN + HOUR, self.CLAIMS[0], happened("redeem", self.TEN + MINUTE, coupon="A"))
        assert because(interpret.plan(self.RULES, "remind", same)) == [Because.CANCELLED]

    def test_redeeming_nobody_knows_what_cancels(self) -> None:
        unsure = told(self.TEN + HOUR, self.CLAIMS[0], happened("redeem", self.TEN + MINUTE))
        assert because(interpret.plan(self.RULES, "remind", unsure)) == [Because.CANCELLED]

    def test_two_claims_run_two_timers_and_the_second_waits_for_the_cap(self) -> None:
        sent = touch(self.TEN + HOUR, "remind", "push", occurrence="remind/coupon=A")
        later = told(self.TEN + 90 * MINUTE, *self.CLAIMS, touches=(sent,))
        outcome = interpret.plan(self.RULES, "remind", later)
        assert (outcome.verdict, outcome.until) == (Verdict.WAIT, self.TEN + 2 * HOUR)
        assert outcome.occurrence == "remind/coupon=B"
        assert because(outcome) == [Because.CAP]

    def test_the_same_coupon_is_blocked_by_once(self) -> None:
        sent = touch(self.TEN + HOUR, "remind", "push", occurrence="remind/coupon=A")
        again = told(self.TEN + DAY, self.CLAIMS[0], touches=(sent,))
        outcome = interpret.plan(self.RULES, "remind", again)
        assert (outcome.verdict, because(outcome), outcome.until) == (Verdict.BLOCK, [Because.ONCE], None)

    def test_both_timers_are_listed(self) -> None:
        decision = interpret.decide(self.RULES, "best", told(self.TEN + 31 * MINUTE, *self.CLAIMS))
        assert [(each.occurrence, each.due) for each in decision.scheduled] == [
            ("remind/coupon=A", self.TEN + HOUR),
            ("remind/coupon=B", self.TEN + 90 * MINUTE),
        ]
        assert (decision.verdict, decision.plan) == (Verdict.NONE, None)


class TestLookBackAndAhead:
    RULES = rules(
        BASE
        + """
event view { }
event booking { }
crowd past_buyers { did booking ever }
plan looking {
  on view when count of view within 30 minutes >= 3
          and did not booking within 24 hours
          wait 30 minutes unless booking
  for past_buyers
  send push "book"
  obey nothing
}
"""
    )
    NOON = at("2026-03-10 12:00")
    VIEWS = (
        happened("view", NOON - 20 * MINUTE),
        happened("view", NOON - 10 * MINUTE),
        happened("view", NOON),
    )

    def judged(self, *bookings: int) -> tuple[Verdict, list[Because]]:
        events = [*self.VIEWS, *(happened("booking", time) for time in bookings)]
        outcome = interpret.plan(self.RULES, "looking", told(self.NOON + 30 * MINUTE, *events))
        return outcome.verdict, because(outcome)

    def test_three_views_and_no_booking_send(self) -> None:
        assert self.judged(self.NOON - DAY) == (Verdict.SEND, [])

    def test_a_booking_in_the_24_hours_before_opens_nothing(self) -> None:
        assert self.judged(self.NOON - DAY + 1) == (Verdict.NONE, [Because.NO_OCCURRENCE])

    def test_a_booking_12_minutes_later_cancels(self) -> None:
        assert self.judged(self.NOON - DAY, self.NOON + 12 * MINUTE) == (Verdict.NONE, [Because.CANCELLED])
        assert self.judged(self.NOON - DAY, self.NOON + 30 * MINUTE) == (Verdict.NONE, [Because.CANCELLED])

    def test_who_never_bought_is_not_eligible(self) -> None:
        assert self.judged() == (Verdict.NONE, [Because.AUDIENCE])


class TestLayeredCaps:
    RULES = rules(
        BASE
        + """
event rejected { }
policy layered default {
  cap all 3 in any 7 days
  cap push tagged promo 2 in any 7 days
  cooldown 24 hours after rejected
}
plan offer { tagged promo  send push "a" else sms "b" }
plan receipt { kind transactional  obey nothing  count nothing  send email "receipt" }
plan notice { kind legal  obey nothing  send sms "terms" }
"""
    )
    NOW = at("2026-03-10 12:00")
    FIRST, SECOND, THIRD = NOW - 6 * DAY, NOW - 5 * DAY, NOW - 4 * DAY
    PUSHES = (touch(FIRST, "offer", "push", "promo"), touch(SECOND, "offer", "push", "promo"))

    def test_after_two_promo_pushes_the_third_tries_the_next_channel(self) -> None:
        outcome = interpret.plan(self.RULES, "offer", told(self.NOW, touches=self.PUSHES))
        assert (outcome.verdict, outcome.channel, outcome.reasons) == (Verdict.SEND, "sms", ())

    def test_after_an_sms_it_is_blocked_naming_both_limits_and_the_earliest_instant(self) -> None:
        touches = (*self.PUSHES, touch(self.THIRD, "offer", "sms", "promo"))
        outcome = interpret.plan(self.RULES, "offer", told(self.NOW, touches=touches))
        free = self.FIRST + 7 * DAY  # the oldest of three leaves both windows
        assert (outcome.fell, outcome.verdict, outcome.until) == (Gate.CONTACTABLE, Verdict.BLOCK, free)
        lines = {limit.span: number for number, limit in enumerate(self.RULES.policies["layered"].limits)}
        named = [(lines[reason.span], reason.channel, reason.until) for reason in outcome.reasons]
        assert named == [(0, "push", free), (1, "push", free), (0, "sms", free)]

    def test_a_receipt_does_not_count_and_a_notice_does(self) -> None:
        uncounted = touch(self.THIRD, "receipt", "email", counted=False)
        counted = touch(self.THIRD, "notice", "sms")
        with_receipt = told(self.NOW, touches=(*self.PUSHES, uncounted))
        with_notice = told(self.NOW, touches=(*self.PUSHES, counted))
        assert interpret.plan(self.RULES, "offer", with_receipt).verdict is Verdict.SEND
        assert interpret.plan(self.RULES, "offer", with_notice).verdict is Verdict.BLOCK

    def test_receipt_and_notice_obey_nothing(self) -> None:
        full = told(self.NOW, touches=tuple(touch(self.NOW, "offer", "push") for _ in range(9)))
        for name in ("receipt", "notice"):
            assert interpret.plan(self.RULES, name, full).verdict is Verdict.SEND

    def test_a_rejection_cools_down_for_24_hours(self) -> None:
        rejected = happened("rejected", self.NOW - 23 * HOUR)
        outcome = interpret.plan(self.RULES, "offer", told(self.NOW, rejected))
        assert because(outcome) == [Because.COOLDOWN] * 2
        assert outcome.until == self.NOW + HOUR
        old = told(self.NOW, happened("rejected", self.NOW - 24 * HOUR))
        assert interpret.plan(self.RULES, "offer", old).verdict is Verdict.SEND

    def test_tags_count_as_they_were_when_sent(self) -> None:
        untagged = (touch(self.FIRST, "offer", "push"), touch(self.SECOND, "offer", "push"))
        outcome = interpret.plan(self.RULES, "offer", told(self.NOW, touches=untagged))
        assert (outcome.verdict, outcome.channel) == (Verdict.SEND, "push")


class TestQuietHoursAndDaylightSaving:
    RULES = rules(
        BASE
        + """
policy night { quiet 22:00 to 08:00 user time }
policy early { quiet 22:00 to 02:30 user time }
plan a { obey night  send push "a" }
plan b { obey early  send push "b" }
plan daily { obey nothing  once per user per day  send push "c" }
"""
    )

    @pytest.mark.parametrize(
        ("plan", "zone", "now", "until"),
        [
            ("a", "America/New_York", "2026-11-01 03:30", "2026-11-01 13:00"),
            ("b", "Europe/Berlin", "2026-03-29 00:30", "2026-03-29 01:00"),
            ("a", None, "2026-11-01 03:30", "2026-11-01 08:00"),  # the settings' zone, UTC
        ],
    )
    def test_waits(self, plan: str, zone: str | None, now: str, until: str) -> None:
        outcome = interpret.plan(self.RULES, plan, told(at(now), user={"timezone": zone}))
        assert (outcome.verdict, outcome.until) == (Verdict.WAIT, at(until))

    def test_half_past_one_twice_is_one_day(self) -> None:
        known = told(
            at("2026-11-01 06:30"),
            user={"timezone": "America/New_York"},
            touches=(touch(at("2026-11-01 05:30"), "daily", "push"),),
        )
        outcome = interpret.plan(self.RULES, "daily", known)
        assert (outcome.verdict, because(outcome)) == (Verdict.BLOCK, [Because.ONCE])
        assert outcome.until == at("2026-11-02 05:00")
