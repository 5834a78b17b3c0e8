"""Windows, horizons and `did`: expected answers by hand; sequences and correlation against their definitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.facts import Event, Facts
from compiler.types import UNAVAILABLE, Answer, Value
from tests.decision.rules import (
    DAY,
    DECLARATIONS,
    HOUR,
    MINUTE,
    NOW,
    answer,
    at,
    events,
    facts,
    program,
    touch,
    value,
)

WEEK = 7 * DAY


def viewed(*times: int, **parts: object) -> Facts:
    return facts(events={"view": events(*times)}, **parts)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (NOW, 1),
        (NOW + 1, 0),
        (NOW - WEEK, 0),
        (NOW - WEEK + 1, 1),
    ],
)
def test_a_rolling_window_begins_after_its_start_and_ends_now(time: int, expected: int) -> None:
    for known in (viewed(time), viewed(time, NOW - 100 * DAY), viewed(time, NOW + DAY)):
        assert value("count of view within 7 days", known) == expected
        assert answer("did view within 7 days", known) is bool(expected)
        assert value("count of view where price is missing within 7 days", known) == expected
        assert answer("did view where price is missing within 7 days", known) is bool(expected)


def test_today_is_the_local_day() -> None:
    tokyo = {"zone": "Asia/Tokyo"}  # now is 21:00 there; the day began at 15:00 UTC the day before
    start = at("2026-03-01 00:00", "Asia/Tokyo")
    known = viewed(start - 1, start, NOW, NOW + 1, user=tokyo)
    assert value("count of view within today", known) == 2
    assert value("count of view within today", viewed(start - 1, start, NOW)) == 1


def test_today_has_a_hole_where_clocks_went_back_over_midnight() -> None:
    """In Goose Bay on 2010-11-07 they did at 00:01: the first minute of the day was followed by an hour of the 6th."""
    zone = {"zone": "America/Goose_Bay"}
    first_minute = at("2010-11-07 03:00")  # 00:00 at UTC-3
    back = at("2010-11-07 03:01")  # 23:01 of the 6th at UTC-4
    midnight = at("2010-11-07 04:00")
    assert value("count of view within today", facts(midnight, user=zone, events={
        "view": events(first_minute, back, midnight - 1, midnight)
    })) == 2  # fmt: skip
    assert value("count of view within today", facts(midnight - 1, user=zone, events={
        "view": events(first_minute, back, midnight - 1)
    })) == 2  # fmt: skip


def test_fixed_and_unlimited_windows() -> None:
    start, end = at("2026-02-01 00:00"), at("2026-02-04 00:00")
    known = viewed(start - 1, start, end - 1, end, NOW + 1)
    assert value("count of view from 2026-02-01 to 2026-02-03", known) == 2
    assert value("count of view from 2026-02-01 to 2026-04-03", known) == 3  # never beyond now
    assert value("count of view from 2026-01-31 to 2026-02-03 23:59", known) == 2
    assert value("count of view ever", known) == 4


@pytest.mark.parametrize(
    ("window", "first_known", "zone"),
    [
        ("within 7 days", NOW - WEEK + 1, "UTC"),
        ("within today", at("2026-03-01 00:00"), "UTC"),
        ("within today", at("2026-03-01 00:00", "Asia/Tokyo"), "Asia/Tokyo"),
        ("from 2026-02-01 to 2026-02-03", at("2026-02-01 00:00"), "UTC"),
    ],
)
def test_a_window_before_the_horizon_is_unavailable(window: str, first_known: int, zone: str) -> None:
    """The horizon may lie at the window's first instant, not after it."""
    for known in (events(NOW), ()):
        parts = {"events": {"view": known}, "user": {"zone": zone}}
        reaching = facts(**parts, known_since={"view": first_known + 1})
        complete = facts(**parts, known_since={"view": first_known})
        assert value(f"count of view {window}", reaching) is UNAVAILABLE
        assert answer(f"did view {window}", reaching) is None
        assert answer(f"did view then order inside 1 hour {window}", reaching) is None
        assert answer(f"did order then view inside 1 hour {window}", reaching) is None
        assert answer(f"did order then order inside 1 hour without view {window}", reaching) is None
        assert value(f"count of order without view with same sku {window}", reaching) is UNAVAILABLE
        expected = 0 if window.startswith("from") else len(known)
        assert value(f"count of view {window}", complete) == expected
        assert value(f"count of order without view with same sku {window}", complete) == 0


