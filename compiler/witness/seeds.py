"""People on whom the rules are likely to act: for each plan somebody who gets it, for each crowd somebody who is in it."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.checked import ir
from compiler.explain.asked import Asked
from compiler.explain.change.leaves import leaf
from compiler.explain.change.patch import Patch
from compiler.explain.change.search import smallest_change
from compiler.explain.change.solver import Goal, OutOfTries, Solver, Tries
from compiler.facts import Facts
from compiler.manifest import OfCrowds
from compiler.witness.treatment import Entry, Version, decide_of

MOST_TRIES = 2_000
"""Hypotheses about one plan or crowd."""


def seeds(version: Version, entry: Entry, nobody: Facts) -> Iterator[Facts]:
    """Of whom only that is known which made a difference; `nobody` is somebody of whom nothing is."""
    for patch in patches(version, entry, version.reads(nobody)):
        somebody = nobody
        for edit in patch:
            somebody, _ = edit.apply(somebody, version.ruleset)
        yield somebody


def patches(version: Version, entry: Entry, facts: Facts) -> Iterator[Patch]:
    if isinstance(entry, OfCrowds):
        (crowd,) = entry.names or ()
        yield from for_condition(version, version.ruleset.crowds[crowd].condition, facts)
        return
    decide = version.whole.decides[decide_of(entry)]
    for plan in decide.plans:
        found = smallest_change(version.whole, decide.name, plan, facts, most_tries=MOST_TRIES)
        yield () if found.change is None else found.change.edits


def for_condition(version: Version, condition: ir.Expr, facts: Facts) -> Iterator[Patch]:
    for wanted in (True, False):
        solver = Solver(Asked(version.program), Tries(MOST_TRIES), leaf)
        try:
            yield from solver.patches(Goal(condition, wanted), facts, 4)
        except OutOfTries:
            continue
