"""Facts without the events that need not be kept answer like all facts, where open occurrences are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from compiler.checked.ir import RuleSet
from compiler.decision.program import Program
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Opened, Total, Touch
from compiler.manifest import Reach, Retention, retention
from compiler.shapes import place_of
from compiler.totals import Folder
from compiler.types import UNAVAILABLE, Unavailable
from dsl.source import Source
from tests.manifest.cases import entry_points, facts_of

RULES = Path(__file__).with_name("rules.sua").read_text(encoding="utf-8")
FOR_EVER = """
crowd repaid {
  sum of refund.total where coupon is "de" or total > 9 EUR ever > 9 EUR and (time since last refund) > 2 days
}
crowd carts {
  average of cart_add.price ever > 11 EUR and did cart_add at least 2 times where note is not missing ever
}
"""
"""Of types of which nothing else needs all."""


@cache
def rules() -> RuleSet:
    found = compile_ruleset([Source("rules.sua", RULES + FOR_EVER)])
    assert found.ruleset is not None, found.diagnostics
    return found.ruleset


@cache
def kept() -> Retention:
    return retention(rules())


@cache
def folders() -> Mapping[str, Folder]:
    return {name: Folder(rules(), shape) for name, shape in kept().shapes.items()}


def of(shape: str) -> str:
    return place_of(shape)[0]


def pruned(facts: Facts) -> Facts:
    """As a store would leave them: without old events, with horizons that say so, and totals of them."""
    events, known_since, totals = dict(facts.events), dict(facts.known_since), dict(facts.totals)
    for name, found in facts.events.items():
        since = kept().events.get(name, Reach()).since(facts.now)
        if found is UNAVAILABLE or since is None or all(each.time >= since for each in found):
            continue
        events[name] = tuple(each for each in found if each.time >= since)
        dropped = tuple(each for each in found if each.time < since)
        complete = Total(is_complete=name not in known_since)
        totals |= {
            shape: fold.added(complete, dropped) for shape, fold in folders().items() if of(shape) == name
        }
        known_since[name] = max(since, known_since.get(name, since))
    touches, shadow = (touches_kept(each, facts.now) for each in (facts.touches, facts.shadow))
    return replace(
        facts, events=events, known_since=known_since, totals=totals, touches=touches, shadow=shadow
    )


@cache
def program() -> Program:
    return Program(rules())


def served(facts: Facts) -> list[object]:
    """All crowds and decides, as the fast path has them."""
    return [program().crowds(facts), *(program().decide(name, facts) for name in rules().decides)]


def touches_kept(touches: tuple[Touch, ...] | Unavailable, now: int) -> tuple[Touch, ...] | Unavailable:
    since = kept().touches.since(now)
    if touches is UNAVAILABLE or since is None:
        return touches
    return tuple(
        each for each in touches if each.time >= since or {each.activity, each.campaign} & kept().touched
    )


def with_open_ones(facts: Facts) -> Facts:
    """Of every plan, all events that trigger it and have not expired."""
    plans = [plan for plan in rules().plans.values() if plan.trigger]
    opened = [
        Opened(plan.name, event.id)
        for plan in plans
        for event in events_of(facts, plan.trigger.event if plan.trigger else "")
        if plan.expires is None or facts.now < event.time + plan.expires
    ]
    return replace(facts, opened=tuple(opened))


def events_of(facts: Facts, name: str) -> tuple[Event, ...]:
    found = facts.events[name]
    return () if found is UNAVAILABLE else found


def test_only_what_needs_all_of_history_keeps_it() -> None:
    finite = {name for name, reach in kept().events.items() if reach.microseconds is not None}
    assert finite, "else the property below is about nothing"
    assert kept().touches.microseconds is not None
    assert kept().touched
    assert any(of(shape) in finite for shape in kept().shapes), "else nothing is folded"


@pytest.mark.parametrize("start", range(0, 1200, 300))
def test_pruned_facts_answer_alike(start: int) -> None:
    cases = [with_open_ones(facts_of(seed)) for seed in range(start, start + 300)]
    assert any(pruned(each) != each for each in cases)
    assert [seed for seed, each in enumerate(cases, start) if served(each) != served(pruned(each))] == []
    wrong = [
        (seed, entry)
        for seed, facts in enumerate(cases, start)
        for entry, evaluate in entry_points(rules())
        if pruned(facts) != facts and evaluate(facts) != evaluate(pruned(facts))
    ]
    assert wrong == []
