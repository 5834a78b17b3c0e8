"""What is read of a user for an index: the common slots all at once, the rare ones when asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeGuard

from compiler.checked.ir import Attribute, Expr, Sum
from compiler.decision.arithmetic import STEPS
from compiler.decision.context import Context
from compiler.decision.index_literals import Order, key
from compiler.facts import Facts
from compiler.types import UNAVAILABLE

Tree = Callable[[Any], Any]
"""Of a Context."""
Values = list[Any]
"""Of the common slots."""


class Readings:
    """`slots`: the expressions of the common slots, attributes first. `tree` makes the tree of an expression."""

    def __init__(self, slots: Sequence[Expr], tree: Callable[[Expr], Tree]) -> None:
        self._make = tree
        self.made_trees = False
        """Whether any reading is made by a tree, which needs a Context: attributes and sums of them do not."""
        self._names = tuple(expr.name for expr in slots if is_attribute(expr))
        self._trees = tuple(self.alone(expr) for expr in slots[len(self._names) :])
        self._places: dict[Hashable, int] = {key(expr): place for place, expr in enumerate(slots)}

    def values(self, context: Context | Facts) -> Values:
        values = list(map(context.user.get, self._names))
        if self._trees:
            values += [tree(context) for tree in self._trees]
        return values

    def places(self, left: Expr, right: Expr) -> tuple[int, int] | None:
        """Where the values of two expressions are, if both are common."""
        places = self._places.get(key(left)), self._places.get(key(right))
        return None if None in places else places  # type: ignore[return-value]  # none of them is None

    def rare(self, expr: Expr) -> Callable[[Any, Values], Any]:
        """The reading of a slot that is not common; a sum of two that are is made from their values."""
        if isinstance(expr, Sum) and len(expr.terms) == 2:
            places = self.places(*expr.terms)
            if places is not None:
                return _sum(expr, *places)
        tree = self.alone(expr)
        return lambda context, values: tree(context)

    def alone(self, expr: Expr) -> Tree:
        """The reading of one slot."""
        self.made_trees = True
        if not isinstance(expr, Order):
            return self._make(expr)
        left, right = self._make(expr.left), self._make(expr.right)
        return lambda context: order(left(context), right(context))


def _sum(expr: Sum, left: int, right: int) -> Callable[[Any, Values], Any]:
    step = STEPS[expr.operators[0], expr.terms[0].type.kind, expr.terms[1].type.kind]

    def total(context: object, values: Values) -> Any:
        a, b = values[left], values[right]
        if a is UNAVAILABLE or b is UNAVAILABLE:
            return UNAVAILABLE
        return None if a is None or b is None else step(a, b)

    return total


def order(left: Any, right: Any) -> int | None:
    """−1, 0, 1, or None where a value is missing or unavailable."""
    if left is None or right is None or left is UNAVAILABLE or right is UNAVAILABLE:
        return None
    return -1 if left < right else 1 if left > right else 0


def is_attribute(expr: Expr) -> TypeGuard[Attribute]:
    """Of the user."""
    return isinstance(expr, Attribute) and expr.scope == "user"
