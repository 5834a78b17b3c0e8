"""Limits, prohibitions and the instants that they name."""

from __future__ import annotations

from typing import Any

import pytest

from compiler import interpret
from compiler.outcome import Because, Contact, Reason, Verdict
from compiler.types import UNAVAILABLE
from tests.interpret.build import DAY, HOUR, MINUTE, at
from tests.interpret.sua import because, happened, rules, told, touch

BASE = """
settings { timezone "UTC"  currency EUR  week starts monday  rate 1 USD = 0.50 EUR }
profile user { id: text key  age: int optional  zone: timezone optional }
event open { }
event angry { }
list black
list white
"""
NOON = at("2026-03-10 12:00")  # a Tuesday


def channel(
    policy: str,
    now: int = NOON,
    *events: Any,
    tags: tuple[str, ...] = (),
    kind: str = "marketing",
    **parts: Any,
) -> Contact:
    """What a policy of these clauses says of `push`."""
    known = told(now, *events, **parts)
    return interpret.contact_channel(
        rules(BASE + f"policy p {{ {policy} }}"), "push", ["p"], tags, kind, known
    )


def said(contact: Contact) -> tuple[Verdict, int | None]:
    return contact.verdict, contact.until


def only(contact: Contact) -> Reason:
    (reason,) = contact.reasons
    return reason


class TestCaps:
    def test_rolling_opens_when_the_limiting_touch_leaves(self) -> None:
        times = [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR]
        touches = tuple(touch(time, "a", "push") for time in times)
        contact = channel("cap push 2 in any 1 day", touches=touches)
        # of three touches the second newest has to leave, so that one remains
        assert said(contact) == (Verdict.BLOCK, NOON + 22 * HOUR)
        assert only(contact).because is Because.CAP

    def test_rolling_is_open_at_its_start_and_holds_now(self) -> None:
        assert (
            channel("cap push 1 in any 1 day", touches=(touch(NOON - DAY, "a", "push"),)).verdict
            is Verdict.SEND
        )
        assert (
            channel("cap push 1 in any 1 day", touches=(touch(NOON, "a", "push"),)).verdict is Verdict.BLOCK
        )
        assert (
            channel("cap push 1 in any 1 day", touches=(touch(NOON + 1, "a", "push"),)).verdict
            is Verdict.SEND
        )

    @pytest.mark.parametrize(
        ("unit", "until"), [("day", "2026-03-11"), ("week", "2026-03-16"), ("month", "2026-04-01")]
    )
    def test_calendar_opens_with_the_next_period(self, unit: str, until: str) -> None:
        contact = channel(f"cap push 1 per {unit} then wait", touches=(touch(NOON, "a", "push"),))
        assert said(contact) == (Verdict.WAIT, at(until))

    def test_of_nothing_is_never_open(self) -> None:
        assert said(channel("cap push 0 per day then wait")) == (Verdict.BLOCK, None)

    def test_counts_what_counts_on_its_channel_and_under_its_tag(self) -> None:
        clause = "cap push tagged promo 1 per day"
        promo = touch(NOON, "a", "push", "promo", "other")
        assert channel(clause, tags=("promo",), touches=(promo,)).verdict is Verdict.BLOCK
        assert channel(clause, tags=("news",), touches=(promo,)).verdict is Verdict.SEND
        for passing in (
            touch(NOON, "a", "push", "news"),
            touch(NOON, "a", "sms", "promo"),
            touch(NOON, "a", "push", "promo", counted=False),
        ):
            assert channel(clause, tags=("promo",), touches=(passing,)).verdict is Verdict.SEND
        assert channel("cap all 1 per day", touches=(touch(NOON, "a", "sms"),)).verdict is Verdict.BLOCK
        assert channel("cap sms 1 per day", touches=(touch(NOON, "a", "sms"),)).verdict is Verdict.SEND


class TestCooldown:
    def test_after_any_send(self) -> None:
        clause = "cooldown 20 hours after any send then wait"
        warm = touch(NOON - 20 * HOUR + 1, "a", "sms")
        assert said(channel(clause, touches=(warm,))) == (Verdict.WAIT, NOON + 1)
        assert channel(clause, touches=(touch(NOON - 20 * HOUR, "a", "sms"),)).verdict is Verdict.SEND
        assert channel(clause, touches=(touch(NOON, "a", "sms", counted=False),)).verdict is Verdict.SEND

    def test_after_an_event(self) -> None:
        clause = "cooldown 1 hour after angry"
        assert said(channel(clause, NOON, happened("angry", NOON))) == (Verdict.BLOCK, NOON + HOUR)
        assert channel(clause, NOON, happened("angry", NOON + 1)).verdict is Verdict.SEND

    def test_needs_the_history_of_its_event(self) -> None:
        clause = "cooldown 1 hour after angry then wait"
        assert channel(clause, known_since={"angry": NOON - HOUR + 1}).verdict is Verdict.SEND
        for unknown in ({"known_since": {"angry": NOON - HOUR + 2}}, {"unavailable": {"angry": UNAVAILABLE}}):
            contact = channel(clause, **unknown)
            assert (only(contact).because, said(contact)) == (Because.UNAVAILABLE, (Verdict.BLOCK, None))


