"""Why a value is missing or unavailable, said where it first happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.explain.asked import Asked, View, now_of
from compiler.explain.takings import takings
from compiler.explain.words import Words, counted
from compiler.facts import Facts
from compiler.totals import total_of
from compiler.types import MISSING, UNAVAILABLE, Value


@dataclass(frozen=True, slots=True)
class Seen:
    """A part whose value is not there, or whose answer is unknown."""

    asked: Asked
    facts: Facts
    expr: Any
    view: View
    value: Value

    @property
    def words(self) -> Words:
        return Words.of(self.asked.ruleset, self.facts)

    def of(self, part: ir.Expr) -> Value:
        return self.asked.value(part, self.facts, self.view)

    def parts_are_there(self) -> bool:
        return all(
            self.of(part) not in (MISSING, UNAVAILABLE) for part in ir.direct_subexpressions(self.expr)
        )


def gap_of(asked: Asked, facts: Facts, expr: ir.Expr, view: View) -> str | None:
    """The reason, where it lies in this part; None where all is there, or the reason lies in a part of it."""
    value = asked.value(expr, facts, view)
    if value is not MISSING and value is not UNAVAILABLE:
        return None
    say = _GAPS.get(type(expr), _computed)
    return say(Seen(asked, facts, expr, view, value))


def _attribute(seen: Seen) -> str:
    name = f"{seen.expr.scope}.{seen.expr.name}"
    return f"{name} is {'missing' if seen.value is MISSING else 'unavailable'}"


def _field(seen: Seen) -> str:
    return f"{seen.expr.name} of the event is missing"


def _list(seen: Seen) -> str:
    return f"list {seen.expr.list} is unavailable"


def _share(seen: Seen) -> str:
    return "who the user is is not known, so no share can be told"


def _converted(seen: Seen) -> str | None:
    return "the amount is too large to be converted" if seen.parts_are_there() else None


def _computed(seen: Seen) -> str | None:
    """A value of others that are all there."""
    if not seen.parts_are_there():
        return None
    return "this cannot be computed: a division by zero, or out of range"


def _called(seen: Seen) -> str | None:
    return f"`{seen.expr.function}` gives nothing for this" if seen.parts_are_there() else None


def _picked(seen: Seen) -> str | None:
    return None


def _events(seen: Seen) -> str | None:
    """Events that could not be had, whose history is too short, that are unknown, or that are not there."""
    names = _NAMES[type(seen.expr)](seen.expr)
    for name in names:
        if seen.facts.events.get(name) is UNAVAILABLE:
            return f"events of {name} are unavailable"
    horizons = {name: seen.facts.known_since[name] for name in names if name in seen.facts.known_since}
    total = total_of(seen.asked.ruleset, seen.facts, seen.expr)
    if total is not None and total.tells_all(now_of(seen.facts, seen.view)):
        horizons = {}
    if seen.value is UNAVAILABLE or (isinstance(seen.expr, ir.Condition) and horizons and not _unknown(seen)):
        said = [f"{name} is known since {seen.words.instant(since)}" for name, since in horizons.items()]
        return f"the window reaches back too far: {', '.join(said)}" if said else None
    unknown = _unknown(seen)
    if unknown:
        return f"{counted(unknown, 'event')} of which it is unknown whether it counts"
    return f"there is no such {names[0]}" if isinstance(seen.expr, ir.Aggregate | ir.SinceLast) else None


def _unknown(seen: Seen) -> int:
    return sum(each.open for each in takings(seen.asked, seen.facts, seen.expr, seen.view))


_NAMES: Mapping[type, Callable[[Any], list[str]]] = {
    ir.Did: lambda expr: [expr.event],
    ir.SinceLast: lambda expr: [expr.event],
    ir.Aggregate: lambda expr: [expr.event, *([] if expr.without is None else [expr.without.event])],
    ir.Sequence: lambda expr: [expr.first, expr.then, *([] if expr.without is None else [expr.without])],
}
_GAPS: Mapping[type[ir.Expr], Callable[[Seen], str | None]] = {
    ir.Attribute: _attribute,
    ir.EventField: _field,
    ir.TriggerField: _field,
    ir.InList: _list,
    ir.InShare: _share,
    ir.Convert: _converted,
    ir.Call: _called,
    ir.Pick: _picked,
    ir.LetRef: _picked,
    ir.PlanTerm: _picked,
    ir.ScoreRef: _picked,
    ir.GradeRef: _picked,
    ir.Did: _events,
    ir.SinceLast: _events,
    ir.Aggregate: _events,
    ir.Sequence: _events,
    ir.Compare: _picked,
    ir.Equal: _picked,
    ir.OneOf: _picked,
    ir.IsMissing: _picked,
    ir.FlagIs: _picked,
}
