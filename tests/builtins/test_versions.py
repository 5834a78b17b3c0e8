"""Versions: the examples of https://semver.org, version 2.0.0."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compiler.versions import parse_version

PRECEDENCE = [  # clause 11
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "2.0.0",
    "2.1.0",
    "2.1.1",
    "10.0.0",
]
VALID = [
    "0.0.4",
    "1.1.2-prerelease+meta",
    "1.0.0-0A.is.legal",
    "1.0.0--",
    "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
]
INVALID = [
    "",
    "1",
    "1.2",
    "v1.2.3",
    "01.1.1",
    "1.2.3-01",
    "1.2.3-",
    "1.2.3+",
    "1.2.3-a..b",
    "1.2.3.4",
    " 1.2.3",
    "1.2.3\n",
    "1.2.3-ä",
    "1.2.٣",
    "-1.0.3",
]


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(PRECEDENCE)))
def test_orders_by_precedence(lower: str, higher: str) -> None:
    a, b = parse_version(lower), parse_version(higher)
    assert a is not None
    assert b is not None
    assert a < b
    assert a != b


@pytest.mark.parametrize("text", VALID)
def test_reads(text: str) -> None:
    assert parse_version(text) is not None


@pytest.mark.parametrize("text", INVALID)
def test_refuses(text: str) -> None:
    assert parse_version(text) is None


def test_build_metadata_does_not_count() -> None:
    assert parse_version("1.0.0+a") == parse_version("1.0.0+b") == parse_version("1.0.0")


def test_identifiers_below_ten_to_any_power_order_by_value() -> None:
    low, high = parse_version("1.0.0-" + "9" * 100), parse_version("1.0.0-1" + "0" * 100)
    assert low is not None
    assert high is not None
    assert low < high


def test_what_is_longer_than_a_version_should_be_is_none() -> None:
    assert parse_version("1.0." + "1" * 252) is not None
    assert parse_version("1.0." + "1" * 253) is None
