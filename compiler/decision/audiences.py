"""Whom plans are for: few audiences tree by tree, many by the predicate index, which most plans fall by unasked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from compiler.checked.ir import LetRef, PlanTerm, subexpressions
from compiler.decision.context import Context
from compiler.decision.crowds import INDEXED_FROM
from compiler.decision.gates import PlanGates
from compiler.decision.trees import Trees
from compiler.types import Answer

if TYPE_CHECKING:
    from compiler.decision.index import Index

Answers = tuple[Answer, ...]
"""Of a plan's audience and needs, in their order."""


class Audiences(Protocol):
    """What both ways offer."""

    def asked(self, context: Context) -> Iterable[tuple[int, Answers]]:
        """The places of plans, in any order, with their answers. Every answer of a plan that is left out is no."""


def quickest(plans: Sequence[PlanGates], trees: Trees) -> Audiences:
    conditions = sum(len(plan.conditions) for plan in plans if is_common(plan))
    return (Indexed if conditions >= INDEXED_FROM else OneByOne)(plans, trees)


def is_common(plan: PlanGates) -> bool:
    """Whether its conditions mean the same anywhere: they refer to nothing that the plan itself defines."""
    return bool(plan.conditions) and not any(
        isinstance(part, LetRef | PlanTerm) for each in plan.conditions for part in subexpressions(each)
    )


class OneByOne:
    def __init__(self, plans: Sequence[PlanGates], trees: Trees) -> None:
        self._plans = plans

    def asked(self, context: Context) -> Iterable[tuple[int, Answers]]:
        return enumerate([plan.answers(context) for plan in self._plans])


class Indexed:
    def __init__(self, plans: Sequence[PlanGates], trees: Trees) -> None:
        from compiler.decision.index import build_index  # with numpy, which small rule sets need not load

        common = {place: plan.conditions for place, plan in enumerate(plans) if is_common(plan)}
        self._alone = [(place, plan) for place, plan in enumerate(plans) if place not in common]
        asked = {
            f"{place} {number}": condition
            for place, conditions in common.items()
            for number, condition in enumerate(conditions)
        }
        crowds = trees.ruleset.crowds
        self._index: Index = build_index(asked, trees.entry, lambda name: crowds[name].condition)
        bits = {name: bit for bit, name in enumerate(self._index.names)}
        self._bits = {
            place: [bits[f"{place} {number}"] for number in range(len(conditions))]
            for place, conditions in common.items()
        }
        self._places = {bit: place for place, bits in self._bits.items() for bit in bits}

    def asked(self, context: Context) -> Iterable[tuple[int, Answers]]:
        yes, unknown = self._index.matched(context)
        places = {self._places[bit] for bit in self._index.numbers(yes | unknown).tolist()}
        found = [(place, self._answers(place, yes, unknown)) for place in places]
        found += [(place, plan.answers(context)) for place, plan in self._alone]
        return found

    def _answers(self, place: int, yes: int, unknown: int) -> Answers:
        return tuple(
            [True if yes >> bit & 1 else None if unknown >> bit & 1 else False for bit in self._bits[place]]
        )
