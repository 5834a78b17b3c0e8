"""The gates before and after *contactable*: audience, occurrences, rank, and what a decide makes of them."""

from __future__ import annotations

from typing import Any

import pytest

from compiler import interpret
from compiler.checked.ir import RuleSet
from compiler.facts import Facts, Opened
from compiler.outcome import Because, Gate, PlanOutcome, Scheduled, Verdict
from compiler.types import MISSING, UNAVAILABLE
from tests.interpret.build import DAY, HOUR, MINUTE, at
from tests.interpret.sua import because, happened, rules, told, touch

BASE = """
settings { timezone "UTC"  currency EUR  week starts monday }
profile user { id: text key  age: int optional  zone: timezone optional }
event open { kind: text optional  size: int optional }
event stop { size: int optional }
"""
NOON = at("2026-03-10 12:00")


def judged(plan: str, now: int, *events: Any, **parts: Any) -> PlanOutcome:
    return interpret.plan(
        rules(BASE + f'plan p {{ {plan} send push "p" obey nothing }}'), "p", told(now, *events, **parts)
    )


class TestEligible:
    RULES = rules(
        BASE
        + """
crowd adults { user.age >= 18 }
plan p { for adults  needs user.age < 65  needs did open ever  send push "p"  obey nothing }
"""
    )

    def test_names_all_that_is_not_yes(self) -> None:
        outcome = interpret.plan(self.RULES, "p", told(NOON))
        assert (outcome.fell, outcome.verdict) == (Gate.ELIGIBLE, Verdict.NONE)
        assert [(reason.because, reason.answer) for reason in outcome.reasons] == [
            (Because.AUDIENCE, None),
            (Because.NEEDS, None),
            (Because.NEEDS, False),
        ]
        assert all(reason.owner == "plan p" for reason in outcome.reasons)

    def test_passes_with_all_yes(self) -> None:
        outcome = interpret.plan(self.RULES, "p", told(NOON, happened("open", NOON), user={"age": 30}))
        assert (outcome.fell, outcome.verdict) == (None, Verdict.SEND)


class TestOccurrence:
    def test_nothing_opens_on_unknown(self) -> None:
        outcome = judged("on open where size >= 3", NOON, happened("open", NOON, "e"))
        assert (outcome.fell, because(outcome)) == (Gate.RELEVANT, [Because.NO_OCCURRENCE])

    def test_when_is_judged_at_the_trigger(self) -> None:
        # at the first `open` there was one, at the second two; `stop` came later in the same instant, by id
        events = [
            happened("open", NOON - HOUR, "a"),
            happened("open", NOON, "b"),
            happened("stop", NOON, "c"),
        ]
        clause = "on open when count of open within 1 day is 1 and did not stop within 1 day"
        assert judged(clause, NOON + DAY, *events).occurrence == "p/a"
        second = "on open when count of open within 1 day is 2 and did not stop within 1 day"
        assert judged(second, NOON + DAY, *events).occurrence == "p/b"
        behind = [*events[:2], happened("stop", NOON, "a")]
        assert judged(second, NOON + DAY, *behind).occurrence is None

    def test_the_least_due_and_id_is_judged_first(self) -> None:
        events = [happened("open", NOON, "b"), happened("open", NOON, "a"), happened("open", NOON + 1, "0")]
        assert judged("on open", NOON + HOUR, *events).occurrence == "p/a"

    def test_a_touched_event_has_ended(self) -> None:
        events = [happened("open", NOON, "a"), happened("open", NOON, "b")]
        sent = touch(NOON, "p", "push", occurrence="p/a")
        assert judged("on open", NOON, *events, touches=(sent,)).occurrence == "p/b"
        assert judged("on open", NOON, *events, shadow=(sent,)).occurrence == "p/b"
        both = (sent, touch(NOON, "p", "push", occurrence="p/b"))
        assert because(judged("on open", NOON, *events, touches=both)) == [Because.NO_OCCURRENCE]
        other = touch(NOON, "q", "push", occurrence="p/a")
        assert judged("on open", NOON, *events, touches=(other,)).occurrence == "p/a"

    def test_touches_later_than_now_do_not_exist(self) -> None:
        sent = touch(NOON + 1, "p", "push", occurrence="p/a")
        assert judged("on open", NOON, happened("open", NOON, "a"), touches=(sent,)).occurrence == "p/a"

    @pytest.mark.parametrize(
        ("once", "fields", "key"),
        [
            ("once per kind", {"kind": "x/y"}, "kind=x/y"),
            ("once per size", {"size": -3}, "size=-3"),
            ("once per size", {}, "e1"),
            ("once per user", {}, "user"),
            ("once per user in any 3 days", {}, "user"),
            ("", {}, "e1"),
        ],
    )
    def test_ids(self, once: str, fields: dict[str, Any], key: str) -> None:
        outcome = judged(f"on open {once}", NOON, happened("open", NOON, "e1", **fields))
        assert outcome.occurrence == f"p/{key}"

    def test_ids_without_a_trigger(self) -> None:
        assert judged("", NOON, request_id="r-1").occurrence == "p/r-1"
        assert judged("once per user", NOON, request_id="r-1").occurrence == "p/user"

    def test_ids_carry_the_activity(self) -> None:
        renamed = rules(BASE + 'plan p was q { on open  send push "p"  obey nothing }')
        known = told(NOON, happened("open", NOON, "e"), touches=(touch(NOON, "q", "push", occurrence="q/e"),))
        assert because(interpret.plan(renamed, "p", known)) == [Because.NO_OCCURRENCE]

    def test_what_a_store_kept_open_is_not_judged_again(self) -> None:
        events = [happened("open", NOON, "a", size=1), happened("open", NOON, "b", size=9)]
        clause = "on open where size >= 5"
        kept = (Opened("p", "a"), Opened("other", "b"), Opened("p", "gone"))
        assert judged(clause, NOON, *events, opened=kept).occurrence == "p/a"
        assert because(judged(clause, NOON, *events, opened=())) == [Because.NO_OCCURRENCE]

    def test_unavailable_events(self) -> None:
        (reason,) = judged("on open", NOON, unavailable={"open": UNAVAILABLE}).reasons
        assert (reason.because, reason.answer) == (Because.UNAVAILABLE, None)


