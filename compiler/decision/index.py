"""The predicate index: all rules that hold, found together.

Each rule is normalised to clauses, each clause has a bit. For every slot (something that is read once) a table gives
the bitset of the clauses that the value read does not falsify; the AND of one row per slot leaves the clauses that
hold, the OR of a rule's clauses says whether the rule does. With a missing or unavailable reading a clause may be
*possible* without being *sure*; what is possible and not sure is unknown, exactly as in Kleene's logic.

The technique is that of bitmap indices (O'Neil and Quass, Improved Query Performance with Variant Indexes, SIGMOD
1997), turned round: the rules are indexed and the user is the query.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from compiler.checked.ir import Expr
from compiler.decision.context import Context
from compiler.decision.index_clauses import Clauses, Clausifier
from compiler.decision.index_layout import asks_about, block, rare
from compiler.decision.index_names import Names
from compiler.decision.index_rows import tables
from compiler.types import UNAVAILABLE

Tree = Callable[[Context], Any]


class Matches(NamedTuple):
    """Bits of rules, disjoint: those that hold, and those of which it is unknown."""

    yes: int
    unknown: int


class Index:
    """Immutable once built: any number of threads may use it."""

    def __init__(self, rules: Mapping[str, Clauses], readings: Sequence[Tree]) -> None:
        slots = rare([clause for clauses in rules.values() for clause in clauses])
        late = {name: clauses for name, clauses in rules.items() if asks_about(clauses, slots)}
        self._late = block(late)
        self._common = block({name: clauses for name, clauses in rules.items() if name not in late})
        placed = self._late.clauses + self._common.clauses
        self._every = (1 << len(placed)) - 1
        common = tables(placed, frozenset(range(len(readings))) - slots)
        self._tables = [(readings[slot], *table[:-1]) for slot, table in common.items()]
        self._late_tables = [
            (readings[slot], table) for slot, table in tables(self._late.clauses, slots).items()
        ]
        self.names = self._late.names + self._common.names
        """By bit."""
        self._names = Names(self.names)

    def match(self, context: Context) -> Matches:
        """Every rule's answer."""
        possible = sure = self._every
        for read, exact, cuts, between, missing, unavailable in self._tables:
            value = read(context)
            row = exact.get(value)
            if row is None:
                if value is None:
                    sure &= missing.sure
                    row = missing.possible
                elif value is UNAVAILABLE:
                    sure &= unavailable.sure
                    row = unavailable.possible
                else:
                    row = between[bisect_right(cuts, value)]
            possible &= row
        return self._collapsed(context, sure & possible, possible)

    def named(self, bits: int) -> list[str]:
        """The names of the rules with these bits, in the order of `names`."""
        return self._names.named(bits)

    def numbers(self, bits: int) -> npt.NDArray[np.intp]:
        """The positions in `names` of the rules with these bits."""
        return self._names.numbers(bits)

    def _collapsed(self, context: Context, sure: int, possible: int) -> Matches:
        width, first = len(self._late.clauses), len(self._late.names)
        yes = self._common.collapse(sure >> width) << first
        maybe = self._common.collapse(possible >> width) << first
        if first:
            only = (1 << width) - 1
            late_sure, late_possible = self._narrowed(context, sure & only, possible & only)
            yes |= self._late.collapse(late_sure)
            maybe |= self._late.collapse(late_possible)
        return Matches(yes, yes ^ maybe)

    def _narrowed(self, context: Context, sure: int, possible: int) -> tuple[int, int]:
        """By the rare slots, of which only those are read that a clause still possible asks about."""
        for read, table in self._late_tables:
            if possible & table.asking:
                rows = table.rows(read(context))
                sure &= rows.sure
                possible &= rows.possible
        return sure, possible


def build_index(
    conditions: Mapping[str, Expr], tree: Callable[[Expr], Tree], crowd: Callable[[str], Expr]
) -> Index:
    """The index of named conditions. `tree` gives an expression's reading, `crowd` the condition of a crowd."""
    clausifier = Clausifier(crowd)
    rules = {name: clausifier.clauses(condition) for name, condition in conditions.items()}
    return Index(rules, [tree(expr) for expr in clausifier.slots.expressions])
