"""The common slots: each is read and looked up for every user. What an index spends its time in, so it is spelled out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from compiler.decision.index_readings import Values
from compiler.decision.index_rows import Table
from compiler.types import UNAVAILABLE


class CommonTables:
    """`tables` in the order of the slots' values, for clauses of `width` bits."""

    def __init__(self, tables: Sequence[Table], width: int) -> None:
        self._every = (1 << width) - 1
        self._listed = [
            (place, table.exact.get, table[1:5]) for place, table in enumerate(tables) if table.exact
        ]
        self._bounded = [(place, *table[1:5]) for place, table in enumerate(tables) if not table.exact]

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
