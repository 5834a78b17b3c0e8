"""Each type's form in JSON, as docs/language/facts.md has it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.types import (
    CONDITION,
    DATE,
    DATE_MAX,
    DATE_MIN,
    DURATION,
    FLAG,
    INSTANT,
    INSTANT_MAX,
    INSTANT_MIN,
    INT,
    INT_MAX,
    INT_MIN,
    MISSING,
    NUMBER,
    SET,
    TEXT,
    TIMEZONE,
    UNAVAILABLE,
    VERSION,
    Type,
    choice,
    money,
)
from compiler.versions import parse_version
from compiler.wire.errors import FactsError
from compiler.wire.values import LARGEST_SET, LONGEST_TEXT, Slot, value_reader
from compiler.wire.writing import write_value

EUR = money("EUR")
TIER = choice("free", "plus", "pro")
RATES = {
    ("USD", "EUR"): Fraction("0.92"),
    ("EUR", "USD"): 1 / Fraction("0.92"),
    ("JPY", "EUR"): Fraction(1, 163),
}


def read(type: Type, found: object, private: bool = False) -> object:
    return value_reader(Slot(type, RATES, private))(found)


def euro(amount: object, currency: object = "EUR") -> dict[str, object]:
    return {"amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("type", "found", "value"),
    [
        (FLAG, True, True),
        (FLAG, False, False),
        (INT, 42, 42),
        (INT, INT_MAX, INT_MAX),
        (INT, INT_MIN, INT_MIN),
        (NUMBER, 0.75, 0.75),
        (NUMBER, 3, 3.0),
        (NUMBER, 2**53 + 1, 2.0**53),  # ties to even
        (NUMBER, "NaN", MISSING),
        (NUMBER, "-Infinity", MISSING),
        (NUMBER, float("nan"), MISSING),
        (NUMBER, float("inf"), MISSING),
        (NUMBER, 10**400, MISSING),
        (TEXT, "", ""),
        (TEXT, "naïve 🛒", "naïve 🛒"),
        (EUR, euro("20.00"), 20_000_000),
        (EUR, euro("-0.000001"), -1),
        (EUR, euro("9" * 32 + ".999999"), 10**38 - 1),
        (EUR, euro("100", "USD"), 92_000_000),
        (EUR, euro("1", "GBP"), MISSING),
        (EUR, euro("9" * 32, "GBP"), MISSING),
        (money("USD"), euro("9" * 32), MISSING),  # beyond 10³⁸ millionths once converted
        (TIER, "plus", "plus"),
        (TIMEZONE, "Asia/Kathmandu", "Asia/Kathmandu"),
        (INSTANT, "1970-01-01T00:00:01Z", 1_000_000),
        (INSTANT, "1970-01-01t01:00:00.5+01:00", 500_000),
        (INSTANT, "1969-12-31T23:59:59.9999999Z", -1),
        (INSTANT, "0001-01-01T00:00:00Z", INSTANT_MIN),
        (INSTANT, "9999-12-31T23:59:59.999999Z", INSTANT_MAX),
        (DATE, "1970-01-02", 1),
        (DATE, "2024-02-29", 19_782),
        (DURATION, "3600s", 3_600_000_000),
        (DURATION, "-0.25s", -250_000),
        (DURATION, "0.0000019s", 1),
        (DURATION, "9223372036854.775807s", INT_MAX),
        (VERSION, "1.10.0-rc.1+build.7", parse_version("1.10.0-rc.1")),
        (SET, [], frozenset()),
        (SET, ["b", "a"], frozenset({"a", "b"})),
    ],
)
def test_reads(type: Type, found: object, value: object) -> None:
    result = read(type, found)
    assert result == value
    assert result.__class__ is value.__class__


@pytest.mark.parametrize(
    ("type", "found", "path", "message"),
    [
        (FLAG, 1, "", "expected true or false, found the number 1"),
        (FLAG, "true", "", "expected true or false, found the text `true`"),
        (INT, True, "", "expected a whole number such as 42, found true"),
        (
            INT,
            3.0,
            "",
            "expected a whole number such as 42, found the number 3.0; a whole number has no point",
        ),
        (INT, INT_MAX + 1, "", "found the number 9223372036854775808, which is beyond 64 bits"),
        (INT, -(10**40), "", "found a huge number, which is beyond 64 bits"),
        (INT, 1e30, "", "found the number 1e+30, which is beyond 64 bits"),
        (INT, "3", "", "found the text `3`"),
        (NUMBER, True, "", "expected a number such as 0.75, found true"),
        (NUMBER, "nan", "", "found the text `nan`"),
        (TEXT, 5, "", "expected a text, found the number 5"),
        (TEXT, "a\0b", "", "found the text `a␀b`, which holds U+0000 or half of a surrogate pair"),
        (TEXT, "\udc00", "", "half of a surrogate pair"),
        (TEXT, "x" * (LONGEST_TEXT + 1), "", "of 65,537 characters; 65,536 are the most"),
        (
            EUR,
            "20.00",
            "",
            'expected money such as {"amount": "20.00", "currency": "EUR"}, found the text `20.00`',
        ),
        (EUR, {"amount": "1"}, "", "found an object"),
        (EUR, {**euro("1"), "tax": "0"}, "", "found an object"),
        (EUR, euro(20), "amount", 'expected a decimal text such as "20.00", with at most 6 decimals'),
        (EUR, euro("1.0000001"), "amount", "at most 6 decimals"),
        (EUR, euro("1e3"), "amount", "expected a decimal text"),
        (EUR, euro("٣"), "amount", "expected a decimal text"),
        (EUR, euro("9" * 33), "amount", "expected a decimal text"),
        (EUR, euro("1", "eur"), "currency", 'expected three capital letters such as "EUR"'),
        (EUR, euro("1", None), "currency", "expected three capital letters"),
        (
            TIER,
            "plsu",
            "",
            "expected one of `free`, `plus`, `pro`, found the text `plsu`; did you mean `plus`?",
        ),
        (TIER, ["plus"], "", "found an array"),
        (
            TIMEZONE,
            "Europe/Berln",
            "",
            'expected a time zone such as "Europe/Berlin", found the text `Europe/Berln`',
        ),
        (INSTANT, "2026-03-01T20:10:00", "", "expected an instant such as"),
        (INSTANT, "2026-03-01 20:10:00Z", "", "expected an instant such as"),
        (INSTANT, "2026-02-30T00:00:00Z", "", "expected an instant such as"),
        (INSTANT, "2026-03-01T24:00:00Z", "", "expected an instant such as"),
        (INSTANT, "2026-03-01T20:10:00+10:61", "", "expected an instant such as"),
        (INSTANT, "0001-01-01T00:00:00+01:00", "", "expected an instant such as"),
        (INSTANT, 1_700_000_000, "", "found the number 1700000000"),
        (DATE, "2026-3-1", "", 'expected a date such as "2026-03-01"'),
        (DATE, "20260301", "", "expected a date"),
        (DATE, "2026-W01-1", "", "expected a date"),
        (DURATION, "3600", "", 'expected a duration in seconds such as "3600s"'),
        (DURATION, "1h", "", "expected a duration"),
        (DURATION, "9223372036854.775808s", "", "expected a duration"),
        (VERSION, "1.2", "", 'expected a version such as "1.2.3"'),
        (SET, "a", "", "expected an array of distinct texts, found the text `a`"),
        (SET, ["a", "a"], "", "found an array with a text that is given twice"),
        (SET, ["a", 1], "[1]", "expected a text, found the number 1"),
        (SET, ["x"] * (LARGEST_SET + 1), "", "of 10,001; 10,000 are the most"),
    ],
)
def test_refuses(type: Type, found: object, path: str, message: str) -> None:
    with pytest.raises(FactsError) as refused:
        read(type, found)
    [error] = refused.value.errors
    assert error.path == path
    assert message in error.message


def test_tells_all_that_is_wrong_in_one_value() -> None:
    with pytest.raises(FactsError) as in_money:
        read(EUR, euro(1, 2))
    with pytest.raises(FactsError) as in_set:
        read(SET, [1, "a", None])
    assert [error.path for error in in_money.value.errors] == ["amount", "currency"]
    assert [error.path for error in in_set.value.errors] == ["[0]", "[2]"]


@pytest.mark.parametrize(
    ("type", "found"),
    [
        (INT, 4111.5),
        (TEXT, "a\0secret"),
        (TIER, "secret"),
        (SET, ["secret\0"]),
        (INSTANT, "secret"),
        (FLAG, "secret"),
    ],
)
def test_keeps_private_values_to_itself(type: Type, found: object) -> None:
    with pytest.raises(FactsError) as refused:
        read(type, found, private=True)
    assert "secret" not in str(refused.value)
    assert "4111" not in str(refused.value)


# ---- against other sources


@given(st.datetimes(timezones=st.timezones()))
def test_instants_are_those_of_datetime(local: datetime) -> None:
    offset = local.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        local = local.replace(tzinfo=timezone(timedelta(minutes=7)))  # RFC 3339 knows offsets in minutes only
    try:
        utc = local.astimezone(UTC)
    except OverflowError:
        with pytest.raises(FactsError):
            read(INSTANT, local.isoformat())
    else:
        assert read(INSTANT, local.isoformat()) == (utc - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
            microseconds=1
        )


@given(st.decimals(min_value=-(10**32) + 1, max_value=10**32 - 1, places=6), st.sampled_from(sorted(RATES)))
def test_money_is_that_of_decimal(amount: Decimal, pair: tuple[str, str]) -> None:
    have, want = pair
    rate = RATES[pair]
    with localcontext(prec=300):
        exact = amount * rate.numerator / rate.denominator
        millionths = int(exact.scaleb(6).quantize(Decimal(1), ROUND_HALF_UP))
        unchanged = int(amount.scaleb(6))
        text = format(amount, "f")
    assert read(money(have), euro(text, have)) == unchanged
    assert read(money(want), euro(text, have)) == (millionths if abs(millionths) < 10**38 else MISSING)


def test_halves_are_rounded_away_from_zero() -> None:
    half = {("XAU", "EUR"): Fraction(1, 2)}
    read_money = value_reader(Slot(EUR, half))
    assert read_money(euro("0.000001", "XAU")) == 1
    assert read_money(euro("-0.000001", "XAU")) == -1


VALUES = st.one_of(
    st.tuples(st.just(FLAG), st.booleans()),
    st.tuples(st.just(INT), st.integers(INT_MIN, INT_MAX)),
    st.tuples(st.just(NUMBER), st.floats(allow_nan=False, allow_infinity=False)),
    st.tuples(st.just(TEXT), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
    st.tuples(st.just(EUR), st.integers(-(10**38) + 1, 10**38 - 1)),
    st.tuples(st.just(TIER), st.sampled_from(TIER.options)),
    st.tuples(st.just(INSTANT), st.integers(INSTANT_MIN, INSTANT_MAX)),
    st.tuples(st.just(DATE), st.integers(DATE_MIN, DATE_MAX)),
    st.tuples(st.just(DURATION), st.integers(INT_MIN, INT_MAX)),
    st.tuples(
        st.just(VERSION),
        st.from_regex(
            r"(0|[1-9][0-9]{0,5})\.0\.(0|[1-9])(-([a-z-]{1,4}|0|[1-9][0-9])(\.x)?)?", fullmatch=True
        ).map(parse_version),
    ),
    st.tuples(st.just(SET), st.frozensets(st.text(st.characters(codec="ascii", exclude_characters="\0")))),
)


@given(VALUES)
def test_what_is_written_reads_back(typed: tuple[Type, bool | int | float | str | frozenset[str]]) -> None:
    type, value = typed
    assert read(type, write_value(type, value)) == value


@pytest.mark.parametrize(
    ("type", "value", "written"),
    [
        (EUR, 20_000_000, {"amount": "20.00", "currency": "EUR"}),
        (EUR, -125, {"amount": "-0.000125", "currency": "EUR"}),
        (INSTANT, 1_500_000, "1970-01-01T00:00:01.500000Z"),
        (DATE, DATE_MAX, "9999-12-31"),
        (DURATION, -1_500_000, "-1.500s"),
        (DURATION, 3_600_000_000, "3600s"),
        (VERSION, parse_version("1.2.3-rc.1"), "1.2.3-rc.1"),
        (SET, frozenset({"b", "a"}), ["a", "b"]),
        (EUR, MISSING, None),
        (CONDITION, None, None),
        (CONDITION, True, True),
        (INT, UNAVAILABLE, {"unavailable": True}),
    ],
)
def test_writes(type: Type, value: object, written: object) -> None:
    assert write_value(type, value) == written  # type: ignore[arg-type]


def test_days_count_from_1970() -> None:
    assert read(DATE, "2026-03-01") == (date(2026, 3, 1) - date(1970, 1, 1)).days
