"""The predicate index: all rules that hold, found together.

Each rule is normalised to clauses, each clause has a bit. For every slot (something that is read once) a table gives
the bitset of the clauses that the value read does not falsify; the AND of one row per slot leaves the clauses that
hold, the OR of a rule's clauses says whether the rule does. With a missing or unavailable reading a clause may be
*possible* without being *sure*; what is possible and not sure is unknown, exactly as in Kleene's logic.

The technique is that of bitmap indices (O'Neil and Quass, Improved Query Performance with Variant Indexes, SIGMOD
1997), turned round: the rules are indexed and the user is the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from compiler.checked.ir import Expr
from compiler.decision.context import Context
from compiler.decision.index_clauses import Clauses, Clausifier
from compiler.decision.index_common import CommonSlots
from compiler.decision.index_layout import Block, asks_about, block, in_blocks, rare
from compiler.decision.index_names import Names, Numbers
from compiler.decision.index_rare import RareSlots
from compiler.decision.index_readings import Tree
from compiler.decision.index_rows import tables
from compiler.facts import Facts
from dsl.collector import collector_paused

Matches = tuple[int, int]
"""Bits of rules, disjoint: those that hold, and those of which it is unknown."""


class Late(NamedTuple):
    """A block of rules that ask about rare slots."""

    block: Block
    slots: RareSlots
    first_clause: int
    mask: int
    """A bit for every clause."""
    first_rule: int


class Index:
    """Immutable once built: any number of threads may use it. `slots` are the expressions that literals number."""

    def __init__(
        self, rules: Mapping[str, Clauses], slots: Sequence[Expr], tree: Callable[[Expr], Tree]
    ) -> None:
        seldom = rare([clause for clauses in rules.values() for clause in clauses])
        late = {name: clauses for name, clauses in rules.items() if asks_about(clauses, seldom)}
        self._common = block({name: clauses for name, clauses in rules.items() if name not in late})
        blocks = in_blocks(late)
        placed = list(chain(self._common.clauses, *(each.clauses for each in blocks)))
        self._slots = CommonSlots(placed, slots, seldom, tree)
        self._late = list(self._behind(blocks, slots, seldom))
        self._needs_context = self._slots.readings.made_trees
        self.names = self._common.names + tuple(name for each in blocks for name in each.names)
        """By bit."""
        self._names = Names(self.names)

    def match(self, facts: Facts) -> Matches:
        """Every rule's answer."""
        return self.matched(Context(facts) if self._needs_context else facts)

    def matched(self, context: Context | Facts) -> Matches:
        """The same for who has a Context, which others go on with."""
        values = self._slots.readings.values(context)
        sure, possible = self._slots.left(values)
        yes, maybe = self._common.collapse(sure, possible)
        for late in self._late:
            left = possible >> late.first_clause & late.mask
            if left:
                narrowed = late.slots.left(context, values, sure >> late.first_clause & late.mask, left)
                late_yes, late_maybe = late.block.collapse(*narrowed)
                yes |= late_yes << late.first_rule
                maybe |= late_maybe << late.first_rule
        return yes, yes ^ maybe

    def _behind(
        self, blocks: Sequence[Block], slots: Sequence[Expr], seldom: frozenset[int]
    ) -> Iterator[Late]:
        clause, rule = len(self._common.clauses), len(self._common.names)
        for each in blocks:
            width = len(each.clauses)
            rare_slots = RareSlots(tables(each.clauses, seldom), slots, self._slots.readings)
            yield Late(each, rare_slots, clause, (1 << width) - 1, rule)
            clause, rule = clause + width, rule + len(each.names)

    def named(self, matches: Matches) -> tuple[list[str], list[str]]:
        """The names of the rules that hold and of those of which it is unknown, in the order of `names`."""
        return self._names.named(*matches)

    def split(self, matches: Matches) -> tuple[Numbers, Numbers]:
        """The positions in `names` of the rules that hold and of those of which it is unknown."""
        return self._names.split(*matches)

    def numbers(self, bits: int) -> npt.NDArray[np.intp]:
        """The positions in `names` of the rules with these bits."""
        return self._names.numbers(bits)


@collector_paused()
def build_index(
    conditions: Mapping[str, Expr], tree: Callable[[Expr], Tree], crowd: Callable[[str], Expr]
) -> Index:
    """The index of named conditions. `tree` gives an expression's tree, `crowd` the condition of a crowd."""
    clausifier = Clausifier(crowd)
    rules = {name: clausifier.clauses(condition) for name, condition in conditions.items()}
    return Index(rules, clausifier.slots.expressions, tree)