class TestCancelling:
    CLAUSE = "on open wait 1 hour unless stop where size >= 5"

    def state(self, *stops: Any, clause: str = CLAUSE, **parts: Any) -> list[Because]:
        return because(judged(clause, NOON + HOUR, happened("open", NOON, "a"), *stops, **parts))

    def test_is_from_behind_the_trigger_up_to_now(self) -> None:
        def stopped(time: int) -> list[Because]:
            return self.state(happened("stop", time, size=5))

        assert stopped(NOON) == []
        assert stopped(NOON + 1) == [Because.CANCELLED]
        assert stopped(NOON + HOUR) == [Because.CANCELLED]
        assert stopped(NOON + HOUR + 1) == []

    def test_unknown_cancels(self) -> None:
        assert self.state(happened("stop", NOON + 1, size=4)) == []
        assert self.state(happened("stop", NOON + 1)) == [Because.CANCELLED]
        assert self.state(unavailable={"stop": UNAVAILABLE}) == [Because.CANCELLED]
        assert self.state(known_since={"stop": NOON}) == []
        assert self.state(known_since={"stop": NOON + 1}) == [Because.CANCELLED]

    def test_comes_before_expiry_and_that_before_the_schedule(self) -> None:
        gone = happened("stop", NOON + 1, size=5)
        open_ = happened("open", NOON, "a")
        clause = f"{self.CLAUSE} expires after 2 hours"
        assert because(judged(clause, NOON + 2 * HOUR, open_, gone)) == [Because.CANCELLED]
        assert because(judged(clause, NOON + 2 * HOUR, open_)) == [Because.EXPIRED]
        assert judged(clause, NOON + 2 * HOUR - 1, open_).verdict is Verdict.SEND

    def test_the_reason_preferred_is_the_schedule(self) -> None:
        clause = "on open wait 1 hour unless stop expires after 2 hours"
        events = [
            happened("open", NOON - DAY, "old"),
            happened("stop", NOON - DAY + 1),
            happened("open", NOON - 3 * HOUR, "expired"),
        ]
        assert because(judged(clause, NOON, *events)) == [Because.CANCELLED]
        outcome = judged(clause, NOON, *events, happened("open", NOON - MINUTE, "new"))
        assert (because(outcome), outcome.occurrence) == ([Because.SCHEDULED], "p/new")
        assert because(judged(clause, NOON, events[2])) == [Because.EXPIRED]


class TestRank:
    TEXT = (
        BASE
        + """
policy night default { quiet 11:00 to 13:00 user time then wait }
plan a { value user.age  send push "a"  obey nothing }
plan b { value 7  send push "b"  obey nothing }
plan w { value user.age  send push "w" }
decide best { among a, b, w  rank by value }
"""
    )
    RULES = rules(TEXT)

    @pytest.mark.parametrize(("age", "rank"), [({}, MISSING), ({"age": UNAVAILABLE}, UNAVAILABLE)])
    def test_without_one_a_plan_falls_and_says_so(self, age: dict[str, Any], rank: object) -> None:
        decision = interpret.decide(self.RULES, "best", told(NOON, user=age))
        a, b, w = decision.outcomes
        assert (decision.plan, b.rank) == ("b", 7)
        assert (a.fell, a.verdict, a.rank, because(a)) == (Gate.RANKED, Verdict.SEND, rank, [Because.RANK])
        assert (a.reasons[0].owner, a.reasons[0].answer) == ("decide best", None)
        # what waits keeps the reasons why
        assert (w.fell, w.verdict, because(w)) == (Gate.RANKED, Verdict.WAIT, [Because.QUIET, Because.RANK])

    def test_any_send_beats_any_wait(self) -> None:
        decision = interpret.decide(self.RULES, "best", told(NOON, user={"age": 5}))
        assert (decision.verdict, decision.plan) == (Verdict.SEND, "b")
        assert [(each.fell, each.verdict) for each in decision.outcomes] == [
            (Gate.CHOSEN, Verdict.SEND),
            (None, Verdict.SEND),
            (Gate.CHOSEN, Verdict.WAIT),
        ]
        assert because(decision.outcomes[2]) == [Because.QUIET, Because.LOST]


