"""The common slots: each is read and looked up for every user. What an index spends its time in, so it is spelled out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from compiler.checked.ir import Expr
from compiler.decision.index_clauses import Clause
from compiler.decision.index_readings import Readings, Tree, Values, is_attribute
from compiler.decision.index_rows import tables
from compiler.types import UNAVAILABLE


class CommonSlots:
    """The slots of `clauses`, which are in the order of their bits, but for those that are rare.

    `slots` are the expressions that literals number; `tree` makes the tree of one.
    """

    def __init__(
        self,
        clauses: Sequence[Clause],
        slots: Sequence[Expr],
        rare: frozenset[int],
        tree: Callable[[Expr], Tree],
    ) -> None:
        by_slot = tables(clauses, frozenset(range(len(slots))) - rare)
        order = sorted(by_slot, key=lambda slot: not is_attribute(slots[slot]))
        self.readings = Readings([slots[slot] for slot in order], tree)
        self._every = (1 << len(clauses)) - 1
        self._listed, self._bounded = [], []
        for place, slot in enumerate(order):
            table = by_slot[slot]
            sure, possible = table.missing
            ruled_out = None if possible == self._every else possible
            absent = (sure, ruled_out, table.unavailable)
            if table.exact != {}:
                self._listed.append((place, table.exact.get, (*absent, table.cuts, table.between)))
            else:
                self._bounded.append((place, table.cuts, table.between, *absent))

    def left(self, values: Values) -> tuple[int, int]:
        """The clauses that the values leave: surely, possibly. Few rules ask what is missing, so that a missing value
        mostly leaves all possible."""
        possible = sure = self._every
        for place, exact, others in self._listed:
            value = values[place]
            row = exact(value)
            if row is None:
                missing, row, unavailable, cuts, between = others
                if value is None:
                    sure &= missing
                    if row is None:
                        continue
                elif value is UNAVAILABLE:
                    sure &= unavailable.sure
                    row = unavailable.possible
                else:
                    row = between[bisect_right(cuts, value)]
            possible &= row
        for place, cuts, between, missing, row, unavailable in self._bounded:
            value = values[place]
            if value is None:
                sure &= missing
                if row is not None:
                    possible &= row
            elif value is UNAVAILABLE:
                sure &= unavailable.sure
                possible &= unavailable.possible
            else:
                possible &= between[bisect_right(cuts, value)]
        return sure & possible, possible
