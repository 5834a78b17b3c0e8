"""Scores and grades."""

from __future__ import annotations

from typing import Any

import pytest

from compiler import interpret
from compiler.checked import ir
from compiler.types import INT, INT_MAX, INT_MIN, MISSING, NUMBER, UNAVAILABLE, Answer, Type, Value
from tests.interpret.build import HERE, NO, SAYS, UNKNOWN, YES, const, facts, ruleset, user

BANDS = (ir.Band("A", 60), ir.Band("B", 30), ir.Band("C", None))
GONE = facts(user={"away": UNAVAILABLE})
AWAY, NOT_THERE = user("away"), user("not there")


def judged(*lines: tuple[int, ir.Expr, Answer], type: Type = INT) -> tuple[Value, Value]:
    """Total and grade of a score with lines of (sign, points, answer of `when`)."""
    made = tuple(ir.ScoreLine(sign, points, SAYS[answer], HERE) for sign, points, answer in lines)
    rules = ruleset(scores={"s": ir.Score("s", "", HERE, type, made, BANDS)})
    return interpret.score(rules, "s", GONE), interpret.grade(rules, "s", GONE)


@pytest.mark.parametrize(("points", "grade"), [(60, "A"), (59, "B"), (30, "B"), (29, "C"), (-1, "C")])
def test_the_first_band_that_the_total_reaches(points: int, grade: str) -> None:
    assert judged((1, const(points), YES)) == (points, grade)


def test_lines_that_count_are_added_and_taken() -> None:
    assert judged((1, const(50), YES), (-1, const(25), YES), (1, const(99), NO)) == (25, "C")
    assert judged() == (0, "C")
    assert judged((1, const(0.1), YES), (1, const(0.2), YES), type=NUMBER) == (0.1 + 0.2, "C")


def test_an_unknown_when_is_never_the_lowest_grade() -> None:
    assert judged((1, const(50), YES), (1, const(1), UNKNOWN)) == (MISSING, MISSING)


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ([(1, NOT_THERE, YES)], MISSING),
        ([(1, AWAY, YES), (1, NOT_THERE, YES)], UNAVAILABLE),
        ([(1, NOT_THERE, YES), (1, AWAY, UNKNOWN)], UNAVAILABLE),
        ([(1, const(1), UNKNOWN), (1, AWAY, YES)], UNAVAILABLE),
        ([(1, NOT_THERE, NO), (1, AWAY, NO), (1, const(7), YES)], 7),
    ],
)
def test_absent_points_matter_unless_their_when_is_no(lines: list[Any], total: Value) -> None:
    assert judged(*lines)[0] == total


def test_each_total_of_ints_has_64_bits() -> None:
    assert judged((1, const(INT_MAX), YES), (1, const(1), YES), (-1, const(1), YES))[0] is MISSING
    assert judged((-1, const(1), YES), (-1, const(INT_MIN), YES))[0] == INT_MAX  # -1 + 2**63
    assert judged((-1, const(INT_MIN), YES))[0] is MISSING


def test_a_score_may_stand_on_crowds_and_scores() -> None:
    line = ir.ScoreLine(1, const(10), ir.InCrowd("c", HERE), HERE)
    base = ir.Score("base", "", HERE, INT, (line,), BANDS)
    crowd = ir.Crowd("c", "", HERE, SAYS[YES])
    doubled = ir.ScoreLine(1, ir.ScoreRef(INT, "base"), None, HERE)
    whole = ir.Score("whole", "", HERE, INT, (doubled, doubled, doubled), BANDS)
    rules = ruleset(crowds={"c": crowd}, scores={"base": base, "whole": whole})
    assert (interpret.score(rules, "whole", facts()), interpret.grade(rules, "whole", facts())) == (30, "B")
