"""Values and arithmetic: expected values by hand, from docs/language/semantics.md."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import inf, nextafter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.decision.aggregates import micros
from compiler.decision.arithmetic import STEPS
from compiler.types import INT_MAX, INT_MIN, UNAVAILABLE, Kind, Value
from tests.decision.rules import DAY, HOUR, NOW, at, facts, value

EUR = 1_000_000


def test_no_money_by_a_debt_is_a_zero_without_a_sign() -> None:
    """The exact quotient is 0, and the double next to it is the positive one."""
    assert repr(value("user.m / (user.m - 1 EUR)", m=0)) == "0.0"


@pytest.mark.parametrize(
    ("expression", "user", "expected"),
    [
        ("user.i + user.j", {"i": 2, "j": 3}, 5),
        ("user.i + user.j", {"i": INT_MAX, "j": 1}, None),
        ("user.i + user.j - user.j", {"i": INT_MAX, "j": 1}, None),  # a step left the range
        ("user.i - user.j + user.j", {"i": INT_MIN + 1, "j": 1}, INT_MIN + 1),
        ("user.i * user.j", {"i": 2**32, "j": 2**31}, None),
        ("user.i * user.j", {"i": -(2**32), "j": 2**31}, INT_MIN),
        ("0 - user.i", {"i": INT_MIN}, None),
        ("user.i / user.j", {"i": 1, "j": 3}, 1 / 3),
        ("user.i / user.j", {"i": 1, "j": 0}, None),
        ("user.i + user.n", {"i": 1, "n": 0.5}, 1.5),
        ("user.i + user.n", {"i": 2**53 + 1, "n": 0.0}, 9007199254740992.0),  # ties to even
        ("user.n * user.n", {"n": 1e200}, None),
        ("user.n * user.n / user.n", {"n": 1e200}, None),
        ("user.n + user.k", {"n": 0.1, "k": 0.2}, 0.30000000000000004),
        ("user.n / user.k", {"n": 0.0, "k": 0.0}, None),
        ("user.m + user.m", {"m": 5}, 10),
        ("user.m * user.n", {"m": 1, "n": 0.5}, 1),  # half a millionth goes away from zero
        ("user.m * user.n", {"m": -1, "n": 0.5}, -1),
        ("user.n * user.m", {"m": 3 * EUR, "n": 0.1}, 300_000),
        ("user.m * user.n", {"m": 10**36, "n": 100.0}, None),
        ("user.m * user.n", {"m": 10**36, "n": 99.0}, 99 * 10**36),
        ("user.m / user.n", {"m": 10, "n": -4.0}, -3),
        ("user.m / user.n", {"m": 10, "n": 0.0}, None),
        ("user.m / user.m", {"m": 7}, 1.0),
        ("user.m / 3 EUR", {"m": 2 * EUR}, 2 / 3),
        ("user.m / user.m", {"m": 0}, None),
        ("user.gap * user.n", {"gap": 3, "n": 1.5}, 5),
        ("user.gap + user.gap", {"gap": 2**62}, None),
        ("user.gap / user.gap", {"gap": HOUR}, 1.0),
        ("user.since + 2 hours", {"since": NOW}, NOW + 2 * HOUR),
        ("user.since - user.since", {"since": NOW}, 0),
        ("now - user.since", {"since": NOW - DAY}, DAY),
        ("user.since - 365000 days", {"since": at("2000-01-01 00:00")}, at("2000-01-01 00:00") - 365_000 * DAY),
        ("user.since - 365000 days", {"since": at("1000-01-01 00:00")}, None),  # before the year 1
        ("user.born + 47 hours", {"born": 10}, 11),
        ("user.born - 47 hours", {"born": 10}, 9),
        ("user.born + user.gap", {"born": 10, "gap": -47 * HOUR}, 9),
        ("user.born - user.born", {"born": 10}, 0),
        ("today - user.born", {"born": 20_513 - 3}, 3 * DAY),
        ("user.born + 365000 days + 365000 days + 365000 days + 365000 days + 365000 days + 365000 days"
         " + 365000 days + 365000 days + 365000 days", {"born": 0}, None),
        ("user.i otherwise 7", {"i": None}, 7),
        ("user.i otherwise 7", {"i": 0}, 0),
        ("user.i otherwise 7", {"i": UNAVAILABLE}, UNAVAILABLE),
        ("user.i + user.j", {"i": None, "j": UNAVAILABLE}, UNAVAILABLE),
        ("user.i + user.j", {"i": UNAVAILABLE, "j": None}, UNAVAILABLE),
        ("user.i + user.j + user.i", {"i": INT_MAX, "j": None}, None),
        ("user.n * user.n * user.k", {"n": 1e200, "k": UNAVAILABLE}, UNAVAILABLE),
        ("min(user.i, user.j)", {"i": UNAVAILABLE, "j": None}, UNAVAILABLE),
        ("lower(user.tier)", {"tier": "plus"}, "plus"),
        ("pick 1 when user.f, 2 when user.g, else 3", {"f": True}, 1),
        ("pick 1 when user.f, 2 when user.g, else 3", {"f": False, "g": True}, 2),
        ("pick 1 when user.f, 2 when user.g, else 3", {"f": False, "g": False}, 3),
        ("pick 1 when user.f, 2 when user.g, else 3", {"f": False}, None),
        ("pick 1 when user.f, 2 when user.g, else 3", {"f": UNAVAILABLE, "g": True}, None),
        ("pick user.i when user.f, else 3", {"f": True, "i": UNAVAILABLE}, UNAVAILABLE),
    ],
)  # fmt: skip
def test_gives(expression: str, user: dict[str, Value], expected: Value) -> None:
    found = value(expression, **user)
    assert found == expected
    assert type(found) is type(expected)


def test_today_is_the_users_day_and_that_of_the_settings_without_a_known_zone() -> None:
    late = at("2026-03-01 23:30")
    assert value("today", facts(late, user={"zone": "Asia/Tokyo"})) == 20_514  # 2026-03-02
    for zone in ("Not/Known", None, UNAVAILABLE):
        assert value("today", facts(late, user={"zone": zone})) == 20_513


def test_money_is_exchanged_at_the_declared_rate() -> None:
    assert value("user.m + user.usd", m=0, usd=1_000_001) == 920_001  # 920000.92
    assert value("user.m + user.usd", m=0, usd=-1) == -1


def half_up(exact: Fraction) -> int:
    """Half away from zero, by the decimal module."""
    with localcontext() as context:
        context.prec = 1000
        quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
        return int(quotient.to_integral_value(ROUND_HALF_UP))


doubles = st.floats(allow_nan=False, allow_infinity=False)
amounts = st.integers(-(10**38) + 1, 10**38 - 1)


@given(st.floats(min_value=-1e30, max_value=1e30) | st.floats(min_value=-20, max_value=20))
@example(0.0000005)
@example(1.0000005)
@example(-2.5e-6)
@example(8796093.0222075)
@example(1e303)
@example(nextafter(2.5e-6, inf))
def test_millionths_are_rounded_from_the_exact_value(double: float) -> None:
    assert micros(double) == half_up(Fraction(double) * 1_000_000)


@given(amounts, doubles)
def test_money_times_a_number_is_rounded_once(amount: int, factor: float) -> None:
    exact = Fraction(amount) * Fraction(factor)
    expected = half_up(exact) if abs(exact) < 10**40 else None
    if expected is not None and abs(expected) >= 10**38:
        expected = None
    assert STEPS["*", Kind.MONEY, Kind.NUMBER](amount, factor) == expected


@given(amounts, doubles.filter(lambda double: abs(double) > 1e-40))
def test_money_over_a_number_is_rounded_once(amount: int, divisor: float) -> None:
    expected: int | None = half_up(Fraction(amount) / Fraction(divisor))
    if expected is not None and abs(expected) >= 10**38:
        expected = None
    assert STEPS["/", Kind.MONEY, Kind.NUMBER](amount, divisor) == expected
