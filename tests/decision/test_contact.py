"""The gate *contactable*: limits, prohibitions and the instants that a verdict names. By hand."""

from __future__ import annotations

import pytest

from compiler.facts import Event, Facts
from compiler.outcome import Because, Contact, Gate, PlanOutcome, Verdict
from compiler.types import UNAVAILABLE, Answer
from tests.decision.rules import DAY, DECLARATIONS, HOUR, MINUTE, NOW, at, facts, program, shown, touch

STEPS = 'send push "a" else email "b"'


def rules(policy: str, plan: str = STEPS, more: str = "") -> str:
    return f"{DECLARATIONS}\npolicy g default {{ {policy} }}\n{more}\nplan p {{ {plan} }}"


def judged(policy: str, known: Facts, plan: str = STEPS, more: str = "") -> PlanOutcome:
    return program(rules(policy, plan, more)).plan("p", known)


def said(outcome: PlanOutcome | Contact) -> list[tuple[Because, str | None, str | None]]:
    return [(reason.because, reason.channel, shown(reason.until)) for reason in outcome.reasons]


def sent(*times: int, **parts: object) -> Facts:
    channel, more = parts.pop("channel", "push"), parts.pop("touch", {})
    touches = tuple(touch(time, "q", channel, **more) for time in sorted(times))  # type: ignore[arg-type]
    return facts(touches=touches, **parts)


# ---- caps


@pytest.mark.parametrize(
    ("times", "verdict", "until"),
    [
        ((NOW - HOUR,), Verdict.SEND, None),
        ((NOW - HOUR, NOW - 2 * HOUR), Verdict.BLOCK, NOW - 2 * HOUR + DAY),
        ((NOW - HOUR, NOW - DAY), Verdict.SEND, None),
        ((NOW - HOUR, NOW - DAY + 1), Verdict.BLOCK, NOW + 1),
        ((NOW, NOW - HOUR, NOW - 2 * HOUR), Verdict.BLOCK, NOW - HOUR + DAY),
        ((NOW + 1, NOW - HOUR), Verdict.SEND, None),
    ],
)
def test_a_rolling_cap(times: tuple[int, ...], verdict: Verdict, until: int | None) -> None:
    outcome = judged("cap all 2 in any 24 hours", sent(*times))
    assert (outcome.verdict, outcome.until) == (verdict, until)
    assert outcome.fell is (Gate.CONTACTABLE if verdict is Verdict.BLOCK else None)


def test_a_calendar_cap_goes_by_the_users_days() -> None:
    tokyo = {"zone": "Asia/Tokyo"}
    midnight = at("2026-03-01 00:00", "Asia/Tokyo")
    assert judged("cap push 1 per day", sent(midnight - 1, user=tokyo)).channel == "push"
    outcome = judged("cap push 1 per day then wait", sent(midnight, user=tokyo), 'send push "a"')
    assert (outcome.verdict, shown(outcome.until)) == (Verdict.WAIT, "2026-03-01 15:00")
    assert said(outcome) == [(Because.CAP, "push", "2026-03-01 15:00")]


def test_weeks_begin_as_the_settings_say_and_months_on_the_first() -> None:
    sunday = sent(at("2026-02-23 00:00"))  # the Monday before now, a Sunday
    assert said(judged("cap all 1 per week", sunday))[0] == (Because.CAP, "push", "2026-03-02 00:00")
    assert said(judged("cap all 1 per month", sunday)) == []
    assert said(judged("cap all 1 per month", sent(NOW - MINUTE)))[0][2] == "2026-04-01 00:00"


def test_a_cap_counts_its_channel_its_tag_and_what_is_counted() -> None:
    promo = {"tags": frozenset({"promo"})}
    plan = f"tagged promo {STEPS}"
    cap = "cap push tagged promo 1 in any 7 days"
    assert judged(cap, sent(NOW, touch=promo), plan).channel == "email"
    assert judged(cap, sent(NOW, touch=promo)).channel == "push"  # the plan has no such tag
    assert judged(cap, sent(NOW), plan).channel == "push"
    assert judged(cap, sent(NOW, channel="sms", touch=promo), plan).channel == "push"
    assert judged(cap, sent(NOW, touch=promo | {"counted": False}), plan).channel == "push"
    assert judged("cap all 1 in any 7 days", sent(NOW, channel="sms")).verdict is Verdict.BLOCK


