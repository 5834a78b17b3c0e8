"""Rows: for each value that a slot may read, the bitset of the clauses that the value does not falsify.

Literals change their answer only at the constants that rules mention, so a slot has a row for each interval between
those, and one for a constant where it is told from its neighbours. A missing or unavailable reading has two rows, those of `Rows`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import or_
from typing import Any, Final, NamedTuple

from compiler.decision.index_clauses import Clause
from compiler.decision.index_literals import Literal
from compiler.types import UNAVAILABLE, Answer

WIDEST_SPREAD: Final = 256
"""Whole numbers between the least and the greatest constant of a slot, up to which each has its own entry."""


class Rows(NamedTuple):
    """The clauses whose literals are surely yes, and those with none that is surely no."""

    sure: int
    possible: int


class Table(NamedTuple):
    """`exact` first, by value; then `between`, by the number of `cuts` that do not exceed the value."""

    exact: dict[Any, int]
    cuts: list[Any]
    between: list[int]
    missing: Rows
    unavailable: Rows
    asking: int
    """The clauses with a literal on this slot."""

    def rows(self, value: Any) -> Rows:
        if value is None:
            return self.missing
        if value is UNAVAILABLE:
            return self.unavailable
        row = self.exact.get(value)
        if row is None:
            row = self.between[bisect_right(self.cuts, value)]
        return Rows(row, row)


def tables(clauses: Sequence[Clause], slots: Collection[int]) -> dict[int, Table]:
    """Of these slots, for clauses in the order of their bits."""
    asked: dict[int, _Falsified] = {}
    for bit, clause in enumerate(clauses):
        mask = 1 << bit
        for literal in one_each(clause):
            if literal.slot in slots:
                asked.setdefault(literal.slot, _Falsified()).add(mask, literal)
    every = (1 << len(clauses)) - 1
    return {slot: falsified.table(every) for slot, falsified in asked.items()}


class _Falsified:
    """Collects, for one slot, the clauses that readings falsify."""

    def __init__(self) -> None:
        self._asking = 0
        self._unless_in = 0
        self._allowed: dict[Any, int] = {}
        self._denied: dict[Any, int] = {}
        self._bounds: dict[str, dict[Any, int]] = {"<": {}, "<=": {}, ">": {}, ">=": {}}
        self._answers: dict[tuple[str, Answer], int] = {}

    def add(self, mask: int, literal: Literal) -> None:
        _, operator, operand, missing, unavailable = literal
        self._asking |= mask
        if operator == "in":
            self._unless_in |= mask
            _mark(self._allowed, operand, mask)
        elif operator == "not in":
            _mark(self._denied, operand, mask)
        else:
            _mark(self._bounds[operator], (operand,), mask)
        _mark(self._answers, (("missing", missing), ("unavailable", unavailable)), mask)

    def table(self, every: int) -> Table:
        cuts = sorted({cut for bound in self._bounds.values() for cut in bound})
        bounded = _Bounded(self._bounds, cuts)
        between = [every & ~(self._unless_in | bounded.beside(index)) for index in range(len(cuts) + 1)]
        listed = {*self._allowed, *self._denied, *self._bounds[">"], *self._bounds["<="], *_spread(cuts)}
        exact = {}
        for value in listed:
            refused = self._unless_in & ~self._allowed.get(value, 0) | self._denied.get(value, 0)
            row = every & ~(refused | bounded.at(value))
            near = between[bisect_right(cuts, value)]
            exact[value] = near if near == row else row
        missing, unavailable = (self._absent(reading, every) for reading in ("missing", "unavailable"))
        return Table(exact, cuts, between, missing, unavailable, self._asking)

    def _absent(self, reading: str, every: int) -> Rows:
        no, unknown = self._answers.get((reading, False), 0), self._answers.get((reading, None), 0)
        return Rows(every & ~(no | unknown), every & ~no)


class _Bounded:
    """What the bounds `< <= > >=` falsify, given by operator and constant; `cuts` are the constants in order."""

    def __init__(self, bounds: Mapping[str, Mapping[Any, int]], cuts: list[Any]) -> None:
        self._bounds = bounds
        self._cuts = cuts
        least = [bounds[">="].get(cut, 0) | bounds[">"].get(cut, 0) for cut in cuts]
        most = [bounds["<="].get(cut, 0) | bounds["<"].get(cut, 0) for cut in cuts]
        self._below = [*accumulate(reversed(least), or_, initial=0)][::-1]
        self._above = [*accumulate(most, or_, initial=0)]

    def beside(self, index: int) -> int:
        """By a value greater than `index` of the cuts and equal to none."""
        return self._below[index] | self._above[index]

    def at(self, value: Any) -> int:
        index = bisect_left(self._cuts, value)
        if index == len(self._cuts) or self._cuts[index] != value:
            return self.beside(index)
        strict = self._bounds[">"].get(value, 0) | self._bounds["<"].get(value, 0)
        return self._below[index + 1] | self._above[index] | strict


def _mark(masks: dict[Any, int], keys: Iterable[Any], mask: int) -> None:
    for key in keys:
        masks[key] = masks.get(key, 0) | mask


def _spread(cuts: list[Any]) -> Iterable[int]:
    """Whole numbers get entries of their own where the cuts lie close: a look-up is faster than a search."""
    if cuts and type(cuts[0]) is int and cuts[-1] - cuts[0] <= WIDEST_SPREAD:
        return range(cuts[0], cuts[-1] + 1)
    return ()


def one_each(clause: Clause) -> Iterable[Literal]:
    """The same clause with at most one `in` for a slot."""
    if len({literal.slot for literal in clause}) == len(clause):
        return clause
    others = [literal for literal in clause if literal.operator != "in"]
    merged: dict[int, Literal] = {}
    for literal in clause:
        if literal.operator == "in":
            merged[literal.slot] = _both(merged.get(literal.slot, literal), literal)
    return [*others, *merged.values()]


def _both(left: Literal, right: Literal) -> Literal:
    """Of `in` on one slot."""
    return Literal(
        left.slot,
        "in",
        left.operand & right.operand,
        _and(left.missing, right.missing),
        _and(left.unavailable, right.unavailable),
    )


def _and(left: Answer, right: Answer) -> Answer:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True