class TestWithoutTouches:
    CLAUSES = (
        "cap push 1 per day then wait cooldown 1 hour after any send then wait quiet 11:00 to 13:00 user time"
    )

    def test_marketing_is_blocked_and_says_so(self) -> None:
        contact = channel(self.CLAUSES, touches=UNAVAILABLE)
        assert said(contact) == (Verdict.BLOCK, None)
        assert because(contact.reasons) == [Because.UNAVAILABLE, Because.UNAVAILABLE, Because.QUIET]
        assert [(reason.answer, reason.channel, reason.until) for reason in contact.reasons][:2] == [
            (None, "push", None)
        ] * 2

    @pytest.mark.parametrize("kind", ["transactional", "legal"])
    def test_other_kinds_pass_what_needs_them(self, kind: str) -> None:
        contact = channel(self.CLAUSES, touches=UNAVAILABLE, kind=kind)
        assert (because(contact.reasons), said(contact)) == ([Because.QUIET], (Verdict.WAIT, NOON + HOUR))


class TestProhibitions:
    @pytest.mark.parametrize(
        ("age", "answer"), [({"age": 12}, True), ({}, None), ({"age": UNAVAILABLE}, None)]
    )
    def test_never_holds_unless_its_condition_is_no(self, age: dict[str, Any], answer: bool | None) -> None:
        contact = channel("never push when user.age < 18", user=age)
        assert said(contact) == (Verdict.BLOCK, None)
        assert (only(contact).because, only(contact).answer) == (Because.NEVER, answer)
        assert channel("never push when user.age < 18", user={"age": 18}).verdict is Verdict.SEND

    def test_never_is_for_its_channel(self) -> None:
        assert channel("never sms when user.age < 18").verdict is Verdict.SEND
        assert channel("never all when user.age < 18").verdict is Verdict.BLOCK

    def test_block_holds_for_every_plan_even_without_the_policy(self) -> None:
        text = BASE + 'policy p { block users in black }  plan a { obey nothing  send push "a" }'
        for listed, answer in ((True, True), (UNAVAILABLE, None)):
            contact = interpret.contact(rules(text), "a", told(NOON, lists={"black": listed}))
            assert contact.verdict is Verdict.BLOCK
            assert (only(contact).because, only(contact).answer) == (Because.BLOCK, answer)
            assert (only(contact).channel, only(contact).owner) == (None, "policy p")

    def test_allow_frees_of_limits_and_not_of_prohibitions(self) -> None:
        clauses = "allow users in white  cap push 0 per day  quiet 11:00 to 13:00 user time  never push when user.age < 18"
        free: dict[str, Any] = {"lists": {"white": True}}
        assert channel(clauses, user={"age": 18}, **free).verdict is Verdict.SEND
        assert because(channel(clauses, user={"age": 3}, **free).reasons) == [Because.NEVER]
        unsure = channel(clauses, user={"age": 18}, lists={"white": UNAVAILABLE})
        assert because(unsure.reasons) == [Because.CAP, Because.QUIET]


class TestInstants:
    def test_goes_on_until_nothing_is_broken(self) -> None:
        # the cap opens at 23:00, in quiet hours, which end at 9:00
        clauses = "quiet 21:00 to 09:00 user time  cap push 1 in any 12 hours then wait"
        contact = channel(clauses, touches=(touch(at("2026-03-10 11:00"), "a", "push"),))
        assert said(contact) == (Verdict.WAIT, at("2026-03-11 09:00"))
        assert because(contact.reasons) == [Because.CAP]
        assert only(contact).until == at("2026-03-10 23:00")

    def test_then_plays_no_part_on_the_way(self) -> None:
        clauses = "quiet 21:00 to 09:00 user time then block  cap push 1 in any 12 hours then wait"
        contact = channel(clauses, touches=(touch(at("2026-03-10 11:00"), "a", "push"),))
        assert said(contact) == (Verdict.WAIT, at("2026-03-11 09:00"))

    def test_one_limit_that_blocks_makes_it_a_block_with_the_same_instant(self) -> None:
        clauses = "quiet 11:00 to 13:00 user time then wait  cap push 1 per day then block"
        contact = channel(clauses, touches=(touch(NOON, "a", "push"),))
        assert said(contact) == (Verdict.BLOCK, at("2026-03-11"))
        assert because(contact.reasons) == [Because.QUIET, Because.CAP]

    def test_quiet_all_day_is_never(self) -> None:
        clauses = "quiet 09:00 to 21:00 user time then wait  quiet 21:00 to 09:00 user time then wait"
        assert said(channel(clauses)) == (Verdict.BLOCK, None)

    def test_reasons_stand_as_the_policy_lists_them_prohibitions_first(self) -> None:
        clauses = "cap push 0 per day  quiet 11:00 to 13:00 user time  never push when user.age < 18"
        assert because(channel(clauses).reasons) == [Because.NEVER, Because.CAP, Because.QUIET]