def test_a_cap_of_nothing_blocks_for_ever() -> None:
    outcome = judged("cap push 0 per day then wait cap email 0 in any 1 hour", facts())
    assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, None)
    assert said(outcome) == [(Because.CAP, "push", None), (Because.CAP, "email", None)]


# ---- quiet hours and cool-downs


@pytest.mark.parametrize(
    ("now", "zone", "until"),
    [
        ("2026-11-01 03:30", "America/New_York", "2026-11-01 13:00"),  # 08:00 EST, not 12:00Z
        ("2026-03-29 00:10", "Europe/Berlin", "2026-03-29 06:00"),
        ("2026-03-01 22:00", "UTC", "2026-03-02 08:00"),
        ("2026-03-01 07:59", "UTC", "2026-03-01 08:00"),
    ],
)
def test_quiet_hours_are_waited_out(now: str, zone: str, until: str) -> None:
    outcome = judged("quiet 22:00 to 08:00 user time", facts(at(now), user={"zone": zone}))
    assert (outcome.verdict, outcome.channel, shown(outcome.until)) == (Verdict.WAIT, "push", until)
    assert said(outcome) == [(Because.QUIET, "push", until)]


def test_quiet_hours_may_block() -> None:
    outcome = judged("quiet 10:00 to 13:00 user time then block", facts())
    assert (outcome.verdict, shown(outcome.until)) == (Verdict.BLOCK, "2026-03-01 13:00")


def test_quiet_hours_are_over_at_their_end() -> None:
    assert judged("quiet 10:00 to 12:00 user time", facts()).verdict is Verdict.SEND


def test_a_cooldown_after_any_send() -> None:
    policy = "cooldown 20 hours after any send"
    outcome = judged(policy, sent(NOW - HOUR, NOW - 5 * HOUR))
    assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, NOW + 19 * HOUR)
    assert judged(policy, sent(NOW - 20 * HOUR)).verdict is Verdict.SEND
    assert judged(policy, sent(NOW - HOUR, touch={"counted": False})).verdict is Verdict.SEND


def test_a_cooldown_after_an_event() -> None:
    policy = "cooldown 24 hours after refund then wait"
    known = {"refund": (Event(NOW - 2 * HOUR, "r", {}), Event(NOW - HOUR, "s", {}), Event(NOW + 1, "t", {}))}
    outcome = judged(policy, facts(events=known))
    assert (outcome.verdict, outcome.until) == (Verdict.WAIT, NOW + 23 * HOUR)
    for parts in ({"events": {"refund": UNAVAILABLE}}, {"known_since": {"refund": NOW - DAY + 2}}):
        outcome = judged(policy, facts(**parts))
        assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, None)
        assert [reason.because for reason in outcome.reasons] == [Because.UNAVAILABLE] * 2
        assert [reason.answer for reason in outcome.reasons] == [None, None]
        assert judged(policy, facts(**parts), f"kind transactional {STEPS}").verdict is Verdict.SEND
    assert judged(policy, facts(known_since={"refund": NOW - DAY + 1})).verdict is Verdict.SEND


# ---- never, block, allow


@pytest.mark.parametrize(("flag", "answer"), [(True, True), (None, None), (UNAVAILABLE, None)])
def test_prohibitions_hold_unless_they_are_no(flag: object, answer: Answer) -> None:
    outcome = judged("never push when user.f", facts(user={"f": flag}))
    assert (outcome.verdict, outcome.channel, outcome.reasons) == (Verdict.SEND, "email", ())
    outcome = judged("never all when user.f", facts(user={"f": flag}))
    assert said(outcome) == [(Because.NEVER, "push", None), (Because.NEVER, "email", None)]
    assert [reason.answer for reason in outcome.reasons] == [answer, answer]
    assert judged("never all when user.f", facts(user={"f": False})).verdict is Verdict.SEND


