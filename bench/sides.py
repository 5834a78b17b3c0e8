"""Both sides ready to answer the same questions about the same customers, and their answers held against each other."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.shop import Customer
from bench.timing import timed
from bench.workload import Rule, ruleset_text
from compiler.checked import ir
from compiler.decision.index import Index, build_index
from compiler.decision.program import Program, compile_program
from compiler.driver import Caches, compile_ruleset
from compiler.facts import Facts
from dsl.parse import parse
from dsl.source import Source

Found = tuple[set[str], set[str]]
"""Names of the rules that hold, and of those of which it is unknown."""


@dataclass(frozen=True, slots=True)
class Ours:
    ruleset: ir.RuleSet
    program: Program
    index: Index
    facts: Sequence[Facts]
    seconds: Mapping[str, float]
    """That parsing, checking, making trees and index took."""

    def names(self, facts: Facts) -> tuple[list[str], list[str]]:
        return self.program.matching(facts)

    def bits(self, facts: Facts) -> tuple[int, int]:
        return self.index.match(facts)

    def found(self, facts: Facts) -> Found:
        yes, unknown = self.index.named(self.bits(facts))
        return set(yes), set(unknown)


def ours(rules: Sequence[Rule], customers: Sequence[Customer], ready: bool) -> Ours:
    """`ready`: the aggregates are handed over, as attributes; else they are computed from the history."""
    source = Source("bench.sua", ruleset_text(rules, ready))
    caches = Caches.new()
    seconds = {}
    _, seconds["parse"] = timed(lambda: parse(source, caches.parsed))
    compiled, seconds["check"] = timed(lambda: compile_ruleset([source], caches=caches))
    assert compiled.ruleset is not None, compiled.diagnostics[:3]
    ruleset = compiled.ruleset
    program, seconds["program"] = timed(lambda: compile_program(ruleset))
    index, seconds["index"] = timed(lambda: index_of(ruleset, program))
    facts = [handed_over(customer) if ready else customer.facts for customer in customers]
    return Ours(ruleset, program, index, facts, seconds)


def index_of(ruleset: ir.RuleSet, program: Program) -> Index:
    conditions = {name: crowd.condition for name, crowd in ruleset.crowds.items()}
    return build_index(conditions, program.trees.entry, conditions.__getitem__)


def handed_over(customer: Customer) -> Facts:
    return replace(customer.facts, user=present(customer), events={})


def present(customer: Customer) -> dict[str, Any]:
    """All 36 readings that are there."""
    return {name: value for name, value in customer.values.items() if value is not None}


def memory(make: Callable[[], object]) -> int:
    """Bytes that what it makes takes."""
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del made
    return taken


def plainly(rules: Sequence[Rule], customer: Customer) -> Found:
    """The answers from the definition of each rule."""
    answers = {rule.name: rule.answer(customer) for rule in rules}
    return (
        {name for name, answer in answers.items() if answer},
        {name for name, answer in answers.items() if answer is None},
    )


def require_equal(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"{what}: the answers differ")
