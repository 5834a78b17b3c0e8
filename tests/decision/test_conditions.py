"""Conditions by Kleene's tables: every combination, against the tables written as minimum and maximum."""

from __future__ import annotations

from itertools import product

import pytest

from compiler.types import UNAVAILABLE, Value
from tests.decision.rules import answer, facts

ORDER = [False, None, True]
"""`and` is the least of its terms in this order, `or` the greatest."""
FLAGS: list[Value] = [True, False, None, UNAVAILABLE]


def said(flag: Value) -> bool | None:
    return None if flag is UNAVAILABLE else flag  # type: ignore[return-value]


@pytest.mark.parametrize(("f", "g"), list(product(FLAGS, FLAGS)))
@pytest.mark.parametrize("padding", ["", "0 + "])
def test_and_or_not(f: Value, g: Value, padding: str) -> None:
    """The second form of the terms is one that the compiler does not sort into its lists of attributes."""
    terms = ("user.f", "user.g") if not padding else ("(not not user.f)", "(not not user.g)")
    both, either = sorted((said(f), said(g)), key=ORDER.index)
    assert answer(" and ".join(terms), f=f, g=g) is both
    assert answer(" or ".join(terms), f=f, g=g) is either
    assert answer(f"not ({' and '.join(terms)})", f=f, g=g) is {True: False, False: True, None: None}[both]


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("user.i >= 5", {4: False, 5: True, 6: True}),
        ("user.i > 5", {4: False, 5: False, 6: True}),
        ("user.i <= 5", {4: True, 5: True, 6: False}),
        ("user.i < 5", {4: True, 5: False, 6: False}),
        ("user.i is 5", {4: False, 5: True}),
        ("user.i in (5, 7)", {4: False, 5: True, 6: False, 7: True}),
        ("5 < user.i", {5: False, 6: True}),
    ],
)
@pytest.mark.parametrize(
    "shape", ["{}", "{} and user.f", "not ({} and user.f)", "{} or user.g", "not not {}"]
)
def test_compares_alone_and_in_chains(condition: str, values: dict[Value, bool], shape: str) -> None:
    for known, expected in values.items():
        found = answer(shape.format(condition), i=known, f=True, g=False)
        assert found is (not expected if shape.startswith("not (") else expected)
    for absent in (None, UNAVAILABLE):
        assert answer(shape.format(condition), i=absent, f=True, g=False) is None
        assert answer(f"{condition} and user.f", i=absent, f=False) is False
        assert answer(f"{condition} or user.f", i=absent, f=True) is True


@pytest.mark.parametrize(
    ("condition", "attribute", "values"),
    [
        ("user.n > 0.5", "n", {0.5: False, 0.5000000000000001: True}),
        ("user.n < 0", "n", {-0.0: False, -5e-324: True}),
        ("user.n > 0", "n", {0.0: False, 5e-324: True}),
        ("user.t > \"b\"", "t", {"b": False, "b\0": True, "a": False}),
        ("user.t < \"b\"", "t", {"b": False, "": True}),
        ("user.t >= \"b\"", "t", {"b": True, "B": False}),
        ("user.t is \"é\"", "t", {"é": True, "e\u0301": False}),
        ("user.m > 1 EUR", "m", {1_000_000: False, 1_000_001: True}),
        ("user.gap < 1 hour", "gap", {3_600_000_000: False, 3_599_999_999: True}),
        ("user.tier is plus", "tier", {"plus": True, "free": False}),
        ("user.app >= version(\"1.10.0\")", "app", {(1, 9, 9, (1,)): False, (1, 10, 0, (1,)): True}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["{}", "{} and user.f", "not (not {} or user.g)"])
def test_compares_every_ordered_type(
    condition: str, attribute: str, values: dict[Value, bool], shape: str
) -> None:
    for known, expected in values.items():
        assert answer(shape.format(condition), **{attribute: known}, f=True, g=False) is expected


@pytest.mark.parametrize("absent", [None, UNAVAILABLE])
def test_functions_of_type_condition_are_unknown_without_their_arguments(absent: Value) -> None:
    assert answer('starts_with(user.t, "a")', t=absent) is None
    assert answer("contains(user.t, user.u)", t="a", u=absent) is None
    assert answer('in_network(user.t, "10.0.0.0/8")', t="no address") is None


def test_is_missing() -> None:
    assert answer("user.i is missing") is True
    assert answer("user.i is missing", i=0) is False
    assert answer("user.i is missing", i=UNAVAILABLE) is None
    assert answer("user.i + user.j is missing", i=1, j=None) is True


def test_lists() -> None:
    assert answer("user in vip", facts(lists={"vip": True})) is True
    assert answer("user in vip", facts(lists={"vip": False})) is False
    assert answer("user in vip", facts()) is False
    assert answer("user in vip", facts(lists={"vip": UNAVAILABLE})) is None


def test_inputs_are_apart_from_attributes() -> None:
    assert answer('page is "home"', facts(input={"page": "home"})) is True
    assert answer('page is "home"', facts(user={"page": "home"})) is None