def test_a_black_list_stops_every_plan() -> None:
    plan = f"kind legal obey nothing {STEPS}"
    for held, answer in ((True, True), (UNAVAILABLE, None)):
        outcome = judged("block users in vip", facts(lists={"vip": held}), plan)
        assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, None)
        (reason,) = outcome.reasons
        assert (reason.because, reason.owner, reason.answer) == (Because.BLOCK, "policy g", answer)
    assert judged("block users in vip", facts(), plan).verdict is Verdict.SEND


def test_a_white_list_lifts_limits_alone() -> None:
    policy = "allow users in vip cap push 1 per day quiet 10:00 to 13:00 user time never email when user.f"
    known = sent(NOW, lists={"vip": True}, user={"f": True})
    outcome = judged(policy, known)
    assert (outcome.verdict, outcome.channel) == (Verdict.SEND, "push")
    for held in (False, UNAVAILABLE):
        outcome = judged(policy, sent(NOW, lists={"vip": held}, user={"f": True}))
        assert [(because, channel) for because, channel, _ in said(outcome)] == [
            (Because.CAP, "push"),
            (Because.QUIET, "push"),
            (Because.NEVER, "email"),
            (Because.QUIET, "email"),
        ]


# ---- several limits


def test_all_broken_limits_of_all_channels_are_named_in_order() -> None:
    """Layered caps: three in seven days over all channels, two pushes; after two pushes and one SMS both are full."""
    policy = "cap push 2 in any 7 days cap all 3 in any 7 days"
    times = (NOW - 6 * DAY, NOW - 5 * DAY)
    touches = (*(touch(time, "q") for time in times), touch(NOW - DAY, "q", "sms"))
    outcome = judged(policy, facts(touches=touches))
    assert said(outcome) == [
        (Because.CAP, "push", shown(NOW + DAY)),
        (Because.CAP, "push", shown(NOW + DAY)),
        (Because.CAP, "email", shown(NOW + DAY)),
    ]
    assert outcome.until == NOW + DAY


def test_waiting_goes_on_while_another_limit_is_broken_then() -> None:
    """The cap is free at 23:00, which is quiet; at 08:00 the next day nothing is broken."""
    policy = "cap push 1 in any 12 hours then wait quiet 22:00 to 08:00 user time"
    outcome = judged(policy, sent(NOW - HOUR), 'send push "a"')
    assert said(outcome) == [(Because.CAP, "push", "2026-03-01 23:00")]
    assert (outcome.verdict, shown(outcome.until)) == (Verdict.WAIT, "2026-03-02 08:00")


def test_a_limit_that_blocks_can_be_in_the_way_of_waiting_without_ending_it() -> None:
    """Now only quiet hours speak; when they end, a cool-down that blocks speaks: it is waited out, too."""
    policy = "quiet 10:00 to 13:00 user time cap push 1 per day"
    outcome = judged(policy, sent(at("2026-02-28 12:00")), 'send push "a"')
    assert (outcome.verdict, shown(outcome.until)) == (Verdict.WAIT, "2026-03-01 13:00")


def test_limits_that_never_all_allow_give_no_instant() -> None:
    policy = "quiet 22:00 to 08:00 user time quiet 08:00 to 22:00 user time"
    outcome = judged(policy, facts(), 'send push "a"')
    assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, None)
    assert said(outcome) == [(Because.QUIET, "push", "2026-03-01 22:00")]


def test_the_first_channel_that_may_send_else_the_earliest_that_may_wait() -> None:
    policy = "cap push 1 in any 3 hours then wait cap email 1 in any 2 hours then wait"
    touches = (touch(NOW - HOUR, "q", "push"), touch(NOW - HOUR, "q", "email"))
    outcome = judged(policy, facts(touches=touches))
    assert (outcome.verdict, outcome.channel, outcome.until) == (Verdict.WAIT, "email", NOW + HOUR)
    assert said(outcome) == [(Because.CAP, "email", shown(NOW + HOUR))]
    assert judged(policy, facts(touches=touches[:1])).channel == "email"
    same = "cap all 1 in any 3 hours then wait"
    assert judged(same, facts(touches=touches)).channel == "push"


