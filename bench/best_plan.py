"""The best plan: the first that holds, of rules ordered by a rank that is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench import zen_forms
from bench.report import Report
from bench.shop import Customer
from bench.sides import Ours, plainly, present, require_equal
from bench.timing import in_turns
from bench.workload import Rule
from compiler.checked import ir
from compiler.decision.index_ranked import Ranked
from compiler.facts import Facts

PARTS = (20, 100, 1_000)
"""Rules that zen answers at once before it looks whether one holds."""


def best_of_crowds(report: Report, rules: Sequence[Rule], customers: Sequence[Customer], side: Ours) -> None:
    """A plan for each crowd: one in ten holds."""
    conditions = {rule.name: side.ruleset.crowds[rule.name].condition for rule in rules}
    _compare(report, "best plan", rules, conditions, customers, side)


def best_of_narrow(report: Report, rules: Sequence[Rule], customers: Sequence[Customer], side: Ours) -> None:
    """A plan for those who are in three crowds at once."""
    threes = list(zip(rules, [*rules[1:], *rules[:1]], [*rules[2:], *rules[:2]], strict=True))
    narrow = [
        Rule(three[0].name, tuple(group for rule in three for group in rule.groups)) for three in threes
    ]
    crowds = side.ruleset.crowds
    conditions = {three[0].name: _all_of(crowds, three) for three in threes}
    _compare(report, "best narrow plan", narrow, conditions, customers, side)


def _all_of(crowds: Mapping[str, ir.Crowd], rules: Sequence[Rule]) -> ir.Expr:
    return ir.And(tuple(crowds[rule.name].condition for rule in rules), crowds[rules[0].name].span)


def _compare(
    report: Report,
    question: str,
    rules: Sequence[Rule],
    conditions: Mapping[str, ir.Expr],
    customers: Sequence[Customer],
    side: Ours,
) -> None:
    ranked = Ranked(conditions, side.program.trees.entry, conditions.__getitem__)

    def best(facts: Facts) -> str | None:
        return next(ranked.holding(facts), None)

    everything = "all answered, then the best taken"
    stopping = {f"stops at the first, {size} rules at a time": size for size in PARTS}
    zens = {name: zen_forms.first_by_parts(rules, size) for name, size in stopping.items()}
    zens[everything] = zen_forms.first_of_all(rules)
    values, ours = [present(customer) for customer in customers], side.facts[: len(customers)]
    for facts, known in zip(ours, values, strict=True):
        for ask in zens.values():
            require_equal(question, best(facts), ask(known))
    times = in_turns({"best": (best, ours), **{name: (ask, values) for name, ask in zens.items()}}, rounds=5)
    share = sum(len(plainly(rules, customer)[0]) for customer in customers[:5]) / 5 / len(rules)
    what = (f"{question}; {share:.1%} of the plans hold", len(rules), "36 readings")
    report.ratio(what, times, "best", [everything], 100)
    report.ratio(what, times, "best", [*stopping])
