"""What is timed answers alike: the decision program, zen-engine in every form, and the plain definition of the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench import zen_forms, zen_history
from bench.sides import Ours, ours, plainly, present
from bench.workload import draw
from compiler.decision.index_ranked import Ranked

RULES, CUSTOMERS = draw(250, 12, seed=7)
EXPECTED = [plainly(RULES, customer) for customer in CUSTOMERS]


@pytest.fixture(scope="module", params=[True, False], ids=["handed over", "from the history"])
def side(request: pytest.FixtureRequest) -> Ours:
    return ours(RULES, CUSTOMERS, ready=request.param)


def test_the_index_the_program_and_each_crowd_alone(side: Ours) -> None:
    for facts, (yes, unknown) in zip(side.facts, EXPECTED, strict=True):
        assert side.found(facts) == (yes, unknown)
        assert tuple(map(set, side.names(facts))) == (yes, unknown)
        for rule in RULES:
            answer = side.program.crowd(rule.name, facts)
            assert answer is (True if rule.name in yes else None if rule.name in unknown else False)


@pytest.mark.parametrize("form", zen_forms.FORMS)
def test_every_form_of_zen(form: str) -> None:
    ask = zen_forms.FORMS[form](RULES)
    for customer, (yes, _) in zip(CUSTOMERS, EXPECTED, strict=True):
        assert set(ask(present(customer))) == yes


@pytest.mark.parametrize("form", zen_forms.BOTH)
def test_forms_of_zen_that_tell_what_is_unknown(form: str) -> None:
    ask = zen_forms.BOTH[form](RULES)
    for customer, expected in zip(CUSTOMERS, EXPECTED, strict=True):
        assert tuple(map(set, ask(present(customer)))) == expected


@pytest.mark.parametrize(
    "ask",
    [
        zen_history.in_two_steps(zen_forms.one_list(RULES)),
        zen_forms.each_expression(RULES, zen_history.written_out),
    ],
    ids=["in two steps", "written out"],
)
def test_zen_from_events(ask: Callable[[dict[str, Any]], list[str]]) -> None:
    for customer, (yes, _) in zip(CUSTOMERS, EXPECTED, strict=True):
        assert set(ask(zen_history.facts(customer))) == yes


def test_the_best_plan(side: Ours) -> None:
    conditions = {name: crowd.condition for name, crowd in side.ruleset.crowds.items()}
    ranked = Ranked(conditions, side.program.trees.entry, conditions.__getitem__)
    first = zen_forms.first_of_all(RULES)
    for customer, facts in zip(CUSTOMERS, side.facts, strict=True):
        assert next(ranked.holding(facts), None) == first(present(customer))


def test_the_same_rules_and_customers_are_drawn_every_time() -> None:
    rules, customers = draw(250, 12, seed=7)
    assert rules == RULES
    assert [customer.facts for customer in customers] == [customer.facts for customer in CUSTOMERS]
