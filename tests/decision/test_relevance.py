"""The gate *relevant*: which events open occurrences, and how each stands. Scenarios and hand arithmetic."""

from __future__ import annotations

import pytest

from compiler.facts import Event, Facts, Opened
from compiler.outcome import Because, Gate, PlanOutcome, Verdict
from compiler.types import UNAVAILABLE
from tests.decision.rules import DAY, DECLARATIONS, HOUR, MINUTE, NOW, facts, program, touch

PLAIN = "on view wait 10 minutes"
BEGUN = NOW - HOUR


def judged(clauses: str, known: Facts) -> PlanOutcome:
    return program(f'{DECLARATIONS}\nplan p {{ obey nothing send push "x" {clauses} }}').plan("p", known)


def views(*times: int, **parts: object) -> Facts:
    made = tuple(Event(time, f"v{time - NOW}", {}) for time in times)
    return facts(events={"view": made} | parts.pop("events", {}), **parts)  # type: ignore[operator]


def because(outcome: PlanOutcome) -> Because:
    assert outcome.fell is Gate.RELEVANT
    assert outcome.verdict is Verdict.NONE
    (reason,) = outcome.reasons
    assert (reason.owner, reason.channel) == ("plan p", None)
    return reason.because


def test_without_an_event_there_is_no_occurrence() -> None:
    assert because(judged(PLAIN, views())) is Because.NO_OCCURRENCE
    assert because(judged(PLAIN, views(NOW + 1))) is Because.NO_OCCURRENCE


def test_an_occurrence_is_due_at_the_end_of_its_wait() -> None:
    start = NOW - 10 * MINUTE
    early = judged(PLAIN, views(start + 1))
    assert because(early) is Because.SCHEDULED
    assert early.reasons[0].until == NOW + 1
    assert early.occurrence == f"p/v{start + 1 - NOW}"
    assert early.until is None
    ripe = judged(PLAIN, views(start))
    assert (ripe.fell, ripe.verdict, ripe.occurrence) == (None, Verdict.SEND, f"p/v{start - NOW}")


def test_the_first_ripe_occurrence_is_judged() -> None:
    same_time = (Event(BEGUN, "b", {}), Event(BEGUN, "c", {}), Event(BEGUN + 1, "a", {}))
    assert judged(PLAIN, facts(events={"view": same_time})).occurrence == "p/b"
    sent = facts(events={"view": same_time}, touches=(touch(NOW - 1, occurrence="p/b"),))
    assert judged(PLAIN, sent).occurrence == "p/c"


def test_what_was_sent_or_held_out_has_ended() -> None:
    for parts in (
        {"touches": (touch(NOW, occurrence="p/v0"),)},
        {"shadow": (touch(NOW, occurrence="p/v0"),)},
    ):
        assert because(judged("on view", views(NOW, **parts))) is Because.NO_OCCURRENCE
    others = (touch(NOW, "q", occurrence="p/v0"), touch(NOW + 1, occurrence="p/v0"))
    assert judged("on view", views(NOW, touches=others)).verdict is Verdict.SEND
    assert judged("on view", views(NOW, touches=UNAVAILABLE)).verdict is Verdict.SEND


def test_events_that_cannot_be_had_open_nothing() -> None:
    outcome = judged("on view", facts(events={"view": UNAVAILABLE}))
    assert because(outcome) is Because.UNAVAILABLE
    assert outcome.reasons[0].answer is None


UNLESS = "on view wait 10 minutes unless order"


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (10 * MINUTE - 1, Because.CANCELLED),
        (10 * MINUTE, Because.CANCELLED),  # paid at exactly +10:00 counts
        (0, None),  # at the trigger itself it does not
        (-1, None),
        (2 * HOUR, None),  # not yet
    ],
)
def test_unless(paid: int, expected: Because | None) -> None:
    known = views(BEGUN, events={"order": (Event(BEGUN + paid, "o", {}),)})
    outcome = judged(UNLESS, known)
    if expected is None:
        assert outcome.verdict is Verdict.SEND
    else:
        assert because(outcome) is expected
        assert outcome.occurrence is None