def test_waiting_must_end_before_the_occurrence_expires() -> None:
    policy = "quiet 10:00 to 13:00 user time"
    for expires, verdict in ((120, Verdict.BLOCK), (121, Verdict.WAIT)):
        known = facts(events={"view": (Event(NOW - HOUR, "v", {}),)})
        outcome = judged(policy, known, f"on view expires after {expires} minutes {STEPS}")
        assert (outcome.verdict, shown(outcome.until)) == (verdict, "2026-03-01 13:00")


# ---- once, budgets


def test_once_per_user() -> None:
    outcome = judged("", facts(touches=(touch(NOW - 900 * DAY, counted=False),)), f"once per user {STEPS}")
    assert (outcome.verdict, outcome.until, said(outcome)) == (
        Verdict.BLOCK,
        None,
        [(Because.ONCE, None, None)],
    )
    assert judged("", sent(NOW), f"once per user {STEPS}").verdict is Verdict.SEND


def test_once_per_user_in_a_period() -> None:
    plan = f"once per user in any 30 days {STEPS}"
    outcome = judged("", facts(touches=(touch(NOW - 29 * DAY), touch(NOW - 28 * DAY))), plan)
    assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, NOW + 2 * DAY)
    assert judged("", facts(touches=(touch(NOW - 30 * DAY),)), plan).verdict is Verdict.SEND
    calendar = judged("", facts(touches=(touch(NOW - HOUR),)), f"once per user per month {STEPS}")
    assert shown(calendar.until) == "2026-04-01 00:00"


def test_once_of_a_campaign() -> None:
    more = "campaign c { once per user }"
    outcome = judged("", facts(touches=(touch(NOW, "q", campaign="c"),)), f"part of c {STEPS}", more)
    assert [(reason.because, reason.owner) for reason in outcome.reasons] == [(Because.ONCE, "campaign c")]
    assert judged("", sent(NOW), f"part of c {STEPS}", more).verdict is Verdict.SEND


@pytest.mark.parametrize(
    ("used", "verdict"), [(499, Verdict.SEND), (500, Verdict.BLOCK), (900, Verdict.BLOCK)]
)
def test_a_budget_of_sends(used: int, verdict: Verdict) -> None:
    outcome = judged("", facts(budgets={"plan p": used}), f"budget 500 per day {STEPS}")
    assert outcome.verdict is verdict
    assert shown(outcome.until) == (None if verdict is Verdict.SEND else "2026-03-02 00:00")


@pytest.mark.parametrize(
    ("cost", "user", "used", "verdict"),
    [
        ("cost 1 EUR", {}, 99_000_000, Verdict.SEND),
        ("cost 1 EUR", {}, 99_000_001, Verdict.BLOCK),
        ("cost 1 USD", {}, 99_080_000, Verdict.SEND),  # 0.92 EUR
        ("cost 1 USD", {}, 99_080_001, Verdict.BLOCK),
        ("cost user.m", {"m": None}, 0, Verdict.BLOCK),
        ("cost user.m", {"m": UNAVAILABLE}, 0, Verdict.BLOCK),
        ("cost user.m", {"m": -5}, 100_000_000, Verdict.SEND),
        ("", {}, 100_000_000, Verdict.SEND),
        ("", {}, 100_000_001, Verdict.BLOCK),
    ],
)
def test_a_budget_of_money(cost: str, user: dict[str, object], used: int, verdict: Verdict) -> None:
    known = facts(user=user, budgets={"campaign c": used})
    outcome = judged("", known, f"part of c {cost} {STEPS}", "campaign c { budget 100 EUR total }")
    assert (outcome.verdict, outcome.until) == (verdict, None)
    if verdict is Verdict.BLOCK:
        assert [(reason.because, reason.owner) for reason in outcome.reasons] == [
            (Because.BUDGET, "campaign c")
        ]


