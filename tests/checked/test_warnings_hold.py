"""What is called never yes or never no is so for whatever facts: random rules of few words against random people."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random
from typing import Any

import pytest

from compiler import interpret
from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts
from compiler.types import UNAVAILABLE, Answer
from dsl.source import Source
from tests.interpret.build import DAY, HOUR, at
from tests.interpret.sua import touch

BASE = """
settings { timezone "Europe/Berlin"  currency EUR }
profile user { id: text key  a: int optional  t: text optional  tier: choice(low, high) optional  ok: flag optional }
event e { n: int optional }
event f { }
list staff
"""
FIRST = BASE.count("\n") + 1
NOW = at("2026-03-10 23:30")
WINDOWS = ("within 1 day", "within 3 days", "within 5 days", "within today", "ever")
LENGTHS = ("1 day", "3 days", "5 days")
ORDER = ("<", "<=", ">", ">=", "is", "is not")


def term(random: Random, crowds: list[str]) -> str:
    one, window, order = random.choice, random.choice(WINDOWS), random.choice(ORDER)
    where = one(("", "", " where n is 1", " where n > 0"))
    value = one(("time since last e", f"(time since last e otherwise {one(LENGTHS)})"))
    return one(
        (
            f"a {order} {random.randrange(4)}",
            f"{random.randrange(4)} {one(('<', '>='))} a",
            f"a {one(('in', 'not in'))} ({random.randrange(2)}, {random.randrange(2, 4)})",
            f"a {one(('is missing', 'is not missing'))}",
            f'{one(("t", "lower(t)", "upper(t)"))} {one(("is", "is not"))} "{one(("x", "X", "y"))}"',
            f"tier {one(('is', 'is not'))} {one(('low', 'high'))}",
            f"{one(('', 'not '))}{one(('ok', 'user in staff'))}",
            f"did {one(('', 'not '))}e{one(('', ' at least 2 times'))}{where} {window}",
            f"count of e{where} {window} {order} {random.randrange(4)}",
            f"{value} {one(('<', '<=', '>', '>='))} {one(LENGTHS)}",
            f"did {one('ef')} then {one('ef')} inside 1 day {window}",
            f"hour(now) {order} {one((0, 12, 23, 24))}",
            f"month(today) {order} {one((0, 3, 12, 13))}",
            f"{one(('', 'not '))}user in {one(crowds)}" if crowds else "ok",
        )
    )


@cache
def told(seed: int, word: str) -> tuple[RuleSet, dict[str, set[str]]]:
    """Crowds of a few terms joined by a word, one a line; crowd -> the codes of what is said of it."""
    random, lines, crowds = Random(seed), [], []
    for n in range(250):
        terms = [
            term(random, crowds[-5:] if word == "and" else []) for _ in range(random.choice((1, 2, 2, 3, 4)))
        ]
        lines.append(f"crowd c{n} {{ {f' {word} '.join(terms)} }}")
        crowds.append(f"c{n}")
    found = compile_ruleset([Source("rules.sua", BASE + "\n".join(lines) + "\n")])
    assert found.ruleset is not None, found.diagnostics[:3]
    codes: dict[str, set[str]] = {crowd: set() for crowd in crowds}
    for each in found.diagnostics:
        assert each.place is not None
        codes[crowds[each.place.span.line - FIRST]].add(each.code)
    return found.ruleset, codes


def somebody(random: Random) -> Facts:
    def some(*values: Any) -> Any:
        return random.choice((None, UNAVAILABLE, *values * 3))

    def events(name: str) -> tuple[Event, ...]:
        times = sorted(
            NOW - random.randrange(8 * 24) * HOUR - random.randrange(2) for _ in range(random.randrange(5))
        )
        return tuple(
            Event(time, f"{name}{at}", {"n": n} if (n := random.choice((0, 1, 2, None))) is not None else {})
            for at, time in enumerate(times)
        )

    user = {
        "id": "u",
        "a": some(0, 1, 2, 3),
        "t": some("x", "X", "y"),
        "tier": some("low", "high"),
        "ok": some(True, False),
    }
    history: dict[str, Any] = {name: UNAVAILABLE if random.random() < 0.05 else events(name) for name in "ef"}
    since = {"e": NOW - 4 * DAY} if random.random() < 0.1 else {}
    return Facts(
        NOW, user=user, events=history, known_since=since, lists={"staff": some(True, False) or False}
    )


@pytest.mark.parametrize(("word", "code", "never"), [("and", "W401", True), ("or", "W402", False)])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_warned_of_never_comes(seed: int, word: str, code: str, never: Answer) -> None:
    ruleset, codes = told(seed, word)
    blamed = [crowd for crowd, found in codes.items() if code in found]
    random, others = Random(seed), Counter[str]()
    for _ in range(100):
        answers = interpret.crowds(ruleset, somebody(random))
        assert [crowd for crowd in blamed if answers[crowd] is never] == []
        others.update(crowd for crowd, answer in answers.items() if answer is never)
    assert len(blamed) > 20
    assert len(others) > len(blamed)


CAPS = (
    "cap {} {} per day",
    "cap {} {} per week",
    "cap {} {} in any 1 day",
    "cap {} {} in any 3 days",
    "cap {} {} in any 5 days",
)


def caps(random: Random) -> list[str]:
    channels = ("push", "push tagged promo", "all", "all tagged promo", "email")
    written = [random.choice(CAPS).format(random.choice(channels), random.randrange(1, 4)) for _ in range(3)]
    return [cap + random.choice(("", " then wait")) for cap in written]


def test_a_cap_that_changes_nothing_can_go() -> None:
    random, gone = Random(1), 0
    plan = 'plan p { tagged promo  send push "x" else email "x" }\n'
    for _ in range(120):
        written = caps(random)
        found = compile_ruleset([Source("rules.sua", policy(written) + plan)])
        blamed = {
            each.place.span.line - 2 for each in found.diagnostics if each.code == "W411" and each.place
        }
        if not blamed:
            continue
        gone += 1
        kept = [cap for at, cap in enumerate(written) if at not in blamed]
        without = compile_ruleset([Source("rules.sua", policy(kept) + plan)])
        assert found.ruleset is not None and without.ruleset is not None
        for _ in range(40):
            facts = Facts(NOW, user={"id": "u"}, touches=touches(random))
            one, other = (
                interpret.contact(found.ruleset, "p", facts),
                interpret.contact(without.ruleset, "p", facts),
            )
            assert (one.verdict, one.channel, one.until) == (other.verdict, other.channel, other.until), (
                written
            )
    assert gone > 20


def policy(written: list[str]) -> str:
    return "\n".join(["policy x default {", *written, "}\n"])


def touches(random: Random) -> Any:
    times = sorted(NOW - random.randrange(7 * 24) * HOUR for _ in range(random.randrange(7)))
    return tuple(
        touch(time, "p", random.choice(("push", "email")), *random.choice(((), ("promo",)))) for time in times
    )