def test_unless_that_is_not_known_cancels() -> None:
    assert because(judged(UNLESS, views(BEGUN, events={"order": UNAVAILABLE}))) is Because.CANCELLED
    assert because(judged(UNLESS, views(BEGUN, known_since={"order": BEGUN + 1}))) is Because.CANCELLED
    assert judged(UNLESS, views(BEGUN, known_since={"order": BEGUN})).verdict is Verdict.SEND
    order = Event(BEGUN + 1, "o", {"price": None})
    filtered = f"{UNLESS} where price > 5 EUR"
    assert because(judged(filtered, views(BEGUN, events={"order": (order,)}))) is Because.CANCELLED
    cheap = Event(BEGUN + 1, "o", {"price": 1})
    assert judged(filtered, views(BEGUN, events={"order": (cheap,)})).verdict is Verdict.SEND


def test_unless_with_same_field() -> None:
    clauses = "on view wait 10 minutes unless order with same sku"
    seen = (Event(BEGUN, "a", {"sku": "a"}), Event(BEGUN + 1, "b", {"sku": "b"}), Event(BEGUN + 2, "c", {}))
    known = facts(events={"view": seen, "order": (Event(BEGUN + 3, "o", {"sku": "a"}),)})
    assert judged(clauses, known).occurrence == "p/b"
    only_unknown = facts(events={"view": seen[2:], "order": known.events["order"]})
    assert because(judged(clauses, only_unknown)) is Because.CANCELLED


def test_it_expires_from_the_trigger_on() -> None:
    clauses = "on view wait 10 minutes expires after 1 hour"
    assert because(judged(clauses, views(NOW - HOUR))) is Because.EXPIRED
    assert judged(clauses, views(NOW - HOUR + 1)).verdict is Verdict.SEND


def test_the_reason_is_that_of_the_occurrence_that_came_furthest() -> None:
    clauses = "on view wait 10 minutes unless order expires after 1 hour"
    order = {"order": (Event(NOW - 30 * MINUTE, "o", {}),)}
    expired, cancelled, waiting = NOW - 2 * HOUR, NOW - 40 * MINUTE, NOW - MINUTE
    assert because(judged(clauses, views(cancelled, waiting, events=order))) is Because.SCHEDULED
    assert because(judged(clauses, views(cancelled, events=order))) is Because.CANCELLED
    assert because(judged(clauses, views(expired, events=order))) is Because.CANCELLED  # looked at first
    assert because(judged(clauses, views(expired))) is Because.EXPIRED
    assert judged(clauses, views(NOW - 15 * MINUTE, expired, cancelled, waiting, events=order)).fell is None


def test_when_is_judged_at_the_trigger() -> None:
    """The third view in 30 minutes; later views do not make the second one a third."""
    clauses = "on view when count of view within 30 minutes >= 3"
    times = (BEGUN, BEGUN + MINUTE, BEGUN + 2 * MINUTE, BEGUN + 40 * MINUTE)
    assert judged(clauses, views(*times)).occurrence == f"p/v{times[2] - NOW}"
    assert because(judged(clauses, views(*times[:2], times[3]))) is Because.NO_OCCURRENCE


def test_when_sees_only_what_came_before_in_time_and_id() -> None:
    clauses = "on view when did order within 1 hour"
    view = Event(BEGUN, "m", {})
    for order, opens in ((Event(BEGUN, "l", {}), True), (Event(BEGUN, "n", {}), False)):
        outcome = judged(clauses, facts(events={"view": (view,), "order": (order,)}))
        assert (outcome.fell is None) is opens


def test_unknown_opens_nothing() -> None:
    known = facts(events={"view": (Event(BEGUN, "e", {"price": None}),)})
    assert because(judged("on view where price > 5 EUR", known)) is Because.NO_OCCURRENCE
    assert because(judged("on view where not price > 5 EUR", known)) is Because.NO_OCCURRENCE
    assert because(judged("on view when user.f", known)) is Because.NO_OCCURRENCE


def test_where_is_judged_at_the_trigger() -> None:
    """At 11:00 it was before half past; now, at 12:00, it is not."""
    assert judged("on view where now < 2026-03-01 11:30", views(BEGUN)).fell is None


