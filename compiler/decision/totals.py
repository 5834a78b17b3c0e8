"""Trees of what looks back for ever: they begin at the total of old events, where the facts hold one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compiler.checked.ir import Aggregate, Did, SinceLast
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.decision.windows import until
from compiler.facts import Event, Total
from compiler.shapes import shape_of
from compiler.types import UNAVAILABLE, Value

Begun = Callable[[Total, Sequence[Event], Context], Value]
"""What a total and the events that are kept beside it come to."""


def begun(expr: Aggregate | Did | SinceLast, trees: Trees, plain: Tree, make: Callable[[], Begun]) -> Tree:
    """`plain` tells what the events alone come to."""
    shape = shape_of(trees.ruleset, expr)
    if shape is None:
        return plain
    name, event, begin = shape.name, shape.event, make()
    hidden = None if isinstance(expr, Did) else UNAVAILABLE

    def told(context: Context) -> Value:
        total = context.totals.get(name) if context.totals else None
        if total is None:
            value: Value = plain(context)
            return value
        events = context.events.get(event, ())
        if events is UNAVAILABLE or total.until >= context.now:
            return hidden
        return begin(total, until(events, context.now), context)

    return told
