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

ALONE: Final = 16
"""Rules that are tried one by one before others are looked up together: with luck the best is among them."""
FEW: Final = 1_000
"""Rules that are looked up together before all others are, at a third of what ten thousand cost."""


class Ranked:
    """Immutable once built: any number of threads may use it."""

    def __init__(
        self, conditions: Mapping[str, Expr], tree: Callable[[Expr], Tree], crowd: Callable[[str], Expr]
    ) -> None:
        """`conditions` best first. `tree` gives an expression's tree, `crowd` the condition of a crowd."""
        ranked = iter(conditions.items())
        self._alone = [(name, tree(condition)) for name, condition in islice(ranked, ALONE)]
        parts = (dict(islice(ranked, FEW)), dict(ranked))
        self._parts = [_Part(part, tree, crowd) for part in parts if part]

    def holding(self, facts: Facts) -> Iterator[str]:
        """The names of the rules that hold, best first. The next is looked for when it is asked for."""
        context = Context(facts)
        for name, holds in self._alone:
            if holds(context):
                yield name
        for part in self._parts:
            yield from part.holding(context)


class _Part:
    def __init__(
        self, conditions: Mapping[str, Expr], tree: Callable[[Expr], Tree], crowd: Callable[[str], Expr]
    ) -> None:
        clausifier = Clausifier(crowd)
        clauses: list[Clause] = []
        self._owners: list[tuple[str, int]] = []
        for name, condition in conditions.items():
            several = clausifier.clauses(condition)
            clauses += several
            self._owners += [(name, len(clauses))] * len(several)
        slots, seldom = clausifier.slots.expressions, rare(clauses)
        self._common = CommonSlots(clauses, slots, seldom, tree)
        alone = self._common.readings.alone
        self._rare = {
            slot: (alone(slots[slot]), table.narrow) for slot, table in tables(clauses, seldom).items()
        }
        self._asking = [tuple({literal.slot for literal in clause} & seldom) for clause in clauses]

    def holding(self, context: Context) -> Iterator[str]:
        sure, _ = self._common.left(self._common.readings.values(context))
        read: set[int] = set()
        while sure:
            bit = (sure & -sure).bit_length() - 1
            waiting = [slot for slot in self._asking[bit] if slot not in read]
            for slot in waiting:
                tree, narrow = self._rare[slot]
                sure = and_(*narrow(tree(context), sure, sure))
            if waiting:
                read.update(waiting)
                continue
            name, end = self._owners[bit]
            yield name
            sure = sure >> end << end
