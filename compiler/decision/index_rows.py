"""Rows: for each value that a slot may read, the bitset of the clauses that the value does not falsify.

Literals change their answer only at the constants that rules mention, so a slot has a row for each constant of an
`in` and for each interval between bounds. A missing or unavailable reading has two rows, those of `Rows`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Any, Final, NamedTuple

from compiler.decision.index_clauses import Clause
from compiler.decision.index_literals import HOLDS, Literal
from compiler.types import UNAVAILABLE, Answer

WIDEST_SPREAD: Final = 1024
"""Whole numbers between the least and the greatest constant of a slot, up to which each has its own entry."""


class Rows(NamedTuple):
    """The clauses whose literals are surely yes, and those with none that is surely no."""

    sure: int
    possible: int


class Table(NamedTuple):
    """For a present value: `exact` of it; else `between`, by the number of `cuts` that do not exceed it."""

    exact: dict[Any, int]
    cuts: list[Any]
    between: list[int]
    missing: Rows
    unavailable: Rows
    asking: int
    """The clauses with a literal on this slot."""

    def narrow(self, value: Any, sure: int, possible: int) -> tuple[int, int]:
        """What is left of the clauses that are possible when the slot reads this value."""
        if value is None:
            return sure & self.missing.sure, possible & self.missing.possible
        if value is UNAVAILABLE:
            return sure & self.unavailable.sure, possible & self.unavailable.possible
        return sure, possible & self.row(value)

    def row(self, value: Any) -> int:
        """Of a present value."""
        row = self.exact.get(value)
        return self.between[bisect_right(self.cuts, value)] if row is None else row


def tables(clauses: Sequence[Clause], slots: Collection[int]) -> dict[int, Table]:
    """Of these slots, for clauses in the order of their bits."""
    bits: defaultdict[Literal, list[int]] = defaultdict(list)
    for bit, clause in enumerate(clauses):
        for literal in one_each(clause):
            bits[literal].append(bit)
    asked: defaultdict[int, _Asked] = defaultdict(_Asked)
    for literal, those in bits.items():
        if literal.slot in slots:
            asked[literal.slot].add(literal, mask(those, len(clauses)))
    return {slot: each.table((1 << len(clauses)) - 1) for slot, each in asked.items()}


class _Asked:
    """What clauses ask of one slot: those with the same answers for an absent reading, and those with the same
    operator and constant; `in` and `not in` count under each of their options."""

    def __init__(self) -> None:
        self._absent: dict[tuple[Answer, Answer], int] = {}
        self._masks: dict[str, dict[Any, int]] = {operator: {} for operator in HOLDS}
        self._listed = 0

    def add(self, literal: Literal, clauses: int) -> None:
        _, operator, operand, missing, unavailable = literal
        _mark(self._absent, (missing, unavailable), clauses)
        if operator == "in":
            self._listed |= clauses
        for key in operand if operator in ("in", "not in") else (operand,):
            _mark(self._masks[operator], key, clauses)

    def table(self, every: int) -> Table:
        present = _present(self._masks, self._listed, every)
        missing, unavailable = (self._rows(which, every) for which in (0, 1))
        return Table(*present, missing, unavailable, reduce(or_, self._absent.values()))

    def _rows(self, which: int, every: int) -> Rows:
        """For missing, or for unavailable."""
        no = reduce(or_, (each for answers, each in self._absent.items() if answers[which] is False), 0)
        unknown = reduce(or_, (each for answers, each in self._absent.items() if answers[which] is None), 0)
        return Rows(every & ~(no | unknown), every & ~no)


def _mark(masks: dict[Any, int], key: Any, clauses: int) -> None:
    masks[key] = masks.get(key, 0) | clauses


def mask(bits: Iterable[int], width: int) -> int:
    octets = bytearray(width // 8 + 1)
    for bit in bits:
        octets[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")


Masks = Mapping[str, Mapping[Any, int]]
"""Of clauses, by operator and constant."""


def _present(masks: Masks, listed: int, every: int) -> tuple[dict[Any, int], list[Any], list[int]]:
    """`listed` are all clauses with an `in`."""
    cuts = sorted({*masks["<"], *masks[">="]})
    falsified = _by_bounds(masks, cuts)
    between = [every & ~(listed | beyond) for beyond in falsified]
    exact = {value: between[place] for place, value in _spread(cuts)}
    for value in {*masks["in"], *masks["not in"]}:
        refused = listed & ~masks["in"].get(value, 0) | masks["not in"].get(value, 0)
        exact[value] = every & ~(refused | falsified[bisect_right(cuts, value) if cuts else 0])
    return exact, cuts, between


def _by_bounds(masks: Masks, cuts: list[Any]) -> list[int]:
    """The clauses falsified by a value that none of the cuts exceeds but those from an index on."""
    least, most = ([masks[operator].get(cut, 0) for cut in cuts] for operator in (">=", "<"))
    below = [*accumulate(reversed(least), or_, initial=0)][::-1]
    above = accumulate(most, or_, initial=0)
    return [too_small | too_great for too_small, too_great in zip(below, above, strict=True)]


def _spread(cuts: list[Any]) -> Iterator[tuple[int, int]]:
    """Whole numbers get entries of their own where the cuts lie close: a look-up is faster than a search."""
    if cuts and type(cuts[0]) is int and cuts[-1] - cuts[0] <= WIDEST_SPREAD:
        for value in range(cuts[0] - 1, cuts[-1] + 1):
            yield bisect_right(cuts, value), value


def one_each(clause: Clause) -> Iterable[Literal]:
    """The same clause with at most one `in` for a slot."""
    listed = [literal.slot for literal in clause if literal.operator == "in"]
    if len(listed) == len(set(listed)):
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