def test_touches_and_budgets_that_cannot_be_had_stop_marketing_alone() -> None:
    plan = f"part of c once per user in any 7 days budget 5 total {STEPS}"
    more = "campaign c { once per user budget 5 total }"
    policy = "cap push 1 per day then wait cooldown 1 hour after any send"
    unknown = facts(touches=UNAVAILABLE, budgets=UNAVAILABLE)
    outcome = judged(policy, unknown, plan, more)
    assert (outcome.verdict, outcome.until) == (Verdict.BLOCK, None)
    assert [(reason.because, reason.owner, reason.channel) for reason in outcome.reasons] == [
        (Because.UNAVAILABLE, "plan p", None),
        (Because.UNAVAILABLE, "campaign c", None),
        (Because.UNAVAILABLE, "plan p", None),
        (Because.UNAVAILABLE, "campaign c", None),
        (Because.UNAVAILABLE, "policy g", "push"),
        (Because.UNAVAILABLE, "policy g", "push"),
        (Because.UNAVAILABLE, "policy g", "email"),
    ]
    for kind in ("transactional", "legal"):
        assert judged(policy, unknown, f"kind {kind} {plan}", more).verdict is Verdict.SEND


def test_the_instant_of_a_plan_and_its_channels_together() -> None:
    """`once` is over at 14:00; push is quiet until 15:00 from 13:30 on, email is capped until 16:00."""
    plan = f"once per user in any 3 hours {STEPS}"
    policy = "quiet 13:30 to 15:00 user time cap email 1 in any 5 hours"
    touches = (touch(NOW - HOUR, "p", "email"),)
    outcome = judged(policy, facts(touches=touches), plan)
    assert said(outcome) == [
        (Because.ONCE, None, "2026-03-01 14:00"),
        (Because.CAP, "email", "2026-03-01 16:00"),
    ]
    assert (outcome.verdict, shown(outcome.until)) == (Verdict.BLOCK, "2026-03-01 15:00")


def test_a_budget_is_free_from_its_next_period_on() -> None:
    known = facts(budgets={"plan p": 5})
    outcome = judged("quiet 22:00 to 08:00 user time", known, f"budget 5 per day {STEPS}")
    assert shown(outcome.until) == "2026-03-02 08:00"  # free at midnight, which is quiet
    assert said(outcome) == [(Because.BUDGET, None, "2026-03-02 00:00")]
    both = judged("", facts(budgets={"plan p": 5, "campaign c": 9}), f"part of c budget 5 per day {STEPS}",
                  "campaign c { budget 9 total }")  # fmt: skip
    assert both.until is None


# ---- contact alone


def test_contact_of_a_plan_has_no_audience_trigger_or_occurrence() -> None:
    plan = f"for vip on view once per sku expires after 1 hour {STEPS}"
    made = program(rules("quiet 10:00 to 13:00 user time", plan))
    found = made.contact("p", facts(touches=(touch(NOW, occurrence="p/sku=a"),)))
    assert (found.verdict, found.channel, shown(found.until)) == (Verdict.WAIT, "push", "2026-03-01 13:00")
    assert said(found) == [(Because.QUIET, "push", "2026-03-01 13:00")]


def test_contact_through_a_channel() -> None:
    made = program(
        f"{DECLARATIONS}\n"
        "policy a { block users in vip }\n"
        "policy g { cap push tagged promo 1 per day never email when user.f }"
    )
    promo = frozenset({"promo"})
    known = sent(NOW, touch={"tags": promo}, user={"f": False})
    for channel, policies, tags, verdict in (
        ("push", ["g"], promo, Verdict.BLOCK),
        ("push", ["g"], frozenset(), Verdict.SEND),
        ("push", [], promo, Verdict.SEND),
        ("email", ["g"], promo, Verdict.SEND),
    ):
        found = made.contact_channel(channel, policies, tags, "marketing", known)
        assert (found.verdict, found.channel) == (verdict, channel if verdict is Verdict.SEND else None)
    listed = made.contact_channel(
        "push", ["g"], promo, "legal", sent(NOW, lists={"vip": True}, touch={"tags": promo})
    )
    assert [reason.because for reason in listed.reasons] == [Because.BLOCK, Because.CAP]
    assert listed.until is None
    gone = made.contact_channel("push", ["g"], promo, "legal", facts(touches=UNAVAILABLE))
    assert gone.verdict is Verdict.SEND
