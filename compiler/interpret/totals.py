"""What events come to that are no longer there. Semantics, *Totals*."""

from __future__ import annotations

from compiler.checked.ir import Aggregate, Did, Ever, SinceLast
from compiler.facts import Event, Total
from compiler.interpret.history import events_in, history
from compiler.interpret.scene import Scene
from compiler.shapes import shape_of
from compiler.types import UNAVAILABLE, Unavailable


def total_of(expr: Aggregate | Did | SinceLast, scene: Scene) -> Total | None:
    """The total of the expression's shape; None where it has none or the facts do not hold it."""
    if not scene.facts.totals:
        return None
    shape = shape_of(scene.ruleset, expr)
    return None if shape is None else scene.facts.totals.get(shape.name)


def happened_before(total: Total, scene: Scene) -> bool:
    """Whether all that was folded lies before the scene's now."""
    return total.until < scene.now


def events_beside(total: Total | None, expr: Aggregate | Did, scene: Scene) -> list[Event] | Unavailable:
    """The events in the window that the total does not tell of."""
    if total is None:
        return events_in(expr.event, expr.window, scene)
    assert isinstance(expr.window, Ever), "others have no shape"
    known = total.is_complete and happened_before(total, scene)
    return history(expr.event, scene) if known else UNAVAILABLE