def test_occurrences_that_a_store_kept_are_not_judged_again() -> None:
    clauses = "on view when user.f"
    known = {"events": {"view": (Event(BEGUN, "a", {}), Event(BEGUN + 1, "b", {}))}}
    kept = facts(**known, opened=(Opened("p", "b"), Opened("other", "a"), Opened("p", "gone")))
    assert judged(clauses, kept).occurrence == "p/b"
    assert because(judged(clauses, facts(**known, user={"f": True}, opened=()))) is Because.NO_OCCURRENCE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sku": "SPRING"}, "p/sku=SPRING"),
        ({"sku": None}, "p/e"),
        ({"sku": ""}, "p/sku="),
    ],
)
def test_the_id_of_an_occurrence_by_field(fields: dict[str, str | None], expected: str) -> None:
    known = facts(events={"view": (Event(BEGUN, "e", fields),)})
    assert judged("on view once per sku", known).occurrence == expected


@pytest.mark.parametrize(
    ("field", "found", "expected"),
    [
        ("price", 1_500_000, "p/price=1500000"),
        ("n", 0.1, "p/n=0.1"),
        ("n", -0.0, "p/n=0.0"),
        ("n", 1e22, "p/n=1e+22"),
        ("i", -7, "p/i=-7"),
        ("gap", HOUR, "p/gap=3600000000"),
    ],
)
def test_the_id_of_an_occurrence_by_a_field_that_is_no_text(
    field: str, found: int | float, expected: str
) -> None:
    known = facts(events={"view": (Event(BEGUN, "e", {field: found}),)})
    assert judged(f"on view once per {field}", known).occurrence == expected


def test_once_per_field_prefers_what_has_not_ended() -> None:
    clauses = "on view once per sku"
    seen = tuple(Event(BEGUN + index, sku, {"sku": sku}) for index, sku in enumerate("abc"))
    known = facts(events={"view": seen}, touches=(touch(NOW - DAY, occurrence="p/sku=a"),))
    assert judged(clauses, known).occurrence == "p/sku=b"
    ended = tuple(touch(NOW - DAY, occurrence=f"p/sku={sku}") for sku in "abc")
    outcome = judged(clauses, facts(events={"view": seen}, touches=ended))
    assert (outcome.fell, outcome.verdict, outcome.occurrence) == (
        Gate.CONTACTABLE,
        Verdict.BLOCK,
        "p/sku=a",
    )
    assert [reason.because for reason in outcome.reasons] == [Because.ONCE]


@pytest.mark.parametrize(
    "once", ["once per user in any 2 days", "once per user per day", "once per sku in any 2 days"]
)
def test_an_occurrence_that_was_sent_does_not_come_back_when_its_period_is_over(once: str) -> None:
    seen = (Event(NOW - 10 * DAY, "a", {"sku": "s"}), Event(NOW - DAY, "b", {"sku": "s"}))
    id = "p/sku=s" if "sku" in once else "p/user"
    clauses = f"on view wait 1 hour {once}"
    sent = touch(NOW - 10 * DAY + HOUR, occurrence=id)
    known = facts(events={"view": seen[:1]}, touches=(sent,))
    assert because(judged(clauses, known)) is Because.NO_OCCURRENCE
    early = touch(NOW - 10 * DAY + HOUR - 1, occurrence=id)  # of an occurrence before
    assert judged(clauses, facts(events={"view": seen[:1]}, touches=(early,))).verdict is Verdict.SEND
    assert judged(clauses, facts(events={"view": seen}, touches=(sent,))).verdict is Verdict.SEND


def test_once_per_user_is_one_occurrence() -> None:
    assert judged("on view once per user", views(BEGUN)).occurrence == "p/user"
    assert judged("once per user", facts(request_id="r")).occurrence == "p/user"
    assert judged("", facts(request_id="r")).occurrence == "p/r"


def test_a_renamed_plan_keeps_its_activity() -> None:
    text = f'{DECLARATIONS}\nplan p was old {{ on view obey nothing send push "x" }}'
    outcome = program(text).plan("p", views(BEGUN, touches=(touch(NOW, "old", occurrence=f"old/v{-HOUR}"),)))
    assert because(outcome) is Because.NO_OCCURRENCE


def test_who_is_not_eligible_falls_before() -> None:
    outcome = judged("for vip needs user.f needs user.g", views(user={"f": None, "g": True}))
    assert (outcome.fell, outcome.verdict, outcome.occurrence) == (Gate.ELIGIBLE, Verdict.NONE, None)
    assert [(reason.because, reason.answer) for reason in outcome.reasons] == [
        (Because.AUDIENCE, False),
        (Because.NEEDS, None),
    ]
