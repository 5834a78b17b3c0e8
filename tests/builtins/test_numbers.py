"""Functions of numbers: expected values by hand."""

from __future__ import annotations

import pytest

from compiler.builtins import Resolved, resolve
from compiler.types import DURATION, INT, NUMBER, TEXT, Type, money

EUR = money("EUR")
INT_MIN = -(2**63)


def call(name: str, types: tuple[Type, ...], *arguments: object, literals: tuple[int, ...] = ()) -> object:
    resolved = resolve(name, types)
    assert isinstance(resolved, Resolved)
    return resolved.overload.bound(literals)(*arguments)


@pytest.mark.parametrize(
    ("name", "types", "arguments", "expected"),
    [
        ("min", (INT, INT, INT), (3, -1, 2), -1),
        ("max", (TEXT, TEXT), ("Z", "a"), "a"),  # by code point
        ("max", (TEXT, TEXT), ("\ud7ff", "\U0001f600"), "\U0001f600"),
        ("min", (EUR, EUR), (5, 4), 4),
        ("abs", (INT,), (-7,), 7),
        ("abs", (INT,), (INT_MIN,), None),
        ("abs", (DURATION,), (INT_MIN,), None),
        ("abs", (NUMBER,), (-0.5,), 0.5),
        ("abs", (EUR,), (-(10**37),), 10**37),
        ("round", (NUMBER,), (2.5,), 3.0),
        ("round", (NUMBER,), (-2.5,), -3.0),
        ("round", (NUMBER,), (0.49999999999999994,), 0.0),  # the double below a half
        ("round", (NUMBER,), (4503599627370497.5,), 4503599627370498.0),
        ("round", (NUMBER,), (1e300,), 1e300),
        ("round", (EUR,), (2_500_000,), 3_000_000),
        ("round", (EUR,), (-2_499_999,), -2_000_000),
        ("floor", (NUMBER,), (-0.5,), -1),
        ("floor", (NUMBER,), (9.3e18,), None),
        ("floor", (NUMBER,), (-(2.0**63),), INT_MIN),
        ("ceil", (NUMBER,), (0.2,), 1),
        ("ceil", (NUMBER,), (2.0**63,), None),
        ("remainder", (INT, INT), (-7, 3), 2),
        ("remainder", (INT, INT), (7, -3), -2),
        ("remainder", (INT, INT), (7, 0), None),
        ("remainder", (INT, INT), (INT_MIN, -1), 0),
        ("sqrt", (NUMBER,), (2.25,), 1.5),
        ("sqrt", (NUMBER,), (-1e-300,), None),
    ],
)
def test_gives(name: str, types: tuple[Type, ...], arguments: tuple[object, ...], expected: object) -> None:
    found = call(name, types, *arguments)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value", "digits", "expected"),
    [
        (NUMBER, 2.675, 2, 2.67),  # the double lies below 2.675
        (NUMBER, 0.125, 2, 0.13),
        (NUMBER, -0.125, 2, -0.13),
        (NUMBER, 1.5, 0, 2.0),
        (NUMBER, 1e-7, 6, 0.0),
        (NUMBER, 123456789.123456789, 6, 123456789.123457),
        (EUR, 1_005_000, 2, 1_010_000),
        (EUR, -1_004_999, 2, -1_000_000),
        (EUR, 1_234_567, 6, 1_234_567),
    ],
)
def test_rounds_to_digits_half_away_from_zero(
    kind: Type, value: object, digits: int, expected: object
) -> None:
    assert call("round", (kind, INT), value, literals=(digits,)) == expected


@pytest.mark.parametrize("digits", [-1, 7, 10**30])
def test_refuses_digits_that_money_does_not_have(digits: int) -> None:
    resolved = resolve("round", (NUMBER, INT))
    assert isinstance(resolved, Resolved)
    assert resolved.overload.complain(1, digits) == "the digits behind the point are 0 to 6"
    assert resolved.overload.complain(1, 6) is None
