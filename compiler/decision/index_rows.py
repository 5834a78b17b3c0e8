"""Rows: for each value that a slot may read, the bitset of the clauses that the value does not falsify.

Literals change their answer only at the constants that rules mention, so a slot has a row for each constant of an
`in` and for each interval between bounds. A missing or unavailable reading has two rows, those of `Rows`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple, Protocol

from compiler.decision.index_clauses import Clause
from compiler.decision.index_literals import HOLDS, Literal
from compiler.decision.index_made import STEP, Between, Bounds, Named, mask
from compiler.types import UNAVAILABLE, Answer

WIDEST_SPREAD: Final = 1024
"""Whole numbers between the least and the greatest constant of a slot, up to which each has its own entry."""


MOST_KEPT: Final = 1 << 25
"""Bits of the rows of a slot that are kept ready: 4 MB."""


class Exact(Protocol):
    def get(self, value: Any, /) -> int | None: ...


class ByCut(Protocol):
    def __getitem__(self, index: int, /) -> int: ...


class Rows(NamedTuple):
    """The clauses whose literals are surely yes, and those with none that is surely no."""

    sure: int
    possible: int


class Table(NamedTuple):
    """For a present value: `exact` of it; else `between`, by the number of `cuts` that do not exceed it."""

    exact: Exact
    cuts: list[Any]
    between: ByCut
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
    literals: defaultdict[Literal, list[int]] = defaultdict(list)
    for bit, clause in enumerate(clauses):
        for literal in one_each(clause):
            literals[literal].append(bit)
    asked: defaultdict[int, _Asked] = defaultdict(_Asked)
    for literal, bits in literals.items():
        if literal.slot in slots:
            asked[literal.slot].add(literal, bits)
    return {slot: each.table(len(clauses)) for slot, each in asked.items()}


class _Asked:
    """What clauses ask of one slot: the bits of those with the same answers for an absent reading, and of those with
    the same operator and constant; `in` and `not in` count under each of their options."""

    def __init__(self) -> None:
        self._absent: defaultdict[tuple[Answer, Answer], list[int]] = defaultdict(list)
        self._bits: dict[str, defaultdict[Any, list[int]]] = {name: defaultdict(list) for name in HOLDS}
        self._listed: list[int] = []

    def add(self, literal: Literal, bits: list[int]) -> None:
        _, operator, operand, missing, unavailable = literal
        self._absent[missing, unavailable] += bits
        if operator == "in":
            self._listed += bits
        for key in operand if operator in ("in", "not in") else (operand,):
            self._bits[operator][key] += bits

    def table(self, width: int) -> Table:
        missing, unavailable = self._rows(0, width), self._rows(1, width)
        asking = mask(chain.from_iterable(self._absent.values()), width)
        return Table(*self._present(width), missing, unavailable, asking)

    def _present(self, width: int) -> tuple[Exact, list[Any], ByCut]:
        """`exact`, `cuts` and `between` of a table."""
        allowed, denied, most, least = (self._bits[name] for name in ("in", "not in", "<", ">="))
        cuts, listed = sorted({*most, *least}), mask(self._listed, width)
        many = (len(cuts) + len(allowed) + len(denied)) * width > MOST_KEPT
        up, down = ([side.get(cut, []) for cut in cuts] for side in (least, most))
        bounds = Bounds(up, down, width, STEP if many else 1)
        between = Between(listed, bounds, (1 << width) - 1)
        named = Named(allowed, denied, listed, cuts, bounds, width)
        if many:
            return named, cuts, between
        kept = [between[index] for index in range(len(cuts) + 1)]
        exact = {value: kept[bisect_right(cuts, value)] for value in _spread(cuts)}
        return exact | {value: named.row(value) for value in named}, cuts, kept

    def _rows(self, which: int, width: int) -> Rows:
        """For missing, or for unavailable."""
        every = (1 << width) - 1
        no, unknown = (
            mask(
                chain.from_iterable(bits for each, bits in self._absent.items() if each[which] is answer),
                width,
            )
            for answer in (False, None)
        )
        return Rows(every & ~(no | unknown), every & ~no)


def _spread(cuts: list[Any]) -> Sequence[int]:
    """Whole numbers get entries of their own where the cuts lie close: a look-up is faster than a search."""
    close = cuts and type(cuts[0]) is int and cuts[-1] - cuts[0] <= WIDEST_SPREAD
    return range(cuts[0] - 1, cuts[-1] + 1) if close else ()


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
