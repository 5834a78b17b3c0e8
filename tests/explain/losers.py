"""Losers of generated decisions, and what the search for their smallest changes came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from compiler import interpret
from compiler.checked.ir import RuleSet
from compiler.decision.program import Program, compile_program
from compiler.driver import compile_ruleset
from compiler.explain.change.search import MOST_TRIES, Change, Search, smallest_change
from compiler.facts import Facts
from compiler.outcome import PlanOutcome, Verdict
from dsl.source import Source
from tests.agreement.people import contacted
from tests.agreement.rulesets import whole

OTHERS = 300
"""Other people who are asked whether a plan can win at all."""


@dataclass(frozen=True, slots=True)
class Loser:
    """A plan that was not sent. `can_win`: the same plan wins the same decision for one of OTHERS random people."""

    seed: int
    ruleset: RuleSet
    facts: Facts
    decide: str
    outcome: PlanOutcome
    can_win: bool

    @property
    def gate(self) -> str:
        return self.outcome.fell.value if self.outcome.fell else "waits"

    def search(self, most_tries: int) -> Search:
        return smallest_change(
            self.ruleset, self.decide, self.outcome.plan, self.facts, most_tries=most_tries
        )

    def wins(self, change: Change) -> bool:
        """Decided again with the change, by the reference interpreter."""
        facts, ruleset = change.apply(self.facts, self.ruleset)
        return winner(interpret.decide(ruleset, self.decide, facts)) == self.outcome.plan


def winner(decision: object) -> str | None:
    verdict, plan = getattr(decision, "verdict", None), getattr(decision, "plan", None)
    return plan if verdict is Verdict.SEND else None


def losers(seed: int, others: int = OTHERS) -> Iterator[Loser]:
    """Those of both decides of a generated rule set, for one person."""
    compiled = compile_ruleset([Source("generated.sua", whole(seed))])
    assert compiled.ruleset is not None, compiled.diagnostics
    ruleset, random = compiled.ruleset, Random(seed)
    program, facts = compile_program(ruleset), contacted(random, ruleset)
    winners = {
        (name, winner(program.decide(name, other)))
        for other in people(random, ruleset, others)
        for name in ruleset.decides
    }
    for name in ruleset.decides:
        yield from lost(seed, program, facts, name, frozenset(winners))


def people(random: Random, ruleset: RuleSet, count: int) -> list[Facts]:
    return [contacted(random, ruleset) for _ in range(count)]


def lost(
    seed: int, program: Program, facts: Facts, decide: str, winners: frozenset[tuple[str, str | None]]
) -> Iterator[Loser]:
    decision = program.decide(decide, facts)
    for outcome in decision.outcomes:
        if winner(decision) != outcome.plan:
            can_win = (decide, outcome.plan) in winners
            yield Loser(seed, program.ruleset, facts, decide, outcome, can_win)


@dataclass(slots=True)
class Tally:
    """What came of the searches. `sizes`: how many changes have how many edits."""

    most_tries: int = MOST_TRIES
    losers: int = 0
    found: int = 0
    can_win: int = 0
    found_of_those: int = 0
    not_exhausted: int = 0
    gates: Counter[str] = field(default_factory=Counter)
    found_by_gate: Counter[str] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, loser: Loser) -> None:
        start = perf_counter()
        search = loser.search(self.most_tries)
        self.seconds.append(perf_counter() - start)
        self.losers += 1
        self.can_win += loser.can_win
        self.gates[loser.gate] += 1
        self.not_exhausted += not search.exhausted
        name = f"whole({loser.seed}) {loser.decide} {loser.outcome.plan}"
        if search.change is not None:
            self._found(loser, search.change, name)
        elif loser.can_win:
            self.missed.append(name)

    def _found(self, loser: Loser, change: Change, name: str) -> None:
        self.found += 1
        self.found_of_those += loser.can_win
        self.found_by_gate[loser.gate] += 1
        self.sizes[len(change.edits)] += 1
        self.kinds.update(type(edit).__name__ for edit in change.edits)
        if not loser.wins(change):
            self.wrong.append(f"{name}: {change}")