class TestPlans:
    TEXT = (
        BASE
        + """
policy day { quiet 11:00 to 13:00 user time  cap sms 1 per day then wait }
plan a { on open  obey day  expires after 1 hour  send push "a" else sms "b" }
plan quick { on open  obey day  expires after 61 minutes  send push "a" else sms "b" }
"""
    )
    SENT = (touch(NOON - MINUTE, "z", "sms"),)

    def test_takes_the_earliest_wait(self) -> None:
        known = told(at("2026-03-10 12:30"), happened("open", at("2026-03-10 12:29")), touches=self.SENT)
        outcome = interpret.plan(rules(self.TEXT), "a", known)
        assert (outcome.verdict, outcome.channel, outcome.until) == (
            Verdict.WAIT,
            "push",
            at("2026-03-10 13:00"),
        )
        assert [reason.channel for reason in outcome.reasons] == ["push"]

    def test_a_wait_beyond_the_expiry_is_a_block_with_all_reasons(self) -> None:
        known = told(NOON, happened("open", NOON), touches=self.SENT)
        outcome = interpret.plan(rules(self.TEXT), "a", known)  # 13:00 is the instant at which it expires
        assert (outcome.verdict, outcome.channel, outcome.until) == (Verdict.BLOCK, None, NOON + HOUR)
        # sms is quiet too, and its cap opens at midnight
        assert [(reason.because, reason.channel) for reason in outcome.reasons] == [
            (Because.QUIET, "push"),
            (Because.QUIET, "sms"),
            (Because.CAP, "sms"),
        ]
        assert interpret.plan(rules(self.TEXT), "quick", known).verdict is Verdict.WAIT

    def test_contact_alone_knows_no_expiry(self) -> None:
        contact = interpret.contact(rules(self.TEXT), "a", told(NOON))
        assert (contact.verdict, contact.channel, contact.until) == (Verdict.WAIT, "push", NOON + HOUR)


