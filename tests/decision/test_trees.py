"""What all trees share: definitions in chains of any length, one computation each, many threads."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from compiler.checked.ir import (
    And,
    Attribute,
    Const,
    Crowd,
    Equal,
    Expr,
    FlagIs,
    InCrowd,
    LetRef,
    Not,
    Or,
    Sum,
)
from compiler.decision.context import Context
from compiler.decision.crowds import INDEXED_FROM
from compiler.decision.program import Program, compile_program, condition, plan_scope, value
from compiler.types import FLAG, INT
from dsl.source import Span
from tests.decision.rules import DECLARATIONS, facts, program

HERE = Span(1, 1, 1, 1)
FLAGGED = FlagIs(Attribute(FLAG, "user", "f"), HERE)


def with_crowds(conditions: dict[str, Expr]) -> Program:
    crowds = {name: Crowd(name, "", HERE, expr) for name, expr in conditions.items()}
    return compile_program(replace(program(DECLARATIONS).ruleset, crowds=crowds))


def test_chains_of_crowds_longer_than_pythons_stack() -> None:
    chain: dict[str, Expr] = {"c0": FLAGGED}
    for number in range(1, 5001):
        chain[f"c{number}"] = Not(And((InCrowd(f"c{number - 1}", HERE), FLAGGED), HERE), HERE)
    made = with_crowds(chain)
    for number in (1, 2, 4999, 5000):
        assert made.crowd(f"c{number}", facts(user={"f": True})) is (number % 2 == 0)
        assert made.crowd(f"c{number}", facts()) is None
    assert made.crowds(facts(user={"f": True}))["c5000"] is True
    top = InCrowd("c5000", HERE)
    assert made.evaluate(top, facts(user={"f": True})) is True


def test_a_deep_expression_on_top_of_a_long_chain() -> None:
    deep: Expr = FLAGGED
    for _ in range(200):  # twice what the language allows
        deep = Not(deep, HERE)
    chain: dict[str, Expr] = {"c0": deep}
    for number in range(1, 60):
        nested: Expr = InCrowd(f"c{number - 1}", HERE)
        for _ in range(100):
            nested = Not(nested, HERE)
        chain[f"c{number}"] = nested
    assert with_crowds(chain).crowd("c59", facts(user={"f": True})) is True


def test_flat_chains_do_not_nest() -> None:
    """However many terms there are, the last is as deep in the stack as the first."""
    depths: list[int] = []

    class Watched(dict[str, bool]):
        def get(self, *arguments: object) -> object:  # type: ignore[override]
            depths.append(len(inspect.stack(0)))
            return True

    terms = tuple(Not(Not(FLAGGED, HERE), HERE) for _ in range(2_000))
    made = with_crowds({"all": And(terms, HERE), "any": Or(tuple(Not(term, HERE) for term in terms), HERE)})
    known = facts(user=Watched())
    assert (made.crowd("all", known), made.crowd("any", known)) == (True, False)
    assert len(depths) == 4_000
    assert max(depths) - min(depths) == 1  # the one more `not` of the second


def test_lets_that_stand_on_each_other() -> None:
    made = program(f'{DECLARATIONS}\nplan p {{ send push "x" }}').ruleset
    plan = made.plans["p"]
    one: Expr = Const(INT, 1)
    lets = [("l0", one)] + [
        (f"l{number}", Sum(INT, (LetRef(INT, f"l{number - 1}"), one), ("+",), HERE))
        for number in range(1, 3000)
    ]
    plan = replace(plan, lets=tuple(lets), terms={"priority": LetRef(INT, "l2999")})
    built = compile_program(replace(made, plans={"p": plan}))
    scope = plan_scope(plan, built.trees)
    assert scope.kept_entry("term priority")(Context(facts())) == 3000


def test_a_score_may_need_a_crowd_that_needs_a_score() -> None:
    made = program(
        f"{DECLARATIONS}\n"
        "crowd a { low.score >= 1 }\n"
        "score high { add 2 points when user in a }\n"
        "score low { add 1 points when user.f }\n"
        "crowd b { high.score >= 2 }\n"
    )
    assert dict(made.crowds(facts(user={"f": True}))) == {"a": True, "b": True}


@pytest.mark.parametrize("crowds", [INDEXED_FROM - 1, 4 * INDEXED_FROM])
def test_threads_ask_one_program(crowds: int) -> None:
    """Trees of single crowds are not made beforehand where there is an index."""
    text = "".join(
        f"crowd c{n} {{ count of view within {n + 1} days >= 1 and user.f }}\n" for n in range(crowds)
    )
    made = compile_program(program(f"{DECLARATIONS}\n{text}").ruleset)

    def ask(number: int) -> object:
        known = facts(user={"f": number % 2 == 0}, events={"view": ()})
        return made.crowd(f"c{number % crowds}", known), made.evaluate(InCrowd("c1", HERE), known)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(2000))) == {(False, False)}


def test_conditions_and_values_for_others_contexts() -> None:
    made = program(f"{DECLARATIONS}\ncrowd c {{ user.i is 3 }}")
    context = Context(facts(user={"i": 3}))
    assert condition(InCrowd("c", HERE), made)(context) is True
    compared = made.ruleset.crowds["c"].condition
    assert isinstance(compared, Equal)
    assert value(compared.left, made)(context) == 3
