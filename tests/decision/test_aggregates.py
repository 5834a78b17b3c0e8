"""Aggregates: the rounding of sums and averages by hand, and against exact fractions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.facts import Event, Facts
from compiler.types import INT_MAX, INT_MIN, Value
from tests.decision.rules import NOW, facts, value


def viewed(field: str, *values: Value) -> Facts:
    """Views whose field has these values, in the order of time."""
    made = (Event(NOW - len(values) + index, f"e{index}", {field: each}) for index, each in enumerate(values))
    return facts(events={"view": tuple(made)})


@pytest.mark.parametrize(
    ("aggregate", "field", "values", "expected"),
    [
        ("count of view", "sku", ("a", None, "a"), 3),
        ("count of view.sku", "sku", ("a", None, "a"), 2),
        ("distinct of view.sku", "sku", ("a", None, "a", "b"), 2),
        ("distinct of view.n", "n", (0.0, -0.0, 1.0), 2),
        ("first of view.sku", "sku", (None, "a"), None),
        ("first of view.sku", "sku", ("b", "a"), "b"),
        ("last of view.sku", "sku", ("b", "a"), "a"),
        ("last of view.sku", "sku", ("b", None), None),
        ("last of view.sku", "sku", (), None),
        ("min of view.price", "price", (None, 5, 3), 3),
        ("max of view.price", "price", (None, 5, 3), 5),
        ("max of view.sku", "sku", ("Z", "a", "é"), "é"),
        ("min of view.sku", "sku", (None,), None),
        ("sum of view.i", "i", (), 0),
        ("sum of view.i", "i", (INT_MAX, 1, -1), INT_MAX),
        ("sum of view.i", "i", (INT_MAX, 1), None),
        ("sum of view.i", "i", (INT_MIN, None), INT_MIN),
        ("sum of view.price", "price", (5, None, -7), -2),
        ("sum of view.price", "price", (10**38 - 1, 1), None),
        ("sum of view.gap", "gap", (INT_MAX, 1), None),
        ("sum of view.n", "n", (), 0.0),
        ("sum of view.n", "n", (0.1, 0.2), 0.3),  # not 0.30000000000000004
        ("sum of view.n", "n", (1e16, 1.0, -1e16), 1.0),
        ("sum of view.n", "n", (0.0000004, 0.0000004), 0.0),
        ("sum of view.n", "n", (0.0000005,), 0.0),  # the double lies below
        ("sum of view.n", "n", (0.0000035,), 0.000003),  # below, too
        ("sum of view.n", "n", (0.0000025,), 0.000003),  # above
        ("sum of view.n", "n", (1e32,), None),  # 10**38 millionths
        ("sum of view.n", "n", (1e32, -1e32), None),
        ("sum of view.n", "n", (9e31, -9e31), 0.0),
        ("sum of view.n", "n", (9e31, 9e31), None),
        ("average of view.i", "i", (1, 2), 1.5),
        ("average of view.i", "i", (1, 1, 2), 1.333333),
        ("average of view.i", "i", (-1, -1, 0), -0.666667),
        ("average of view.i", "i", (INT_MAX, INT_MAX), float(INT_MAX)),
        ("average of view.i", "i", (None,), None),
        ("average of view.n", "n", (0.000001, 0.000002), 0.000002),  # 1.5 millionths
        ("average of view.n", "n", (-0.000001, -0.000002), -0.000002),
        ("average of view.n", "n", (1e32,), None),
        ("average of view.n", "n", (1e32, -1e32, 3.0), 1.0),
        ("average of view.price", "price", (1, 2), 2),
        ("average of view.price", "price", (-1, -2), -2),
        ("average of view.price", "price", (10**38 - 1, 1), None),
        ("average of view.gap", "gap", (INT_MAX, INT_MAX - 1), INT_MAX),
        ("average of view.gap", "gap", (), None),
    ],
)  # fmt: skip
def test_gives(aggregate: str, field: str, values: tuple[Value, ...], expected: Value) -> None:
    found = value(f"{aggregate} within 7 days", viewed(field, *values))
    assert found == expected
    assert type(found) is type(expected)


def rounded(exact: Fraction) -> Fraction:
    """To millionths, half away from zero, by the decimal module."""
    with localcontext() as context:
        context.prec = 500
        quotient = Decimal(exact.numerator) * 10**6 / Decimal(exact.denominator)
        return Fraction(quotient.to_integral_value(ROUND_HALF_UP)) / 10**6


@given(st.lists(st.floats(-1e20, 1e20) | st.floats(-3, 3) | st.none(), max_size=8))
def test_numbers_are_added_as_decimals(values: list[float | None]) -> None:
    known = viewed("n", *values)
    there = [rounded(Fraction(each)) for each in values if each is not None]
    assert value("sum of view.n within 7 days", known) == float(sum(there, Fraction(0)))
    average = float(rounded(sum(there) / len(there))) if there else None
    assert value("average of view.n within 7 days", known) == average
    backwards = viewed("n", *reversed(values))
    assert value("sum of view.n within 7 days", backwards) == value("sum of view.n within 7 days", known)


@pytest.mark.parametrize("without", ["", "without refund with same sku "])
def test_a_filter_and_a_correlation_choose_what_is_folded(without: str) -> None:
    views = tuple(
        Event(NOW - 10 + index, f"v{index}", {"sku": sku, "i": number})
        for index, (sku, number) in enumerate([("a", 1), ("b", 2), ("c", 4), ("a", 8)])
    )
    refunds = (Event(NOW - 8, "r0", {"sku": "a"}), Event(NOW - 9, "r1", {"sku": "c"}))
    known = facts(events={"view": views, "refund": tuple(sorted(refunds, key=lambda event: event.time))})
    # a@-10 is refunded at -8; c@-8 was "refunded" at -9, before it; a@-7 is not
    expected = 2 + 4 + 8 if without else 15
    assert value(f"sum of view.i {without}within 7 days", known) == expected
    assert value(f'sum of view.i where sku is "a" {without}within 7 days', known) == (8 if without else 9)
    assert value(f"first of view.i {without}within 7 days", known) == (2 if without else 1)
