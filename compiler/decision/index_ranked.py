"""The predicate index over rules in a fixed order, best first: the best that holds is the lowest bit that is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from operator import and_
from typing import Final

from compiler.checked.ir import Expr
from compiler.decision.context import Context
from compiler.decision.index_clauses import Clause, Clausifier
from compiler.decision.index_common import CommonSlots
from compiler.decision.index_layout import rare
from compiler.decision.index_readings import Tree
from compiler.decision.index_rows import tables
from compiler.facts import Facts

FIRST: Final = 16
"""Rules that are tried one by one before all others are looked up together: with luck the best is among them."""


class Ranked:
    """Immutable once built: any number of threads may use it."""

    def __init__(
        self, conditions: Mapping[str, Expr], tree: Callable[[Expr], Tree], crowd: Callable[[str], Expr]
    ) -> None:
        """`conditions` best first. `tree` gives an expression's tree, `crowd` the condition of a crowd."""
        clausifier = Clausifier(crowd)
        slots = clausifier.slots.expressions
        self._first = [(name, tree(conditions[name])) for name in islice(conditions, FIRST)]
        clauses: list[Clause] = []
        self._owners: list[tuple[str, int]] = []
        for name in islice(conditions, FIRST, None):
            several = clausifier.clauses(conditions[name])
            clauses += several
            self._owners += [(name, len(clauses))] * len(several)
        seldom = rare(clauses)
        self._common = CommonSlots(clauses, slots, seldom, tree)
        late = tables(clauses, seldom)
        alone = self._common.readings.alone
        self._narrowing = {slot: (alone(slots[slot]), late[slot].narrow) for slot in late}
        self._rare = [tuple({literal.slot for literal in clause} & seldom) for clause in clauses]

    def holding(self, facts: Facts) -> Iterator[str]:
        """The names of the rules that hold, best first. The next is looked for when it is asked for."""
        context = Context(facts)
        for name, holds in self._first:
            if holds(context):
                yield name
        sure, _ = self._common.left(self._common.readings.values(context))
        read: set[int] = set()
        while sure:
            bit = (sure & -sure).bit_length() - 1
            waiting = [slot for slot in self._rare[bit] if slot not in read]
            for slot in waiting:
                tree, narrow = self._narrowing[slot]
                sure = and_(*narrow(tree(context), sure, sure))
            if waiting:
                read.update(waiting)
                continue
            name, end = self._owners[bit]
            yield name
            sure = sure >> end << end
