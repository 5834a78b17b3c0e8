"""One decision under way: the user's facts, and what several plans ask of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compiler.decision.context import Context
from compiler.facts import Touch
from compiler.types import UNAVAILABLE, Unavailable
from dsl.frozen import dataclass

Touches = tuple[Touch, ...] | Unavailable


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, now or later, at which limits are judged, supposing that nothing happens after now.

    `touches`: those up to now, by time. `occurrence`: of the plan that is judged, None without one.
    """

    context: Context
    zone: str
    at: int
    touches: Touches
    occurrence: str | None = None

    def later(self, at: int) -> Moment:
        return replace(self, at=at)

    def of(self, occurrence: str | None) -> Moment:
        return Moment(self.context, self.zone, self.at, self.touches, occurrence)


class Case:
    """What plans share: a Context, the touches looked at, and answers that are the same for many plans (`memo`)."""

    __slots__ = ("_moments", "context", "memo", "zone")

    def __init__(self, context: Context, zone: str) -> None:
        self.context = context
        self.zone = zone
        self.memo: dict[Any, Any] = {}
        self._moments: dict[bool, Moment] = {}

    def moment(self, held_out: bool) -> Moment:
        """Now; a plan that holds the user out looks at shadow touches besides."""
        found = self._moments.get(held_out)
        if found is None:
            facts = self.context.facts
            touches = _both(facts.touches, facts.shadow) if held_out else facts.touches
            found = Moment(self.context, self.zone, facts.now, _until(touches, facts.now))
            self._moments[held_out] = found
        return found


def _both(touches: Touches, shadow: Touches) -> Touches:
    if touches is UNAVAILABLE or shadow is UNAVAILABLE:
        return UNAVAILABLE
    return tuple(sorted((*touches, *shadow), key=lambda touch: touch.time)) if shadow else touches


def _until(touches: Touches, now: int) -> Touches:
    if touches is UNAVAILABLE or not touches or touches[-1].time <= now:
        return touches
    return tuple(touch for touch in touches if touch.time <= now)
