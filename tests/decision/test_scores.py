"""Scores and grades: expected totals by hand."""

from __future__ import annotations

import pytest

from compiler.types import INT_MAX, UNAVAILABLE, Value
from tests.decision.rules import DECLARATIONS, facts, program

INTS = f"""{DECLARATIONS}
score lead {{
  add 30 points when user.f
  take user.i points when user.g
  add 5 points
  grade A from 30, B from 5, C below
}}
crowd good {{ lead.score >= 30 }}
crowd best {{ lead.grade is A }}
"""
NUMBERS = f"""{DECLARATIONS}
score s {{
  add user.n points
  add user.k points when user.f
}}
"""


@pytest.mark.parametrize(
    ("user", "total", "grade"),
    [
        ({"f": True, "g": False}, 35, "A"),
        ({"f": False, "g": False}, 5, "B"),
        ({"f": False, "g": True, "i": 1}, 4, "C"),
        ({"f": True, "g": True, "i": 5}, 30, "A"),
        ({"f": None, "g": False}, None, None),
        ({"f": UNAVAILABLE, "g": False}, None, None),  # an unknown condition, whatever it is unknown of
        ({"f": True, "g": False, "i": None}, 35, "A"),
        ({"f": True, "g": False, "i": UNAVAILABLE}, 35, "A"),
        ({"f": True, "g": True, "i": None}, None, None),
        ({"f": True, "g": True, "i": UNAVAILABLE}, UNAVAILABLE, UNAVAILABLE),
        ({"f": True, "g": None, "i": UNAVAILABLE}, UNAVAILABLE, UNAVAILABLE),
        ({"f": None, "g": True, "i": UNAVAILABLE}, UNAVAILABLE, UNAVAILABLE),
        ({"f": False, "g": True, "i": -INT_MAX}, None, None),
        ({"f": False, "g": True, "i": -INT_MAX + 5}, INT_MAX, "A"),
        ({"f": True, "g": True, "i": -INT_MAX}, None, None),  # 30 + INT_MAX overflows at that line
        ({"f": False, "g": True, "i": -(2**63)}, None, None),
    ],
)
def test_of_ints(user: dict[str, Value], total: Value, grade: Value) -> None:
    made, known = program(INTS), facts(user=user)
    assert made.score("lead", known) == total
    assert made.grade("lead", known) == grade
    known_total = None if total in (None, UNAVAILABLE) else total
    assert made.crowd("good", known) is (None if known_total is None else known_total >= 30)  # type: ignore[operator]
    assert made.crowd("best", known) is (None if known_total is None else grade == "A")


@pytest.mark.parametrize(
    ("user", "total"),
    [
        ({"n": 0.1, "k": 0.2, "f": True}, 0.30000000000000004),
        ({"n": 1e308, "k": 1e308, "f": True}, None),
        ({"n": 0.5, "f": False}, 0.5),
    ],
)
def test_of_numbers(user: dict[str, Value], total: Value) -> None:
    made = program(NUMBERS)
    assert made.score("s", facts(user=user)) == total


def test_without_grades_there_is_none_to_ask_for() -> None:
    with pytest.raises(KeyError):
        program(NUMBERS).grade("s", facts())
