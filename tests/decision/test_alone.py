"""A crowd asked alone, as a function that was put together for it: what the interpreter says, and nothing of the user's
becomes code."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from types import FunctionType

import pytest

from compiler import interpret
from compiler.checked.ir import And, Attribute, Compare, Const, Crowd, Equal, Expr, FlagIs, Not, OneOf, Or
from compiler.decision.alone import LEVELS, TESTS
from compiler.decision.program import Program, compile_program
from compiler.facts import Facts
from compiler.types import FLAG, TEXT, UNAVAILABLE, VERSION, Value
from compiler.versions import parse_version
from dsl.source import Span
from tests.decision.rules import DAY, DECLARATIONS, NOW, events, facts, program

HERE = Span(1, 1, 1, 1)


def asked(condition: str) -> Program:
    return program(f"{DECLARATIONS}\ncrowd d {{ user.i > 2 }}\ncrowd c {{ {condition} }}")


def built(condition: Expr) -> Program:
    crowds = {"c": Crowd("c", "", HERE, condition)}
    return compile_program(replace(program(DECLARATIONS).ruleset, crowds=crowds))


def people() -> list[Facts]:
    """Everybody who has a value, another, none or an unavailable one of each of these."""
    histories: list[object] = [(), events(NOW - DAY, NOW, price=30), UNAVAILABLE]
    states: dict[str, list[Value]] = {
        "i": [1, 3, None, UNAVAILABLE],
        "f": [True, False, None, UNAVAILABLE],
        "t": ["a", "b", None, UNAVAILABLE],
    }
    drawn = [dict(zip(states, values, strict=True)) for values in product(*states.values())]
    return [facts(user=user, events={"view": history}) for user in drawn for history in histories]


@pytest.mark.parametrize(
    "condition",
    [
        "user.i >= 2",
        "not user.i >= 2",
        "user.i is 3",
        "user.f and user.i < 3",
        "not user.f or user.i > 2",
        'user.t in ("a", "c") and not user.f',
        'not user.t in ("a", "c") or user.i is not 1',
        "user.i is missing or user.f",
        "not (user.i is missing) and user.f",
        'user.f and (user.i > 2 or user.t is "a")',
        'user.f or (user.i > 2 and user.t is "a")',
        'not (user.f and (user.i > 2 or not (user.t is "a" or user.i is 1)))',
        "count of view within 7 days >= 2 and user.f",
        "user.f or did not view within 12 hours",
        "user.f and count of view where price > user.m within 7 days >= 1",
        "(user.f or user in d) and (user in d or user.t is missing)",
        "user in d",
        "(user.i otherwise 7) > 5 and user.t >= user.t",
    ],
)
def test_answers_as_the_interpreter_does(condition: str) -> None:
    made = asked(condition)
    for known in people():
        expected = interpret.crowds(made.ruleset, known)["c"]
        assert made.crowd("c", known) is expected, known


def test_versions() -> None:
    app, old, new = Attribute(VERSION, "user", "app"), parse_version("1.9.0"), parse_version("1.10.0")
    assert old is not None and new is not None
    later = Compare(">=", app, Const(VERSION, new), HERE)
    made = built(And((later, Not(OneOf(app, frozenset({(2, 0, 0, (1,))}), HERE), HERE)), HERE))
    answers = [made.crowd("c", facts(user={"app": each})) for each in (old, new, (2, 0, 0, (1,)), None)]
    assert answers == [False, True, False, None]


HOSTILE = "') or __import__('os').system('false') or ('\"\\\n\0"


def test_what_the_user_wrote_is_data() -> None:
    """Whatever a name or a literal holds, the function reads `facts.user`, calls `user.get` and knows no builtin."""
    texts = [HOSTILE, "value", "whole_0", "user", "é\U0001f600", "\ud800"]
    for text in texts:
        made = built(Equal(Attribute(TEXT, "user", text), Const(TEXT, text), HERE))
        test = made.test("c")
        assert isinstance(test, FunctionType)
        assert set(test.__code__.co_names) <= {"user", "get"}
        assert test.__globals__ == {"__builtins__": {}}
        answers = [test(facts(user=user)) for user in ({text: text}, {text: ""}, {})]
        assert answers == [True, False, None]


def flag(name: str) -> Expr:
    return FlagIs(Attribute(FLAG, "user", name), HERE)


@pytest.mark.parametrize("length", [TESTS - 1, TESTS, TESTS + 1, 5_000])
def test_chains_of_any_length(length: int) -> None:
    terms = tuple(flag(f"f{number}") for number in range(length))
    user = {f"f{number}": True for number in range(length - 1)}
    every, some = built(And(terms, HERE)), built(Or(tuple(Not(term, HERE) for term in terms), HERE))
    for last, answer in ((True, True), (False, False), (None, None)):
        known = facts(user={**user, f"f{length - 1}": last})
        assert every.crowd("c", known) is answer
        assert some.crowd("c", known) is (None if answer is None else not answer)


@pytest.mark.parametrize("depth", [1, LEVELS - 1, LEVELS, LEVELS + 1, 40])
def test_chains_inside_each_other(depth: int) -> None:
    condition = flag("f0")
    for level in range(1, depth):
        chain = And if level % 2 else Or
        condition = Not(chain((flag(f"f{level}"), condition), HERE), HERE)
    made = built(condition)
    for state in (True, False, None):
        others = {f"f{level}": level % 2 == 1 for level in range(1, depth)}  # they leave it to the innermost
        expected = state if state is None or depth % 2 else not state
        assert made.crowd("c", facts(user={"f0": state, **others})) is expected


def test_a_test_is_made_once() -> None:
    made = asked("user.i > 2")
    assert made.test("c") is made.test("c")
    with pytest.raises(KeyError):
        made.test("nobody")
