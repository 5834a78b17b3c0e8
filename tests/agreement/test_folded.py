"""Events that were folded into totals count as if they were there, to the bit, by both readings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest

from compiler import interpret
from compiler.checked import ir
from compiler.checked.invariants import expressions
from compiler.checked.ir import RuleSet
from compiler.decision.crowds import Indexed
from compiler.decision.program import Program, compile_program
from compiler.facts import Event, Facts, Total
from compiler.shapes import Shape, shape_of
from compiler.types import UNAVAILABLE
from tests.agreement.compare import compiled
from tests.agreement.expressions import NUMERIC, ORDERED, Writer
from tests.agreement.folded import Folding
from tests.agreement.people import person
from tests.agreement.rulesets import settings
from tests.agreement.schema import DECLARATIONS, EVENTS

RULES, PEOPLE = 60, 12
LOOKS = (ir.Aggregate, ir.Did, ir.SinceLast)
DAY = 86_400_000_000


class ForEver(Writer):
    """Writes rules that look back for ever."""

    def window(self) -> str:
        return "ever"

    def looks(self) -> str:
        """A condition on one aggregate, of any function and field that there is."""
        event = self.random.choice(list(EVENTS))
        name, type = self.random.choice(list(EVENTS[event].items()))
        functions = ["count", "first", "last", *(("min", "max") if type in ORDERED else ())]
        functions += ("sum", "average") if type in NUMERIC else ()
        return f"({self.random.choice(functions)} of {event}.{name}{self.where(event)} ever) is not missing"


@cache
def ruleset(seed: int) -> RuleSet:
    random = Random(seed)
    writer = ForEver(random)
    conditions = [writer.looks() if number % 2 else writer.condition(1) for number in range(RULES)]
    crowds = [f"crowd c{number} {{ {condition} }}" for number, condition in enumerate(conditions)]
    return compiled("\n".join([settings(random), DECLARATIONS, *crowds]))


def shaped(rules: RuleSet) -> dict[ir.Expr, Shape]:
    """What a total may take the place of events for."""
    found = [
        part
        for crowd in rules.crowds.values()
        for root in expressions(crowd)
        for part in ir.subexpressions(root)
        if isinstance(part, LOOKS)
    ]
    return {part: shape for part in found if (shape := shape_of(rules, part)) is not None}


def looks_at_shapes_alone(crowd: ir.Crowd, shapes: dict[ir.Expr, Shape]) -> bool:
    parts = ir.subexpressions(crowd.condition)
    return not any(isinstance(part, (*LOOKS, ir.Sequence)) and part not in shapes for part in parts)


def folding(rules: RuleSet, shapes: dict[ir.Expr, Shape]) -> Folding:
    return Folding(rules, {shape.name: shape for shape in shapes.values()})


def same(one: Any, other: Any) -> bool:
    """Equal, of one type, and zero of one sign."""
    return repr(one) == repr(other)


@pytest.mark.parametrize("seed", range(12))
def test_answers_before_and_after_folding_are_the_same(seed: int) -> None:
    rules = ruleset(seed)
    program, shapes, random = compile_program(rules), shaped(rules), Random(seed)
    store, index = folding(rules, shapes), Indexed(rules, program.trees)
    whole = [crowd.name for crowd in rules.crowds.values() if looks_at_shapes_alone(crowd, shapes)]
    assert len(shapes) > 20
    assert whole
    folds = 0
    for _ in range(PEOPLE):
        facts = person(random, rules.settings.zone)
        folded = store.folded(random, facts)
        restored = store.restored(random, folded, known(facts))
        folds += folded.events != facts.events
        for expr in shapes:
            expected = interpret.evaluate(rules, expr, facts)
            for given in (folded, restored):
                found = interpret.evaluate(rules, expr, given), program.evaluate(expr, given)
                assert same(found, (expected, expected)), (seed, expr, facts, given)
        for name in whole:
            answer = interpret.crowd(rules, name, facts)
            asked = program.crowd(name, folded), program.crowds(folded)[name], index.answers(folded)[name]
            assert asked == (answer,) * 3, (seed, name, facts, folded)
    assert folds > PEOPLE // 2


def known(facts: Facts) -> dict[str, tuple[Event, ...]]:
    return {name: found for name, found in facts.events.items() if found is not UNAVAILABLE}


# ---- what a total does not tell


def small() -> tuple[RuleSet, Program, ir.Expr, Shape]:
    rules = compiled(f"settings {{ }} {DECLARATIONS} crowd c {{ count of order ever >= 2 }}")
    ((expr, shape),) = shaped(rules).items()
    return rules, compile_program(rules), expr, shape


def counts(facts: Facts) -> set[Any]:
    rules, program, expr, _ = small()
    return {interpret.evaluate(rules, expr, facts), program.evaluate(expr, facts)}


def test_a_total_that_is_not_complete_leaves_it_unknown() -> None:
    total = Total(count=2, until=DAY)
    name = small()[3].name
    assert counts(Facts(2 * DAY, totals={name: total}, known_since={"order": 5 * DAY})) == {2}
    assert counts(Facts(2 * DAY, totals={name: replace(total, is_complete=False)})) == {UNAVAILABLE}


def test_before_the_last_event_that_was_folded_it_is_unknown() -> None:
    """Which of the events had happened by then, nobody can tell any more."""
    totals = {small()[3].name: Total(count=2, until=DAY)}
    assert counts(Facts(DAY + 1, totals=totals)) == {2}
    assert counts(Facts(DAY, totals=totals)) == {UNAVAILABLE}


def test_events_that_cannot_be_had_make_it_unknown_whatever_the_total() -> None:
    totals = {small()[3].name: Total(count=2, until=DAY)}
    assert counts(Facts(2 * DAY, totals=totals, events={"order": UNAVAILABLE})) == {UNAVAILABLE}


# ---- what has a shape

SHAPED = (
    "count of order ever",
    "count of order where total > 3 EUR ever",
    'count of order where order is "a" or not (qty is missing and size is small) ever',
    "count of order where total + total * 2.0 > 3 EUR ever",
    'count of order where contains(order, "a") ever',
    "sum of order.qty ever",
    "max of order.qty where total > 3 USD ever",
)
NOT_SHAPED = (
    "count of order within 30 days",
    "distinct of order.qty ever",
    "count of order where qty > user.age ever",
    "count of cart where at > now - 3 days ever",
    "count of cart where on is today ever",
    "count of cart where hour(at) is 3 ever",
    "count of order without refund with same qty ever",
)


@pytest.mark.parametrize("term", [*SHAPED, *NOT_SHAPED])
def test_what_looks_at_nothing_but_the_event_has_a_shape(term: str) -> None:
    rules = compiled(
        f"settings {{ currency EUR rate 1 USD = 0.92 EUR }} {DECLARATIONS} crowd c {{ {term} >= 2 }}"
    )
    outer = next(part for part in ir.subexpressions(rules.crowds["c"].condition) if isinstance(part, LOOKS))
    assert (shape_of(rules, outer) is not None) is (term in SHAPED)


def names(head: str, *crowds: str) -> list[str]:
    text = "\n".join(f"crowd c{number} {{ {condition} }}" for number, condition in enumerate(crowds))
    rules = compiled(f"{head} event paid {{ price: money EUR  n: int }}\n{text}")
    return [shape.name for shape in shaped(rules).values()]


def test_a_shape_is_known_by_its_meaning_in_every_version() -> None:
    head = "settings { currency EUR rate 1 USD = 0.92 EUR }"
    (one,) = names(head, "sum of paid.price where n in (1, 2, 3) ever > 2 EUR")
    (two,) = names(head, "user in c1 or (max of paid.price where n in (3, 2, 1) ever) > 9 EUR", "1 > 2")
    assert one == two, "each function reads the same total"
    assert names(head, "sum of paid.price where n in (1, 2) ever > 2 EUR") != [one]
    assert names(head.replace("0.92", "0.93"), "sum of paid.price where n in (1, 2, 3) ever > 2 EUR") != [one]
    assert one.startswith("paid/price/")