def test_ever_is_unavailable_with_any_horizon() -> None:
    assert value("count of view ever", viewed(NOW, known_since={"view": 0})) is UNAVAILABLE
    assert answer("did view ever", viewed(NOW, known_since={"view": 0})) is None


def test_events_unavailable_as_a_whole() -> None:
    gone = facts(events={"view": UNAVAILABLE})
    for window in ("within 7 days", "within today", "ever", "from 2026-02-01 to 2026-02-03"):
        assert value(f"count of view {window}", gone) is UNAVAILABLE
        assert answer(f"did not view {window}", gone) is None
    assert value("time since last view", gone) is UNAVAILABLE


def test_time_since_last() -> None:
    assert value("time since last view", viewed(NOW - HOUR, NOW - MINUTE, NOW + 1)) == MINUTE
    assert value("time since last view", viewed(NOW + 1)) is None
    assert value("time since last view", viewed(known_since={"view": 0})) is UNAVAILABLE
    assert value("time since last view", viewed(NOW, known_since={"view": NOW})) == 0


def priced(*prices: Value) -> Facts:
    made = [Event(NOW - index, f"e{index}", {"price": price}) for index, price in enumerate(prices)]
    return facts(events={"view": tuple(reversed(made))})


CHEAP, DEAR = 1_000_000, 9_000_000


@pytest.mark.parametrize(
    ("prices", "least", "expected"),
    [
        ((DEAR,), 1, True),
        ((CHEAP,), 1, False),
        ((CHEAP, None), 1, None),
        ((DEAR, None), 1, True),
        ((DEAR, None), 2, None),
        ((DEAR, CHEAP, None), 3, False),
        ((), 1, False),
        ((DEAR, DEAR), 2, True),
        ((None, None), 2, None),
    ],
)
def test_did_counts_with_unknown_events(prices: tuple[Value, ...], least: int, expected: Answer) -> None:
    text = f"view at least {least} times where price > 5 EUR within 7 days"
    assert answer(f"did {text}", priced(*prices)) is expected
    opposite = {True: False, False: True, None: None}
    assert answer(f"not did {text}", priced(*prices)) is opposite[expected]


def test_an_unknown_event_makes_aggregates_missing() -> None:
    for function in ("count of view", "sum of view.price", "last of view.price", "distinct of view.sku"):
        assert value(f"{function} where price > 5 EUR within 7 days", priced(None)) is None
        assert value(f"{function} where price > 5 EUR within 7 days", priced(CHEAP)) in (0, None)


def test_where_sees_the_user_and_other_aggregates() -> None:
    known = priced(DEAR, CHEAP)
    assert value("count of view where price > user.m within 7 days", priced(DEAR, CHEAP)) is None
    known = facts(events=known.events, user={"m": 2_000_000})
    assert value("count of view where price > user.m within 7 days", known) == 1


# ---- keyed correlation and sequences, against their definitions

KEYS = st.sampled_from(["a", "b", None])
MOMENTS = st.integers(-8, 1)
"""Hours from now; those after now do not exist."""


def histories(fields: st.SearchStrategy[Value] = KEYS) -> st.SearchStrategy[tuple[Event, ...]]:
    def made(drawn: list[tuple[int, Value]]) -> tuple[Event, ...]:
        times = sorted((NOW + hour * HOUR, index, sku) for index, (hour, sku) in enumerate(drawn))
        return tuple(Event(time, f"{index:02}", {"sku": sku}) for time, index, sku in times)

    return st.lists(st.tuples(MOMENTS, fields), max_size=6).map(made)


