"""Windows, horizons, aggregates and sequences."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.checked import ir
from compiler.facts import Event, Facts
from compiler.types import (
    DURATION,
    INT,
    INT_MAX,
    MISSING,
    NUMBER,
    TEXT,
    UNAVAILABLE,
    Answer,
    Type,
    Value,
)
from tests.interpret.build import (
    DAY,
    EUR,
    HERE,
    HOUR,
    MINUTE,
    NO,
    UNKNOWN,
    YES,
    aggregate,
    at,
    at_least,
    buys,
    const,
    did,
    event,
    facts,
    field,
    same,
    value,
)

NOON = at("2026-03-01 12:00")
WEEK = ir.Rolling(7 * DAY)


def bought(*times: int, **more: Any) -> Facts:
    return facts(NOON, events={"buy": tuple(event(time) for time in times)}, **more)


class TestWindows:
    @pytest.mark.parametrize(
        ("age", "counted"),
        [(0, 1), (7 * DAY - 1, 1), (7 * DAY, 0), (-1, 0)],
        ids=["now", "inside", "out", "future"],
    )
    def test_rolling_is_open_at_its_start_and_holds_now(self, age: int, counted: int) -> None:
        assert value(aggregate("count", window=WEEK), bought(NOON - age)) == counted

    def test_fixed_holds_its_start_and_not_its_end(self) -> None:
        january = ir.Fixed(at("2026-01-01"), at("2026-02-01"))
        times = [at("2026-01-01") - 1, at("2026-01-01"), at("2026-02-01") - 1, at("2026-02-01")]
        assert value(aggregate("count", window=january), bought(*times)) == 2

    def test_fixed_never_looks_beyond_now(self) -> None:
        march = ir.Fixed(at("2026-03-01"), at("2026-04-01"))
        assert value(aggregate("count", window=march), bought(NOON, NOON + 1)) == 1

    @pytest.mark.parametrize(
        ("zone", "counted"),
        [
            ("UTC", 1),  # the 1st from 00:00Z
            ("Asia/Tokyo", 2),  # now 21:00 on the 1st, which began at 15:00Z
            ("Pacific/Auckland", 0),  # UTC+13: now 01:00 on the 2nd, which began at 11:00Z
        ],
    )
    def test_today_is_the_users(self, zone: str, counted: int) -> None:
        known = bought(at("2026-02-28 16:00"), at("2026-03-01 10:00"), user={"timezone": zone})
        assert value(aggregate("count", window=ir.LocalDay()), known) == counted


class TestHorizon:
    def count(self, window: ir.Window, since: int) -> Value:
        return value(aggregate("count", window=window), bought(NOON, known_since={"buy": since}))

    def test_a_rolling_window_must_not_hold_an_instant_before_it(self) -> None:
        first = NOON - 7 * DAY + 1
        assert self.count(WEEK, first) == 1
        assert self.count(WEEK, first + 1) is UNAVAILABLE

    def test_a_fixed_one_is_known_from_its_start(self) -> None:
        start = at("2026-02-01")
        window = ir.Fixed(start, at("2026-03-02"))
        assert (self.count(window, start), self.count(window, start + 1)) == (1, UNAVAILABLE)

    def test_today_is_known_if_all_before_is_yesterdays(self) -> None:
        midnight = at("2026-03-01")
        assert (self.count(ir.LocalDay(), midnight), self.count(ir.LocalDay(), midnight + 1)) == (
            1,
            UNAVAILABLE,
        )

    def test_ever_reaches_behind_every_horizon(self) -> None:
        assert self.count(ir.Ever(), NOON) is UNAVAILABLE

    def test_an_unavailable_window_leaves_did_unknown_whatever_is_known(self) -> None:
        assert value(did(window=WEEK), bought(NOON, known_since={"buy": NOON})) is UNKNOWN
        assert value(did(), facts(events={"buy": UNAVAILABLE})) is UNKNOWN

    def test_the_second_event_must_be_known_from_the_start_of_the_window(self) -> None:
        count = aggregate("count", window=WEEK, without=ir.Without("refund", "order"))
        start = NOON - 7 * DAY
        assert value(count, bought(NOON, known_since={"refund": start + 1})) == 1
        assert value(count, bought(NOON, known_since={"refund": start + 2})) is UNAVAILABLE
        gone = facts(NOON, events={"buy": (), "refund": UNAVAILABLE})
        assert value(count, gone) is UNAVAILABLE

    def test_time_since_last(self) -> None:
        since = ir.SinceLast(DURATION, "buy", HERE)
        assert value(since, bought(NOON - 3 * HOUR, NOON - HOUR, NOON + HOUR)) == HOUR
        assert value(since, bought()) is MISSING
        assert value(since, bought(known_since={"buy": 0})) is UNAVAILABLE
        assert value(since, bought(NOON - HOUR, known_since={"buy": NOON})) == HOUR


class TestDid:
    WHERE = at_least(field("amount"), const(10))

    @pytest.mark.parametrize(
        ("amounts", "once", "twice"),
        [
            ([], NO, NO),
            ([5], NO, NO),
            ([10], YES, NO),
            ([MISSING], UNKNOWN, NO),
            ([10, MISSING], YES, UNKNOWN),
            ([MISSING, MISSING], UNKNOWN, UNKNOWN),
            ([10, 11, MISSING], YES, YES),
        ],
    )
    def test_counts_what_is_sure_and_what_may_be(
        self, amounts: list[Value], once: Answer, twice: Answer
    ) -> None:
        assert value(did(where=self.WHERE), buys(amounts)) is once
        assert value(did(where=self.WHERE, at_least=2), buys(amounts)) is twice

    def test_did_not_is_its_negation(self) -> None:
        assert value(ir.Not(did(where=self.WHERE), HERE), buys([MISSING])) is UNKNOWN


class TestAggregates:
    def of(self, function: str, values: list[Value], type: Type, result: Type | None = None) -> Value:
        return value(aggregate(function, field("amount", type), result or type), buys(values))

    def test_of_nothing(self) -> None:
        results = {name: self.of(name, [], INT) for name in ("count", "sum", "distinct")}
        assert results == {"count": 0, "sum": 0, "distinct": 0}
        for name in ("average", "min", "max", "first", "last"):
            assert self.of(name, [], INT) is MISSING

    def test_take_the_present_values(self) -> None:
        values: list[Value] = [MISSING, 4, 2, 4, MISSING]
        results = {name: self.of(name, values, INT) for name in ("count", "sum", "distinct", "min", "max")}
        assert results == {"count": 3, "sum": 10, "distinct": 2, "min": 2, "max": 4}
        assert value(aggregate("count"), buys(values)) == 5

    def test_first_and_last_take_the_event_whatever_its_field_holds(self) -> None:
        assert self.of("first", [MISSING, 4], INT) is MISSING
        assert self.of("last", [MISSING, 4], INT) == 4

    def test_events_of_one_instant_are_ordered_by_id(self) -> None:
        twins = tuple(event(NOON, id, amount=n) for n, id in enumerate(["b", "a", "c"]))
        known = facts(NOON, events={"buy": twins})
        assert value(aggregate("first", field("amount")), known) == 1
        assert value(aggregate("last", field("amount")), known) == 2

    def test_an_unknown_event_makes_all_missing(self) -> None:
        where = at_least(field("amount"), const(10))
        for function in ("count", "sum", "max", "last"):
            assert value(aggregate(function, field("amount"), where=where), buys([20, MISSING])) is MISSING

    def test_int_sums_are_exact_and_bounded_as_a_whole(self) -> None:
        assert self.of("sum", [INT_MAX, 1, -1], INT) == INT_MAX
        assert self.of("sum", [INT_MAX, 1], INT) is MISSING

    def test_averages_of_ints_are_rounded_to_six_places(self) -> None:
        assert self.of("average", [1, 1, 2], INT, NUMBER) == 1.333333
        assert self.of("average", [1, 2, 2], INT, NUMBER) == 1.666667
        assert self.of("average", [INT_MAX, INT_MAX], INT, NUMBER) == float(INT_MAX)

    def test_sums_of_numbers_are_decimal_so_that_order_cannot_matter(self) -> None:
        assert self.of("sum", [0.1] * 10, NUMBER) == 1.0  # in doubles 0.9999999999999999
        assert self.of("sum", [1e16, 1.0, -1e16], NUMBER) == 1.0
        # the double 0.0000005 is 4.99999999999999977e-7: under half a millionth
        assert self.of("sum", [0.0000005], NUMBER) == 0.0
        assert self.of("sum", [0.5000005], NUMBER) == 0.5  # 0.500000499999999969…
        assert self.of("sum", [1 / 2**7], NUMBER) == 0.007813  # 0.0078125: half a millionth, away from zero
        assert self.of("sum", [-1 / 2**7], NUMBER) == -0.007813

    def test_numbers_that_do_not_fit_decimals_are_missing(self) -> None:
        assert self.of("sum", [1e32], NUMBER) is MISSING
        assert self.of("sum", [1e32, -1e32], NUMBER) is MISSING
        assert self.of("sum", [6e31, 6e31], NUMBER) is MISSING
        assert self.of("average", [6e31, 6e31], NUMBER) is MISSING
        assert (
            self.of("average", [1e33, -1e33, 3.0], NUMBER) == 1.0
        )  # the sum has to fit, the values need not
        assert self.of("max", [1e32], NUMBER) == 1e32

    def test_money_and_durations(self) -> None:
        assert self.of("sum", [10, 25], EUR) == 35
        assert self.of("average", [1, 2], EUR) == 2  # 1.5 away from zero
        assert self.of("average", [-1, -2], EUR) == -2
        assert self.of("average", [1, 1, 2], DURATION) == 1
        assert self.of("sum", [INT_MAX, 1], DURATION) is MISSING
        assert self.of("average", [INT_MAX, INT_MAX], DURATION) == INT_MAX
        assert self.of("sum", [10**38 - 1, 1], EUR) is MISSING


class TestWithout:
    COUNT = aggregate(
        "count", where=at_least(field("amount"), const(10)), without=ir.Without("refund", "order")
    )

    def count(self, buy: tuple[int, Value, Value], *refunds: tuple[int, Value]) -> Value:
        time, amount, order = buy
        history = {
            "buy": (Event(NOON + time, "b", {"amount": amount, "order": order}),),
            "refund": tuple(
                Event(NOON + time, f"r{n}", {"order": key}) for n, (time, key) in enumerate(refunds)
            ),
        }
        return value(self.COUNT, facts(NOON, events=history))

    def test_leaves_out_what_was_undone_at_the_same_instant_or_later(self) -> None:
        assert self.count((-5, 10, "A")) == 1
        assert self.count((-5, 10, "A"), (-5, "A")) == 0
        assert self.count((-5, 10, "A"), (0, "A")) == 0
        assert self.count((-5, 10, "A"), (-6, "A")) == 1
        assert self.count((-5, 10, "A"), (1, "A")) == 1
        assert self.count((-5, 10, "A"), (-1, "B")) == 1

    def test_is_unknown_where_a_later_key_is_missing(self) -> None:
        assert self.count((-5, 10, "A"), (-1, MISSING)) is MISSING
        assert self.count((-5, 10, "A"), (-1, MISSING), (-1, "A")) == 0
        assert self.count((-5, 10, MISSING), (-1, "A")) is MISSING
        assert self.count((-5, 10, MISSING), (-6, "A")) == 1

    def test_is_joined_with_where_by_kleenes_and(self) -> None:
        assert self.count((-5, MISSING, "A"), (-1, "A")) == 0
        assert self.count((-5, 5, "A"), (-1, MISSING)) == 0
        assert self.count((-5, MISSING, "A")) is MISSING


class TestSequence:
    """`did view then buy inside 30 minutes without leave within 7 days`"""

    def says(self, *happened: tuple[str, int], wheres: bool = False, **more: Any) -> Value:
        where = at_least(field("amount"), const(1)) if wheres else None
        sequence = ir.Sequence("view", where, "buy", None, 30 * MINUTE, "leave", WEEK, HERE)
        names = {name for name, _ in happened}
        history = {
            name: tuple(Event(NOON + time, f"{name}{time}", {}) for each, time in happened if each == name)
            for name in names
        }
        return value(sequence, facts(NOON, events=history | more.pop("events", {}), **more))

    def test_then_follows_strictly_and_inside_the_time(self) -> None:
        assert self.says(("view", -HOUR), ("buy", -HOUR + 30 * MINUTE)) is YES
        assert self.says(("view", -HOUR), ("buy", -HOUR + 30 * MINUTE + 1)) is NO
        assert self.says(("view", -HOUR), ("buy", -HOUR)) is NO
        assert self.says(("view", -7 * DAY), ("buy", -7 * DAY + 1)) is NO

    def test_without_looks_behind_the_first_up_to_the_second(self) -> None:
        view, buy = ("view", -HOUR), ("buy", -HOUR + 20)
        assert self.says(view, buy, ("leave", -HOUR)) is YES
        assert self.says(view, buy, ("leave", -HOUR + 1)) is NO
        assert self.says(view, buy, ("leave", -HOUR + 20)) is NO
        assert self.says(view, buy, ("leave", -HOUR + 21)) is YES
        assert self.says(view, ("leave", -HOUR + 1), ("view", -HOUR + 2), buy) is YES

    def test_is_unknown_where_no_pair_is_sure(self) -> None:
        assert self.says(("view", -HOUR), ("buy", -HOUR + 1), wheres=True) is UNKNOWN
        assert self.says(("view", -HOUR), wheres=True) is NO

    def test_is_unknown_where_one_of_the_three_is_unavailable(self) -> None:
        pair = ("view", -HOUR), ("buy", -HOUR + 1)
        assert self.says(*pair, events={"leave": UNAVAILABLE}) is UNKNOWN
        assert self.says(*pair, known_since={"leave": NOON - DAY}) is UNKNOWN
        assert self.says(("view", -HOUR), known_since={"buy": NOON - DAY}) is UNKNOWN

    def test_both_may_be_of_one_type(self) -> None:
        twice = ir.Sequence("view", None, "view", None, MINUTE, None, WEEK, HERE)
        views = (event(NOON - 2), event(NOON - 1))
        assert value(twice, facts(NOON, events={"view": views})) is YES
        assert value(twice, facts(NOON, events={"view": views[:1]})) is NO


def test_where_sees_the_profile_beside_the_event() -> None:
    same_city = same(field("city", TEXT), ir.Attribute(TEXT, "user", "city"))
    known = facts(
        NOON, user={"city": "Rome"}, events={"buy": (event(NOON, city="Rome"), event(NOON - 1, city="Oslo"))}
    )
    assert value(aggregate("count", where=same_city), known) == 1
