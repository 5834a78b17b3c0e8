"""The rare slots. Each is read only if a clause asks about it that the common slots left possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compiler.checked.ir import Expr
from compiler.decision.context import Context
from compiler.decision.index_literals import Order
from compiler.decision.index_readings import Readings, Values
from compiler.decision.index_rows import Table
from compiler.facts import Facts
from compiler.types import UNAVAILABLE


class RareSlots:
    """`by_slot`: the tables of the rare slots, which `slots` gives the expressions of."""

    def __init__(self, by_slot: Mapping[int, Table], slots: Sequence[Expr], readings: Readings) -> None:
        self._orders = []
        self._others = []
        for slot, table in by_slot.items():
            expr = slots[slot]
            places = readings.places(expr.left, expr.right) if isinstance(expr, Order) else None
            if places is None:
                self._others.append((table.asking, readings.rare(expr), table.exact.get, table.narrow))
            else:
                rows = tuple(table.row(order) for order in (-1, 0, 1))
                self._orders.append((table.asking, *places, rows, table.missing.sure))

    def left(self, context: Context | Facts, values: Values, sure: int, possible: int) -> tuple[int, int]:
        """What is left of these clauses, surely and possibly; `values` are those of the common slots."""
        for asking, left, right, (below, same, above), unknown in self._orders:
            if possible & asking:
                a, b = values[left], values[right]
                if a is None or b is None or a is UNAVAILABLE or b is UNAVAILABLE:
                    sure &= unknown
                else:
                    possible &= below if a < b else above if a > b else same
        for asking, read, exact, narrow in self._others:
            if possible & asking:
                value = read(context, values)
                row = exact(value)
                if row is None:
                    sure, possible = narrow(value, sure, possible)
                else:
                    possible &= row
        return sure & possible, possible
