"""Tests from life: what is written is read again, and comes true, by both readings of the language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from compiler.cases.from_json import checked_tests
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from compiler.cases.written import CannotWrite, Question, Writer
from compiler.checked.ir import RuleSet
from compiler.decision.program import Program
from compiler.driver import Compiled
from compiler.facts import Facts, Opened
from compiler.manifest import OfCrowds, OfDecide, OfPlan
from compiler.types import UNAVAILABLE
from dsl.format import format_file
from dsl.source import Source
from tests.agreement.people import contacted
from tests.agreement.rulesets import whole
from tests.cases.play import compiled

PEOPLE = 8


def questions(ruleset: RuleSet) -> Iterator[Question]:
    listed = {plan for decide in ruleset.decides.values() for plan in decide.plans}
    yield from (OfDecide(name) for name in ruleset.decides)
    yield from (OfPlan(name) for name in ruleset.plans if name not in listed)
    yield OfCrowds((*ruleset.crowds, *ruleset.lists))


def kept(random: Random, program: Program, facts: Facts) -> Facts:
    """As a store would tell them that kept open occurrences: some have ended, some were opened by another trigger."""
    found = [Opened(each.plan, each.occurrence.event.id) for each in program.occurrences(facts)]
    others = [
        Opened(plan.name, event.id)
        for plan in program.ruleset.plans.values()
        if plan.trigger and (events := facts.events.get(plan.trigger.event)) and events is not UNAVAILABLE
        for event in events
    ]
    known = {each for each in found if random.random() < 0.6} | {
        each for each in others if random.random() < 0.2
    }
    return replace(facts, opened=tuple(sorted(known, key=lambda each: (each.plan, each.event_id))))


def comes_true(found: Compiled, text: str) -> None:
    """By the program and by the interpreter, and it is laid out."""
    source = Source("a test", text)
    assert format_file(source) == f"{text}\n"
    checked = checked_tests(found, source)
    assert not checked.diagnostics
    (result,) = run_cases(writing(found), checked.cases, Texts([source]), oracle=True)
    assert result.passed, text


def writing(found: Compiled) -> RuleSet:
    assert found.ruleset is not None
    return found.ruleset


@pytest.mark.parametrize("block", range(4))
def test_what_is_written_comes_true(block: int) -> None:
    counted: Counter[str] = Counter()
    for seed in range(block, 24, 4):
        found, random = compiled(whole(seed)), Random(seed)
        writer = Writer(found)
        for person in range(PEOPLE):
            facts = contacted(random, writing(found))
            facts = kept(random, writer.program, facts) if person % 2 else facts
            for question in questions(writing(found)):
                counted[tell(writer, question, facts)] += 1
    assert not counted["for no reason"]
    assert counted["cannot"] < 0.15 * counted.total(), counted


def tell(writer: Writer, question: Question, facts: Facts) -> str:
    """Write it and play it; how that went."""
    try:
        written = writer.write(question, facts, 'what "they" got')
    except CannotWrite as reasons:
        return "cannot" if reasons.left_out else "for no reason"
    comes_true(writer.compiled, written.text)
    return "written"