def lowest(answers: list[Answer]) -> Answer:
    return min(answers, key=[False, None, True].index, default=True)


def highest(answers: list[Answer]) -> Answer:
    return max(answers, key=[False, None, True].index, default=False)


def negated(said: Answer) -> Answer:
    return None if said is None else not said


def same(a: Event, b: Event) -> Answer:
    x, y = a.fields["sku"], b.fields["sku"]
    return None if x is None or y is None else x == y


def is_a(event: Event) -> Answer:
    return None if event.fields["sku"] is None else event.fields["sku"] == "a"


@given(histories(), histories(), st.booleans())
def test_without_with_same(views: tuple[Event, ...], refunds: tuple[Event, ...], filtered: bool) -> None:
    where = 'where sku is "a" ' if filtered else ""
    known = facts(events={"view": views, "refund": refunds})
    kept: list[Answer] = []
    for event in views:
        if NOW - 5 * HOUR < event.time <= NOW:
            later = [refund for refund in refunds if event.time <= refund.time <= NOW]
            returned = highest([same(event, refund) for refund in later])
            kept.append(lowest([is_a(event) if filtered else True, negated(returned)]))
    expected = None if None in kept else kept.count(True)
    assert value(f"count of view {where}without refund with same sku within 5 hours", known) == expected


@given(histories(), histories(), histories(), st.booleans(), st.booleans(), st.integers(1, 4))
def test_sequences(
    views: tuple[Event, ...],
    orders: tuple[Event, ...],
    refunds: tuple[Event, ...],
    filtered: bool,
    broken: bool,
    inside: int,
) -> None:
    where = 'where sku is "a" ' if filtered else ""
    without = "without refund " if broken else ""
    known = facts(events={"view": views, "order": orders, "refund": refunds})

    def taken(history: tuple[Event, ...]) -> list[Event]:
        return [event for event in history if NOW - 6 * HOUR < event.time <= NOW]

    pairs: list[Answer] = []
    for x in taken(views):
        for y in taken(orders):
            if x.time < y.time <= x.time + inside * HOUR:
                between = any(x.time < z.time <= y.time for z in refunds)
                firsts = is_a(x) if filtered else True
                pairs.append(lowest([firsts, is_a(y) if filtered else True, not (broken and between)]))
    text = f"did view {where}then order {where}inside {inside} hours {without}within 6 hours"
    assert answer(text, known) is highest(pairs)


@given(histories(), st.integers(1, 4))
def test_a_sequence_of_one_type(views: tuple[Event, ...], inside: int) -> None:
    known = facts(events={"view": views})
    times = [event.time for event in views if event.time <= NOW]
    expected = any(x < y <= x + inside * HOUR for x in times for y in times)
    assert answer(f"did view then view inside {inside} hours ever", known) is expected


def test_equal_aggregates_are_computed_once_for_all_rules() -> None:
    """Counted by how often the history is asked for."""

    class Counting(dict[str, tuple[Event, ...]]):
        asked = 0

        def get(self, *arguments: object) -> object:  # type: ignore[override]
            Counting.asked += 1
            return super().get(*arguments)  # type: ignore[call-overload]

    made = program(
        f"{DECLARATIONS}\n"
        "crowd a { count of view where price > 1 EUR within 7 days >= 1 }\n"
        "crowd b { user.f and count of view where price > 1 EUR within 7 days >= 2 }\n"
        "crowd c { user in a or user in b or count of view where price > 1 EUR within 8 days >= 2 }\n"
    )
    known = facts(user={"f": True}, events=Counting(view=()))
    assert dict(made.crowds(known)) == {"a": False, "b": False, "c": False}
    assert Counting.asked == 2  # within 7 days, within 8 days
    assert made.crowd("c", known) is False


def test_touches_are_no_events() -> None:
    assert value("count of view ever", facts(touches=(touch(NOW),))) == 0
