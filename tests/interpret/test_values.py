"""Arithmetic, against hand arithmetic written beside each case."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiler.checked import ir
from compiler.types import (
    DATE,
    DURATION,
    INSTANT,
    INT,
    INT_MAX,
    INT_MIN,
    MISSING,
    NUMBER,
    TEXT,
    UNAVAILABLE,
    Value,
    choice,
    money,
)
from tests.interpret.build import (
    DAY,
    EUR,
    HERE,
    HOUR,
    SAYS,
    at,
    const,
    date,
    duration,
    eur,
    facts,
    instant,
    product,
    total,
    user,
    value,
)

GONE = facts(user={"away": UNAVAILABLE})
AWAY, NOT_THERE = user("away"), user("not there")


class TestStrictness:
    def test_unavailable_wins_over_missing_whatever_the_order(self) -> None:
        assert value(total(INT, NOT_THERE, ("+", AWAY)), GONE) is UNAVAILABLE
        assert value(total(INT, AWAY, ("+", NOT_THERE)), GONE) is UNAVAILABLE
        assert value(total(INT, const(1), ("+", NOT_THERE)), GONE) is MISSING

    def test_unavailable_wins_over_an_overflow_before_it(self) -> None:
        overflow_first = total(INT, const(INT_MAX), ("+", const(1)), ("+", AWAY))
        assert value(overflow_first, GONE) is UNAVAILABLE

    def test_otherwise_acts_on_missing_alone(self) -> None:
        assert value(ir.Otherwise(INT, NOT_THERE, const(7), HERE)) == 7
        assert value(ir.Otherwise(INT, const(3), const(7), HERE)) == 3
        assert value(ir.Otherwise(INT, AWAY, const(7), HERE), GONE) is UNAVAILABLE
        assert value(ir.Otherwise(INT, NOT_THERE, AWAY, HERE), GONE) is UNAVAILABLE

    def test_pick_stops_at_the_first_unknown_arm(self) -> None:
        def pick(*answers: bool | None) -> Value:
            arms = tuple((const(n), SAYS[answer]) for n, answer in enumerate(answers))
            return value(ir.Pick(INT, arms, const(99), HERE))

        assert pick(False, True, None) == 1
        assert pick(False, None, True) is MISSING
        assert pick(False, False) == 99


class TestInt:
    def test_leaves_the_range_at_a_step_though_the_whole_would_fit(self) -> None:
        assert value(total(INT, const(INT_MAX), ("+", const(1)), ("-", const(1)))) is MISSING
        assert value(total(INT, const(INT_MAX), ("-", const(1)), ("+", const(1)))) == INT_MAX

    def test_product_and_negation_leave_the_range(self) -> None:
        assert value(product(const(2**32), ("*", const(2**31), INT))) is MISSING  # 2**63
        assert value(product(const(2**32), ("*", const(-(2**31)), INT))) == INT_MIN
        assert value(ir.Negate(INT, const(INT_MIN), HERE)) is MISSING

    def test_converts_to_the_nearest_double_ties_to_even(self) -> None:
        # 2**53 + 1 lies half way between the doubles 2**53 and 2**53 + 2
        assert value(ir.Convert(NUMBER, const(2**53 + 1), None, HERE)) == 9007199254740992.0


class TestNumber:
    def test_is_added_from_the_left(self) -> None:
        # (1e16 + 1) is 1e16 in doubles, the neighbours being 2 apart
        assert value(total(NUMBER, const(1e16), ("+", const(1.0)), ("+", const(1.0)))) == 1e16

    @pytest.mark.parametrize(
        "expr",
        [
            product(const(1.0), ("/", const(0.0), NUMBER)),
            product(const(0.0), ("/", const(0.0), NUMBER)),
            product(const(1e308), ("*", const(10.0), NUMBER)),
            total(NUMBER, const(1.7e308), ("+", const(1.7e308)), ("-", const(1.7e308))),
        ],
    )
    def test_infinity_and_division_by_zero_are_missing(self, expr: ir.Expr) -> None:
        assert value(expr) is MISSING


class TestMoney:
    @pytest.mark.parametrize(
        ("expr", "millionths"),
        [
            # 0.000001 * 0.5 = half a millionth, away from zero
            (product(eur("0.000001"), ("*", const(0.5), EUR)), 1),
            (product(eur("-0.000001"), ("*", const(0.5), EUR)), -1),
            # the double 0.1 is 0.1000000000000000055…, so 5 millionths of it are just over half a millionth
            (product(eur("0.000005"), ("*", const(0.1), EUR)), 1),
            # the double 0.7 is 0.6999999999999999556, so 5 millionths of it are just under 3.5
            (product(const(0.7), ("*", eur("0.000005"), EUR)), 3),
            (product(eur("1"), ("/", const(3.0), EUR)), 333_333),
            (product(eur("1"), ("/", const(-8.0), EUR)), -125_000),
            # two steps are rounded twice: 1 millionth / 2 -> 1, * 2 -> 2
            (product(eur("0.000001"), ("/", const(2.0), EUR), ("*", const(2.0), EUR)), 2),
        ],
    )
    def test_by_a_number_is_rounded_once_a_step(self, expr: ir.Expr, millionths: int) -> None:
        assert value(expr) == millionths

    def test_by_money_is_a_number(self) -> None:
        # 10 / 3 correctly rounded is the double nearest to 3.333…
        assert value(product(eur("10"), ("/", eur("3"), NUMBER))) == 10 / 3
        assert value(product(eur("10"), ("/", eur("0"), NUMBER))) is MISSING
        assert value(product(eur("10"), ("/", const(0.0), EUR))) is MISSING

    def test_of_ten_to_the_38_millionths_is_missing(self) -> None:
        most = ir.Const(EUR, 10**38 - 1)
        one = ir.Const(EUR, 1)
        assert value(total(EUR, most, ("+", one))) is MISSING
        assert value(total(EUR, most, ("-", one))) == 10**38 - 2

    def test_converts_by_the_exact_rate(self) -> None:
        def in_euro(millionths: int, rate: Fraction | None) -> Value:
            return value(ir.Convert(EUR, ir.Const(money("USD"), millionths), rate, HERE))

        assert in_euro(1_000_000, Fraction(92, 100)) == 920_000
        assert in_euro(25, Fraction(1, 50)) == 1  # half a millionth, away from zero
        assert in_euro(-25, Fraction(1, 50)) == -1
        assert in_euro(1_000_000, None) is MISSING


class TestTime:
    def test_durations_leave_the_range_as_ints_do(self) -> None:
        assert value(total(DURATION, duration(INT_MAX), ("+", duration(1)))) is MISSING
        assert value(product(duration(3), ("*", const(0.5), DURATION))) == 2  # 1.5 away from zero

    def test_instants(self) -> None:
        noon = instant("2026-03-01 12:00")
        assert value(total(INSTANT, noon, ("-", duration(DAY)))) == at("2026-02-28 12:00")
        assert value(total(DURATION, noon, ("-", instant("2026-03-01 09:00")))) == 3 * HOUR
        assert value(total(INSTANT, instant("9999-12-31 23:00"), ("+", duration(HOUR)))) is MISSING

    def test_dates_move_by_whole_days_towards_zero(self) -> None:
        first = date("2026-03-01")
        assert value(total(DATE, first, ("+", duration(47 * HOUR)))) == at("2026-03-02") // DAY
        assert value(total(DATE, first, ("-", duration(47 * HOUR)))) == at("2026-02-28") // DAY
        assert value(total(DATE, first, ("+", duration(-47 * HOUR)))) == at("2026-02-28") // DAY
        assert value(total(DURATION, first, ("-", date("2026-02-01")))) == 28 * DAY
        assert value(total(DATE, date("9999-12-31"), ("+", duration(DAY)))) is MISSING


def test_choices_and_zones_keep_their_characters() -> None:
    assert value(ir.Convert(TEXT, const("plus", choice("free", "plus")), None, HERE)) == "plus"


def test_a_chain_of_a_hundred_thousand_terms_does_not_recurse() -> None:
    ones = [("+", const(1))] * 99_999
    assert value(total(INT, const(1), *ones)) == 100_000