class TestWholePlan:
    TEXT = (
        BASE
        + """
policy night { quiet 21:00 to 09:00 user time }
campaign spring { once per user in any 36 hours  holdout 50% salt "s" }
plan rolling { once per user in any 33 hours  obey night  send push "a" else sms "b" }
plan ever { once per user  obey nothing  send push "a" }
plan daily { once per user per day  obey nothing  send push "a" }
plan part_of_it { part of spring  obey nothing  send push "a" }
plan dear { cost 1 USD  budget 10 EUR per week  obey nothing  send push "a" }
plan unknown_cost { cost user.age * 1 EUR  budget 10 EUR total  obey nothing  send push "a" }
plan refund { cost 0 EUR - 5 EUR  budget 1 EUR total  obey nothing  send push "a" }
plan free { budget 1 EUR total  obey nothing  send push "a" }
plan receipt { kind transactional  once per user  budget 1 per day  obey nothing  send push "a" }
decide once_a_day { among rolling, ever  at most 1 per user per day }
decide never_at_all { among ever  at most 0 per user per day }
decide guarded { among daily  holdout 50% salt "g" }
"""
    )
    RULES = rules(TEXT)

    def judged(self, plan: str, *touches: Any, **parts: Any) -> tuple[Verdict, list[Because], int | None]:
        contact = interpret.contact(self.RULES, plan, told(NOON, touches=touches, **parts))
        return contact.verdict, because(contact.reasons), contact.until

    def test_once_in_a_rolling_period_and_the_quiet_hours_behind_it(self) -> None:
        # 33 hours after 8:00 yesterday is 17:00 today; after 14:00 yesterday it is 23:00, which is quiet until 9:00
        early, late = touch(NOON - 28 * HOUR, "rolling", "fax"), touch(NOON - 22 * HOUR, "rolling", "fax")
        assert self.judged("rolling", early) == (Verdict.BLOCK, [Because.ONCE], at("2026-03-10 17:00"))
        assert self.judged("rolling", early, late) == (Verdict.BLOCK, [Because.ONCE], at("2026-03-11 09:00"))
        assert self.judged("rolling", touch(NOON - 33 * HOUR, "rolling", "fax"))[0] is Verdict.SEND

    def test_once_counts_what_does_not_count_for_caps(self) -> None:
        uncounted = touch(NOON - 300 * DAY, "ever", "push", counted=False)
        assert self.judged("ever", uncounted) == (Verdict.BLOCK, [Because.ONCE], None)

    def test_once_a_day(self) -> None:
        assert self.judged("daily", touch(at("2026-03-10"), "daily", "push")) == (
            Verdict.BLOCK,
            [Because.ONCE],
            at("2026-03-11"),
        )
        assert self.judged("daily", touch(at("2026-03-10") - 1, "daily", "push"))[0] is Verdict.SEND

    def test_a_campaigns_once_counts_all_of_its_plans(self) -> None:
        other = touch(NOON - HOUR, "other", "push", campaign="spring")
        assert self.judged("part_of_it", other) == (Verdict.BLOCK, [Because.ONCE], NOON + 35 * HOUR)

    def test_at_most_counts_all_plans_of_the_decide(self) -> None:
        known = told(NOON, touches=(touch(NOON - HOUR, "rolling", "push", counted=False),))
        decision = interpret.decide(self.RULES, "once_a_day", known)
        rolling, ever = decision.outcomes
        assert (decision.verdict, decision.plan) == (Verdict.BLOCK, "rolling")
        assert because(rolling) == [Because.ONCE, Because.AT_MOST]
        # `once` opens at 20:00 tomorrow, `at most` at midnight
        assert (rolling.until, decision.until) == (at("2026-03-11 20:00"), at("2026-03-11 20:00"))
        assert (because(ever), ever.until) == ([Because.AT_MOST], at("2026-03-11"))
        assert ever.reasons[0].owner == "decide once_a_day"
        assert interpret.plan(self.RULES, "ever", known).verdict is Verdict.SEND

    def test_at_most_nothing_is_never(self) -> None:
        decision = interpret.decide(self.RULES, "never_at_all", told(NOON))
        assert (decision.verdict, decision.until) == (Verdict.BLOCK, None)

    @pytest.mark.parametrize(
        ("plan", "used", "verdict"),
        [
            ("dear", 9_500_000, Verdict.SEND),  # 1 USD is 0.50 EUR
            ("dear", 9_500_001, Verdict.BLOCK),
            ("unknown_cost", 0, Verdict.BLOCK),
            ("refund", 1_000_000, Verdict.SEND),
            ("refund", 1_000_001, Verdict.BLOCK),
            ("free", 1_000_000, Verdict.SEND),
            ("receipt", 1, Verdict.BLOCK),
        ],
    )
    def test_budgets(self, plan: str, used: int, verdict: Verdict) -> None:
        assert self.judged(plan, budgets={f"plan {plan}": used})[0] is verdict

    def test_a_weeks_budget_is_new_on_monday(self) -> None:
        assert self.judged("dear", budgets={"plan dear": 10_000_000})[2] == at("2026-03-16")

    def test_what_cannot_be_counted_stops_marketing_alone(self) -> None:
        known = told(NOON, touches=UNAVAILABLE, budgets=UNAVAILABLE)
        ever = interpret.contact(self.RULES, "ever", known)
        assert (ever.verdict, because(ever.reasons), ever.until) == (
            Verdict.BLOCK,
            [Because.UNAVAILABLE],
            None,
        )
        assert ever.reasons[0].owner == "plan ever"
        part_of_it = interpret.contact(self.RULES, "part_of_it", known)
        assert part_of_it.reasons[0].owner == "campaign spring"
        assert because(interpret.contact(self.RULES, "dear", known).reasons) == [Because.UNAVAILABLE]
        assert interpret.contact(self.RULES, "receipt", known).verdict is Verdict.SEND

    def test_who_is_held_out_is_limited_by_shadows_too(self) -> None:
        shadow = (touch(NOON - HOUR, "daily", "push"),)
        known = told(NOON, shadow=shadow, held_out={"guarded"})
        assert interpret.decide(self.RULES, "guarded", known).verdict is Verdict.BLOCK
        free = told(NOON, shadow=shadow, held_out=frozenset())
        assert interpret.decide(self.RULES, "guarded", free).verdict is Verdict.SEND
        lost = told(NOON, shadow=UNAVAILABLE, held_out={"guarded"})
        assert because(interpret.decide(self.RULES, "guarded", lost).outcomes[0]) == [Because.UNAVAILABLE]

    def test_who_is_held_out_takes_no_budget(self) -> None:
        text = self.TEXT.replace(
            'obey nothing  send push "a" }\nplan dear',
            'budget 1 per day  obey nothing  send push "a" }\nplan dear',
        )
        full = {"plan part_of_it": 1}
        held = interpret.plan(rules(text), "part_of_it", told(NOON, budgets=full, held_out={"spring"}))
        sent = interpret.plan(rules(text), "part_of_it", told(NOON, budgets=full))
        assert (held.verdict, sent.verdict) == (Verdict.HOLDOUT, Verdict.BLOCK)
