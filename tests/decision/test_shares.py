"""Shares against the definition, which compares texts of hexadecimal digits."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256

import pytest

from compiler.decision.shares import share_test
from compiler.types import UNAVAILABLE, Value
from tests.decision.rules import program

USERS = [f"user-{number}" for number in range(2000)]


def by_definition(share: Fraction, salt: str, user: str) -> bool:
    limit = f"{share.numerator * 2**52 // share.denominator:013x}"
    return share == 1 or sha256(f"{salt}\x1f{user}".encode()).hexdigest()[:13] < limit


@pytest.mark.parametrize("share", ["1/20", "1/10", "1/1000", "333333/1000000", "0", "1"])
def test_takes_whom_the_definition_takes(share: str) -> None:
    taken = share_test(Fraction(share), "spring-26")
    assert [taken(user) for user in USERS] == [
        by_definition(Fraction(share), "spring-26", user) for user in USERS
    ]


def test_five_percent_has_the_limit_that_is_written_down() -> None:
    assert f"{Fraction(1, 20).numerator * 2**52 // 20:013x}" == "0cccccccccccc"


def test_raising_a_share_only_adds_users() -> None:
    small, large = share_test(Fraction(1, 10), "s"), share_test(Fraction(1, 5), "s")
    assert all(large(user) for user in USERS if small(user))
    assert sum(large(user) is True for user in USERS) > sum(small(user) is True for user in USERS) > 0


@pytest.mark.parametrize("user", [None, UNAVAILABLE])
def test_nobody_is_unknown(user: Value) -> None:
    assert share_test(Fraction(1), "s")(user) is None


def test_samples_a_crowd() -> None:
    from tests.decision.rules import facts

    made = program(
        'profile user { id: text key }\nlist all_users\ncrowd some = sample 10% of all_users salt "spring-26"'
    )
    for user in USERS[:200]:
        found = made.crowd("some", facts(user={"id": user}, lists={"all_users": True}))
        assert found is by_definition(Fraction(1, 10), "spring-26", user)
    assert made.crowd("some", facts(user={"id": USERS[0]})) is False
