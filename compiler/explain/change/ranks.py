"""The gates *ranked*, *holdout* and *chosen* passed: a rank that is known, no holdout, and nobody before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from compiler.checked import ir
from compiler.explain.asked import View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.edits import HoldOut, RaiseTerm, raised
from compiler.explain.change.holdouts import held_out_by
from compiler.explain.change.patch import Patch
from compiler.explain.change.rivals import rival_patches
from compiler.explain.change.solver import Goal
from compiler.outcome import Verdict
from compiler.types import UNAVAILABLE, Kind

TERMS = ("value", "priority", "lever", "context", "propensity", "cost")
"""In the order in which they are raised; the cost is lowered."""
HIGHEST = 10**24
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
    solver, plan = bench.solver(state.patch), bench.plan
    rank = bench.decide.rank.get(plan.name)
    if rank is not None and rival.rank is not None and rival.rank is not UNAVAILABLE:
        yield from _raises(bench, state, rank, rival.rank)
        beats = ir.Compare(_beating(bench, rival.plan), rank, ir.Const(rank.type, rival.rank), plan.span)
        yield from solver.patches(Goal(beats, True, View(plan.name)), state.facts, WIDTH)
    yield from rival_patches(bench, state, rival.plan)


def _beating(bench: Bench, rival: str) -> Any:
    """How the plan's rank has to compare with the rival's: ties go to the one listed first."""
    listed = bench.decide.plans
    return ">=" if listed.index(bench.plan.name) < listed.index(rival) else ">"


def _raises(bench: Bench, state: State, rank: ir.Expr, to_beat: Any) -> Iterator[Patch]:
    """The first term that, raised by as little as it takes, brings the plan before its rival."""
    solver, plan = bench.solver(state.patch), bench.plan
    rival = state.decision.plan or ""
    beats: Callable[[Any], bool] = {">=": lambda own: own >= to_beat, ">": lambda own: own > to_beat}[
        _beating(bench, rival)
    ]
    for term in TERMS:
        stated = solver.ruleset.plans[plan.name].terms.get(term)
        if stated is None:
            continue
        sign = -1 if term == "cost" else 1

        def suffices(by: Any, term: str = term, sign: int = sign) -> bool:
            bench.tries.count()
            own = solver.asked.value(with_term(rank, term, sign * by, plan), state.facts, View(plan.name))
            return own is not None and own is not UNAVAILABLE and beats(own)

        least = least_raise(stated.type.kind, suffices)
        if least is not None:
            yield (RaiseTerm(plan.name, term, sign * least),)
            return


def with_term(rank: Any, term: str, by: Any, plan: ir.Plan) -> Any:
    """The rank, with more of a term wherever it names that."""
    if isinstance(rank, ir.PlanTerm):
        return raised(rank, by, plan) if rank.term == term else rank
    if isinstance(rank, tuple):
        return tuple(with_term(each, term, by, plan) for each in rank)
    if not isinstance(rank, ir.Expr):
        return rank
    inner = {each.name: getattr(rank, each.name) for each in fields(rank) if each.init}
    return replace(rank, **{name: with_term(part, term, by, plan) for name, part in inner.items()})


def least_raise(kind: Kind, suffices: Callable[[Any], bool]) -> int | float | None:
    """The least raise that is enough, supposing that more is never worse; None if there is none."""
    return _least_number(suffices) if kind is Kind.NUMBER else _least_int(suffices)


def _least_int(suffices: Callable[[int], bool]) -> int | None:
    high = 1
    while not suffices(high):
        high *= 4
        if high > HIGHEST:
            return None
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def _least_number(suffices: Callable[[float], bool]) -> float | None:
    high = 1e-6
    while not suffices(high):
        high *= 4
        if high > HIGHEST:
            return None
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high
