"""Three-valued conditions, by the tables in docs/language/semantics.md."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from itertools import product

import pytest

from compiler.checked import ir
from compiler.interpret import crowd, crowds
from compiler.types import CONDITION, FLAG, SET, TEXT, UNAVAILABLE, Answer
from tests.interpret.build import (
    HERE,
    NO,
    SAYS,
    UNKNOWN,
    YES,
    at_least,
    const,
    facts,
    ruleset,
    same,
    user,
    value,
)

GONE = facts(user={"away": UNAVAILABLE})
KLEENE_AND = {YES: {YES: YES, NO: NO, UNKNOWN: UNKNOWN}, NO: {YES: NO, NO: NO, UNKNOWN: NO}}
KLEENE_AND |= {UNKNOWN: {YES: UNKNOWN, NO: NO, UNKNOWN: UNKNOWN}}
OPPOSITE = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


@pytest.mark.parametrize(("p", "q"), list(product(SAYS, repeat=2)))
def test_and_or_not_are_kleenes(p: Answer, q: Answer) -> None:
    both = ir.And((SAYS[p], SAYS[q]), HERE)
    either = ir.Or((SAYS[p], SAYS[q]), HERE)
    assert value(both) is KLEENE_AND[p][q]
    assert value(either) is OPPOSITE[KLEENE_AND[OPPOSITE[p]][OPPOSITE[q]]]
    assert value(ir.Not(SAYS[p], HERE)) is OPPOSITE[p]


@pytest.mark.parametrize("name", ["away", "not there"])
def test_comparisons_with_what_is_not_present_are_unknown(name: str) -> None:
    flag = ir.FlagIs(user(name, FLAG), HERE)
    one_of = ir.OneOf(user(name), frozenset({1, 2}), HERE)
    has = ir.Call(CONDITION, "has", (user(name, SET), const("x")), HERE)
    for condition in (at_least(user(name), const(1)), same(const(1), user(name)), flag, one_of, has):
        assert value(condition, GONE) is UNKNOWN


def test_is_missing_acts_on_missing_alone() -> None:
    def is_missing(name: str) -> object:
        return value(ir.IsMissing(user(name), HERE), facts(user={"away": UNAVAILABLE, "here": 0}))

    assert (is_missing("not there"), is_missing("here"), is_missing("away")) == (YES, NO, UNKNOWN)


def test_text_is_ordered_by_code_point() -> None:
    # U+FF5E stands before U+1F600 by code point, behind it by UTF-16 unit
    assert value(ir.Compare("<", const("\uff5e"), const("\U0001f600"), HERE)) is YES
    assert value(same(const("É"), const("E\u0301"))) is NO


def test_lists_hold_yes_no_or_unknown() -> None:
    known = facts(lists={"staff": True, "press": False, "vip": UNAVAILABLE})
    answers = {name: value(ir.InList(name, HERE), known) for name in ("staff", "press", "vip", "other")}
    assert answers == {"staff": YES, "press": NO, "vip": UNKNOWN, "other": NO}


def test_a_share_is_the_one_that_semantics_states() -> None:
    # "5 % is `0cccccccccccc`", compared as text with the first 13 hex digits
    users = [f"u{n}" for n in range(2_000)]

    def sampled(name: str) -> bool:
        return hashlib.sha256(f"global-26\x1f{name}".encode()).hexdigest()[:13] < "0cccccccccccc"

    share = ir.InShare(Fraction(5, 100), "global-26", HERE)
    answers = {name: value(share, facts(user={"id": name})) for name in users}
    assert answers == {name: sampled(name) for name in users}
    assert 50 < sum(map(bool, answers.values())) < 150


def test_a_share_is_unknown_without_a_user_and_everybody_at_100_percent() -> None:
    everybody = ir.InShare(Fraction(1), "s", HERE)
    assert value(everybody, facts(user={"id": "u1"})) is YES
    assert value(everybody) is UNKNOWN
    assert value(everybody, facts(user={"id": UNAVAILABLE})) is UNKNOWN


def test_raising_a_share_only_adds_users() -> None:
    def sample(percent: int) -> set[str]:
        share = ir.InShare(Fraction(percent, 100), "spring-26", HERE)
        return {name for name in map(str, range(1_000)) if value(share, facts(user={"id": name}))}

    assert sample(10) < sample(20) < sample(21) | sample(50)


def test_crowds_carry_unknown_and_stand_on_each_other_without_recursion() -> None:
    base = ir.Crowd("c0", "", HERE, at_least(user("age"), const(18)))
    above = [
        ir.Crowd(f"c{n}", "", HERE, ir.Not(ir.InCrowd(f"c{n - 1}", HERE), HERE)) for n in range(1, 3_000)
    ]
    rules = ruleset(crowds={each.name: each for each in (base, *above)})
    adult = facts(user={"age": 18})
    assert (crowd(rules, "c2999", adult), crowd(rules, "c2998", adult)) == (NO, YES)
    assert crowd(rules, "c2999", facts()) is UNKNOWN
    assert list(crowds(rules, adult).values()) == [YES, NO] * 1_500


def test_membership_alone_is_yes() -> None:
    assert value(same(user("tier", TEXT), const("plus")), facts(user={"tier": "plus"})) is YES
