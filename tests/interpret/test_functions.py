"""The builtin functions, against their definitions."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from compiler.checked import ir
from compiler.interpret import crowd
from compiler.interpret.functions import KNOWN
from compiler.types import (
    CONDITION,
    DATE,
    DURATION,
    INT,
    INT_MAX,
    INT_MIN,
    MISSING,
    NUMBER,
    SET,
    TEXT,
    UNAVAILABLE,
    VERSION,
    Kind,
    Type,
    Value,
)
from tests.interpret.build import (
    DAY,
    EUR,
    HERE,
    HOUR,
    NO,
    UNKNOWN,
    YES,
    at,
    call,
    const,
    date,
    duration,
    eur,
    facts,
    instant,
    user,
    value,
)
from tests.interpret.sua import rules


def of(function: str, *arguments: Any, type: Type = CONDITION) -> Value:
    """The function on constants: Python values, or IR."""
    return value(call(function, *(a if isinstance(a, ir.Expr) else const(a) for a in arguments), type=type))


class TestText:
    @pytest.mark.parametrize(
        ("function", "arguments", "result"),
        [
            ("lower", ["ÄSTE"], "äste"),
            ("upper", ["straße"], "STRASSE"),
            ("trim", ["\u00a0 a b\u2003\n"], "a b"),
            ("length", ["a😀é"], 3),
            ("concat", ["a", "", "b"], "ab"),
            ("replace", ["aaa", "aa", "b"], "ba"),
            ("replace", ["abc", "", "x"], "abc"),
        ],
    )
    def test_makes(self, function: str, arguments: list[str], result: Value) -> None:
        assert of(function, *arguments, type=INT if function == "length" else TEXT) == result

    def test_conditions(self) -> None:
        assert of("starts_with", "abc", "ab") is YES
        assert of("ends_with", "abc", "ab") is NO
        assert of("contains", "abc", "bc") is YES
        assert of("contains", "abc", "BC") is NO

    def test_results_are_bounded(self) -> None:
        half = "x" * 2**19
        assert of("concat", half, half, type=TEXT) == half * 2
        assert of("concat", half, half, "x", type=TEXT) is MISSING
        assert of("replace", half, "x", "xxx", type=TEXT) is MISSING

    def test_matches_searches_as_re2_does(self) -> None:
        assert of("matches", "order 123 paid", r"\d+") is YES
        assert of("matches", "order 123 paid", r"^\d+$") is NO
        assert of("matches", "٣", r"\d") is NO  # RE2's \d is ASCII; Python's is not
        assert of("matches", "a" * 5_000, r"(a|a)*b") is NO  # exponential where an engine backtracks

    def test_are_strict(self) -> None:
        away = call("concat", user("not there", TEXT), user("away", TEXT), type=TEXT)
        assert value(away, facts(user={"away": UNAVAILABLE})) is UNAVAILABLE
        assert of("lower", user("not there", TEXT), type=TEXT) is MISSING
        assert of("contains", "abc", user("not there", TEXT)) is UNKNOWN


class TestNumbers:
    def test_extremes(self) -> None:
        assert of("min", 3, 1, 2, type=INT) == 1
        assert of("max", eur("1"), eur("2.5"), type=EUR) == 2_500_000
        assert of("max", "Z", "a", type=TEXT) == "a"
        assert of("min", 3, user("not there"), type=INT) is MISSING

    def test_absolute(self) -> None:
        assert of("abs", -3, type=INT) == 3
        assert of("abs", INT_MIN, type=INT) is MISSING
        assert of("abs", -2.5, type=NUMBER) == 2.5
        assert of("abs", duration(INT_MIN), type=DURATION) is MISSING

    @pytest.mark.parametrize(
        ("arguments", "result"),
        [
            ([2.5], 3.0),
            ([-2.5], -3.0),
            ([0.49999999999999994], 0.0),  # the double below one half
            ([2.675, 2], 2.67),  # the double is 2.67499999999999982236431605997495353221893310546875
            ([0.125, 2], 0.13),  # exact, so a tie
            ([1e300, 6], 1e300),
        ],
    )
    def test_round_goes_by_the_exact_value(self, arguments: list[Any], result: float) -> None:
        assert of("round", *arguments, type=NUMBER) == result

    def test_rounds_money(self) -> None:
        assert of("round", eur("2.50"), type=EUR) == 3_000_000
        assert of("round", eur("-2.50"), type=EUR) == -3_000_000
        assert of("round", eur("1.005"), 2, type=EUR) == 1_010_000
        assert of("round", eur("1.004999"), 2, type=EUR) == 1_000_000
        assert of("round", eur("1.004999"), 6, type=EUR) == 1_004_999

    def test_amount_is_the_nearest_double(self) -> None:
        assert of("amount", eur("-20.5"), type=NUMBER) == -20.5
        assert of("amount", eur("0.1"), type=NUMBER) == 0.1

    def test_floor_and_ceil_have_64_bits(self) -> None:
        assert (of("floor", -1.5, type=INT), of("ceil", -1.5, type=INT)) == (-2, -1)
        assert of("floor", 2.0**63, type=INT) is MISSING
        assert of("ceil", -(2.0**63), type=INT) == INT_MIN

    def test_remainder_has_the_sign_of_the_divisor(self) -> None:
        assert [of("remainder", a, b, type=INT) for a, b in ((7, 3), (-7, 3), (7, -3))] == [1, 2, -2]
        assert of("remainder", 7, 0, type=INT) is MISSING
        assert of("remainder", INT_MIN, -1, type=INT) == 0
        assert of("remainder", INT_MAX, 10, type=INT) == 7

    def test_square_root(self) -> None:
        assert of("sqrt", 2.0, type=NUMBER) == math.sqrt(2)
        assert of("sqrt", -1.0, type=NUMBER) is MISSING


class TestTime:
    def test_of_dates(self) -> None:
        leap = date("2024-02-29")
        assert [of(part, leap, type=INT) for part in ("year", "month", "day")] == [2024, 2, 29]
        assert of("weekday", leap, type=TEXT) == "thursday"
        assert of("weekday", ir.Const(DATE, 0), type=TEXT) == "thursday"  # 1970-01-01

    def test_of_instants_in_the_users_zone(self) -> None:
        def there(part: str, zone: str, type: Type = INT) -> Value:
            return value(call(part, instant("2026-02-28 20:30"), type=type), facts(user={"timezone": zone}))

        assert [there(part, "Asia/Kolkata") for part in ("month", "day", "hour", "minute")] == [3, 1, 2, 0]
        assert there("weekday", "Asia/Kolkata", TEXT) == "sunday"
        assert there("date", "Asia/Kolkata", DATE) == at("2026-03-01") // DAY
        assert there("hour", "America/New_York") == 15
        assert there("hour", "No/Where") == 20  # the settings' zone, UTC

    def test_of_instants_whose_local_date_is_beyond_the_calendar(self) -> None:
        last = call("year", instant("9999-12-31 23:00"), type=INT)
        assert value(last, facts(user={"timezone": "Asia/Tokyo"})) is MISSING
        assert value(last) == 9999

    def test_of_durations_towards_zero(self) -> None:
        assert of("days", duration(-47 * HOUR), type=INT) == -1
        assert of("hours", duration(2 * HOUR - 1), type=INT) == 1

    def test_today_and_now(self) -> None:
        late = facts(at("2026-03-01 22:00"), user={"timezone": "Asia/Tokyo"})
        assert value(ir.LocalDate(), late) == at("2026-03-02") // DAY
        assert value(ir.Now(), late) == at("2026-03-01 22:00")


class TestVersions:
    # the order of SemVer 2.0.0, clause 11, and numbers in between
    ORDER = (
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.9.0",
        "1.10.0",
    )

    def version(self, text: str) -> ir.Expr:
        return call("version", const(text), type=VERSION)

    def test_are_ordered_by_precedence(self) -> None:
        for lower, higher in zip(self.ORDER, self.ORDER[1:], strict=False):
            assert value(ir.Compare("<", self.version(lower), self.version(higher), HERE)) is YES

    def test_build_metadata_does_not_count(self) -> None:
        assert value(ir.Equal(self.version("1.0.0+a"), self.version("1.0.0+b"), HERE)) is YES

    @pytest.mark.parametrize("text", ["1.0", "v1.0.0", "01.0.0", "1.0.0-01", "1.0.0-", ""])
    def test_what_is_none_is_missing(self, text: str) -> None:
        assert value(self.version(text)) is MISSING


class TestNetworks:
    @pytest.mark.parametrize(
        ("address", "networks", "answer"),
        [
            ("10.1.2.3", ["10.0.0.0/8"], YES),
            ("11.1.2.3", ["10.0.0.0/8", "11.1.2.3"], YES),
            ("11.1.2.4", ["10.0.0.0/8", "11.1.2.3"], NO),
            ("2001:db8::1", ["2001:db8::/32"], YES),
            ("2001:db9::1", ["10.0.0.0/8", "2001:db8::/32"], NO),
            ("::ffff:10.1.2.3", ["10.0.0.0/8"], YES),
            ("10.1.2", ["10.0.0.0/8"], UNKNOWN),
            ("", ["10.0.0.0/8"], UNKNOWN),
        ],
    )
    def test_hold(self, address: str, networks: list[str], answer: Value) -> None:
        assert of("in_network", address, *networks) is answer


def test_sets() -> None:
    tags = const(frozenset({"a", "b"}))
    assert (of("has", tags, "a"), of("has", tags, "c")) == (YES, NO)
    assert (of("has_any", tags, "c", "a"), of("has_any", tags, "c", "d")) == (YES, NO)
    assert (of("has_all", tags, "a", "b"), of("has_all", tags, "a", "c")) == (YES, NO)
    assert of("size", tags, type=INT) == 2
    assert of("has", ir.Attribute(SET, "user", "not there"), "a") is UNKNOWN
    assert of("has_any", tags, "a", user("not there", TEXT)) is UNKNOWN


PAGE = Path(__file__).parents[2] / "docs" / "language" / "functions.md"
ROWS = [
    line.strip("| ").split(" | ")
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line[:3] == "| `"
]


@pytest.mark.parametrize("example", [row[-1].strip("`") for row in ROWS])
def test_the_examples_of_the_page_hold(example: str) -> None:
    profile = "profile user { id: text key  country: text optional  interests: set(text) optional }"
    text = f'settings {{ timezone "Europe/Berlin" }} {profile} crowd c {{ {example} }}'
    known = facts(user={"interests": frozenset({"ski", "sun"})})
    assert crowd(rules(text), "c", known) is YES


@pytest.mark.parametrize("signature", [each for row in ROWS for each in re.findall(r"`(\w+\(\w+)", row[0])])
def test_every_function_of_the_page_is_known(signature: str) -> None:
    name, first = signature.split("(")
    assert (name, Kind(first)) in KNOWN
