"""What plans rank in a decide, as a failed expectation shows it, and whether that is what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

from compiler.cases.texts import value_text
from compiler.checked import ir
from compiler.outcome import Decision, Gate, PlanOutcome
from compiler.types import MISSING, UNAVAILABLE, Kind, Present, Type, Value

NEARNESS = 1e-9
"""Ranks of type number are equal if they differ by no more than this part of them: 0.02 * 300 * 1.1 is 6.6."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """`rank` is MISSING or UNAVAILABLE where it could not be computed."""

    plan: str
    type: Type
    rank: Value


@dataclass(frozen=True, slots=True)
class Ranking:
    """The plans of a decide that came as far as being ranked: the greatest rank first, ties as listed."""

    decide: str
    plans: tuple[Ranked, ...]


def ranking(ruleset: ir.RuleSet, decision: Decision) -> Ranking:
    """Without plans where the decide ranks by nothing, or none came that far."""
    types = {plan: expr.type for plan, expr in ruleset.decides[decision.decide].rank.items()}
    known = [each for each in decision.outcomes if each.plan in types and has_rank(each)]
    known.sort(key=lambda each: each.rank, reverse=True)  # type: ignore[arg-type, return-value]
    absent = [each for each in decision.outcomes if each.fell is Gate.RANKED]
    return Ranking(
        decision.decide, tuple(Ranked(each.plan, types[each.plan], each.rank) for each in [*known, *absent])
    )


def has_rank(outcome: PlanOutcome) -> bool:
    return outcome.rank is not MISSING and outcome.rank is not UNAVAILABLE


def is_rank(expected: Present, outcome: PlanOutcome) -> bool:
    """Money and ints exactly, numbers as near as computing with them leaves them."""
    if isinstance(expected, float) and isinstance(outcome.rank, float):
        return isclose(expected, outcome.rank, rel_tol=NEARNESS)
    return has_rank(outcome) and expected == outcome.rank


def rank_text(type_: Type, rank: Value, zone: str) -> str:
    """As a test would write it: numbers without what computing with them left behind."""
    if type_.kind is Kind.NUMBER and isinstance(rank, float):
        return f"{rank:.12g}"
    return value_text(type_, rank, zone)


def ranking_text(found: Ranking, zone: str) -> str:
    """`best: b ranks 12.00 EUR, a 3.00 EUR (listed order breaks ties)`."""
    (first, *rest) = [(each.plan, rank_text(each.type, each.rank, zone)) for each in found.plans]
    shown = ", ".join([f"{first[0]} ranks {first[1]}", *(f"{plan} {rank}" for plan, rank in rest)])
    return f"{found.decide}: {shown}{' (listed order breaks ties)' if rest else ''}"
