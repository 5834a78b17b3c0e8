"""The gates *ranked*, *holdout* and *chosen* passed: a rank that is known, no holdout, and nobody before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from compiler.checked import ir
from compiler.explain.asked import View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.edits import HoldOut
from compiler.explain.change.holdouts import held_out_by
from compiler.explain.change.patch import Patch
from compiler.explain.change.rivals import later_patches, rival_patches
from compiler.explain.change.solver import Goal
from compiler.explain.change.terms import least_raise
from compiler.outcome import PlanOutcome, Verdict
from compiler.types import UNAVAILABLE

TERMS = (("value", 1), ("priority", 1), ("lever", 1), ("context", 1), ("propensity", 1), ("cost", -1))
"""In the order in which they are raised; the cost is lowered."""
WIDTH = 4


def ranked_patches(bench: Bench, state: State) -> Iterator[Patch]:
    """Patches after which the plan's rank is known."""
    rank = bench.decide.rank[bench.plan.name]
    goal = Goal(ir.IsMissing(rank, bench.plan.span), False, View(bench.plan.name))
    yield from bench.solver(state.patch).patches(goal, state.facts)


def holdout_patches(bench: Bench, state: State) -> Iterator[Patch]:
    """The one that holds the user out lifted, all others as they are."""
    owner = state.reason().owner.partition(" ")[2]
    yield (HoldOut(held_out_by(bench.whole, state.facts) - {owner}),)


# ---- chosen


def chosen_patches(bench: Bench, state: State) -> Iterator[Patch]:
    """Patches that put the plan before the one that was chosen instead."""
    rival = next((each for each in state.decision.outcomes if each.plan == state.decision.plan), None)
    if rival is None:
        return
    held = held_out_by(bench.whole, state.facts)
    if state.decision.verdict is Verdict.HOLDOUT and bench.decide.name in held:
        yield (HoldOut(held - {bench.decide.name}),)
    raises = list(_raised(bench, state, rival))
    yield from raises
    yield from rival_patches(bench, state, rival)
    if not raises:
        yield from later_patches(bench, state, rival)


def _raised(bench: Bench, state: State, rival: PlanOutcome) -> Iterator[Patch]:
    """A higher rank: by a term of the plan, or by what the term is computed from."""
    plan, rank = bench.plan, bench.decide.rank.get(bench.plan.name)
    if rank is None or rival.rank is None or rival.rank is UNAVAILABLE:
        return
    raised = least_raise(bench, state, plan, TERMS, _beats(bench, rival))
    if raised is not None:
        yield (raised,)
    beats = ir.Compare(_sign(bench, rival.plan), rank, ir.Const(rank.type, rival.rank), plan.span)
    yield from bench.solver(state.patch).patches(Goal(beats, True, View(plan.name)), state.facts, WIDTH)


def _beats(bench: Bench, rival: PlanOutcome) -> Callable[[Any], bool]:
    to_beat: Any = rival.rank
    return (lambda own: own >= to_beat) if _sign(bench, rival.plan) == ">=" else (lambda own: own > to_beat)


def _sign(bench: Bench, rival: str) -> Literal[">", ">="]:
    """How the plan's rank has to compare with the rival's: ties go to the one listed first."""
    listed = bench.decide.plans
    return ">=" if listed.index(bench.plan.name) < listed.index(rival) else ">"
