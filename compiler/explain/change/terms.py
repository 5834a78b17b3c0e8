"""The terms of a plan raised, or lowered, by as little as it takes to change its rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

from compiler.checked import ir
from compiler.explain.asked import View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.edits import RaiseTerm, raised
from compiler.types import UNAVAILABLE, Kind

HIGHEST = 10**24
"""Nobody is asked to raise a term by more, in the units of its run-time form."""
HALVINGS = 60
"""Of the range in which a number is sought: what is left is below what a double tells apart."""

Signed = tuple[str, int]
"""A term, and whether it goes up (1) or down (-1)."""


def least_raise(
    bench: Bench, state: State, plan: ir.Plan, terms: Iterable[Signed], enough: Callable[[Any], bool]
) -> RaiseTerm | None:
    """The first of the terms that, moved far enough, gives the plan a rank that is enough; moved by the least that does."""
    solver = bench.solver(state.patch)
    rank, stated = bench.decide.rank[plan.name], solver.ruleset.plans[plan.name].terms
    for term, sign in terms:
        if term not in stated:
            continue

        def suffices(by: Any, term: str = term, sign: int = sign) -> bool:
            bench.tries.count()
            own = solver.asked.value(with_term(rank, term, sign * by, plan), state.facts, View(plan.name))
            return own is not None and own is not UNAVAILABLE and enough(own)

        least = _LEAST.get(stated[term].type.kind, _least_int)(suffices)
        if least is not None:
            return RaiseTerm(plan.name, term, sign * least)
    return None


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


def _least_int(suffices: Callable[[int], bool]) -> int | None:
    """Supposing that more is never worse."""
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
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


_LEAST: dict[Kind, Callable[[Callable[[Any], bool]], int | float | None]] = {Kind.NUMBER: _least_number}
