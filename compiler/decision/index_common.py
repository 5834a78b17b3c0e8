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
        placed = [(place, by_slot[slot]) for place, slot in enumerate(order)]
        self._listed = [(place, table.exact.get, table[1:5]) for place, table in placed if table.exact]
        self._bounded = [(place, *table[1:5]) for place, table in placed if not table.exact]

    def left(self, values: Values) -> tuple[int, int]:
        """The clauses that the values leave: surely, possibly."""
        possible = sure = self._every
        for place, exact, others in self._listed:
            value = values[place]
            row = exact(value)
            if row is None:
                cuts, between, missing, unavailable = others
                if value is None:
                    sure &= missing.sure
                    row = missing.possible
                elif value is UNAVAILABLE:
                    sure &= unavailable.sure
                    row = unavailable.possible
                else:
                    row = between[bisect_right(cuts, value)]
            possible &= row
        for place, cuts, between, missing, unavailable in self._bounded:
            value = values[place]
            if value is None:
                sure &= missing.sure
                possible &= missing.possible
            elif value is UNAVAILABLE:
                sure &= unavailable.sure
                possible &= unavailable.possible
            else:
                possible &= between[bisect_right(cuts, value)]
        return sure & possible, possible