class TestWithoutAWinner:
    TEXT = (
        BASE
        + """
crowd nobody { user.age > 200 }
policy strict default { never all when not user in nobody }
policy quiet_noon { quiet 11:00 to 13:00 user time }
policy full { cap all 0 per day }
campaign c { holdout 50% salt "s" }
plan low { value 1  send push "l" }
plan high { value 2  send push "h" }
plan unranked { value user.age  send push "u" }
plan held { value 1  part of c  obey nothing  send push "x" }
plan waits { value 1  obey quiet_noon  send push "w" }
plan other { for nobody  value 9  send push "o" }
decide blocked { among unranked, low, high, other  rank by value }
decide with_held { among high, held  rank by value }
decide with_wait { among high, held, waits  rank by value }
decide none { among other  rank by value }
"""
    )
    RULES = rules(TEXT)

    def decided(self, name: str, **parts: Any) -> tuple[Verdict, str | None, str | None]:
        decision = interpret.decide(self.RULES, name, told(NOON, user={"age": 30}, **parts))
        return decision.verdict, decision.plan, decision.channel

    def test_a_wait_is_next(self) -> None:
        assert self.decided("with_wait", held_out={"c"}) == (Verdict.WAIT, "waits", "push")

    def test_then_a_holdout(self) -> None:
        assert self.decided("with_held", held_out={"c"}) == (Verdict.HOLDOUT, "held", "push")

    def test_then_the_first_blocked_by_rank(self) -> None:
        known = told(NOON)
        decision = interpret.decide(self.RULES, "blocked", known)
        # the age is missing, so `nobody` is unknown, and unknown prohibits
        assert (decision.verdict, decision.plan, decision.channel) == (Verdict.BLOCK, "high", None)
        assert decision.outcomes[0].rank is MISSING
        assert decision.outcomes[1].reasons[0].answer is None

    def test_then_nothing(self) -> None:
        assert self.decided("none") == (Verdict.NONE, None, None)


class TestAttempts:
    RULES = rules(
        BASE
        + """
policy p { never push when user.age < 18  never fax when user.age >= 18 }
plan a { obey p  send push "a1" else fax "a2" else sms "a3" with n = user.age }
decide best { among a }
"""
    )

    def test_are_the_channels_that_may_send(self) -> None:
        decision = interpret.decide(self.RULES, "best", told(NOON, user={"age": 40}, request_id="r"))
        tried = [(each.channel, each.content, each.arguments, each.occurrence) for each in decision.attempts]
        assert tried == [("push", "a1", {}, "a/r"), ("sms", "a3", {"n": 40}, "a/r")]

    def test_pass_on_what_is_absent(self) -> None:
        decision = interpret.decide(self.RULES, "best", told(NOON, user={"age": UNAVAILABLE}))
        assert decision.verdict is Verdict.SEND
        assert [(each.channel, each.arguments) for each in decision.attempts] == [("sms", {"n": UNAVAILABLE})]


def test_all_scheduled_are_listed_by_due_and_place() -> None:
    text = (
        BASE
        + """
crowd nobody { user.age > 200 }
plan slow { on open wait 3 hours  obey nothing  send push "s" }
plan late { for nobody  on open wait 2 hours  obey nothing  send push "l" }
plan next { on open wait 2 hours  obey nothing  send push "n" }
decide best { among slow, late, next }
"""
    )

    def known(rule_set: RuleSet) -> Facts:
        events = [happened("open", NOON - 2 * HOUR, "a"), happened("open", NOON - HOUR, "b")]
        return told(NOON, *events, user={"age": 3})

    rule_set = rules(text)
    decision = interpret.decide(rule_set, "best", known(rule_set))
    assert (decision.plan, decision.outcomes[2].occurrence) == ("next", "next/a")
    assert decision.scheduled == (
        Scheduled("slow", NOON + HOUR, "slow/a"),
        Scheduled("late", NOON + HOUR, "late/b"),
        Scheduled("next", NOON + HOUR, "next/b"),
        Scheduled("slow", NOON + 2 * HOUR, "slow/b"),
    )
