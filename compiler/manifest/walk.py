"""The facts that expressions look at, themselves and by the crowds and scores that they lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from compiler.builtins import Resolved, resolve
from compiler.checked import ir
from compiler.manifest.needs import EVER, EventNeed, Manifest, Reach
from compiler.shapes import Shape, shape_of

_HOUR: Final = 3_600_000_000
_DAYS: Final = {"day": 1, "week": 7, "month": 31}
_CLOCK_SPREAD: Final = 2 * 26 * _HOUR
"""Offsets from UTC lie within 26 hours (RFC 9636, section 3.2): by how much further apart two instants can be than
their local times are."""


@dataclass(frozen=True, slots=True)
class View:
    """From where an expression looks at facts.

    `in_past`: its now is not the decision's, but any instant before: that of a trigger.
    `event`, `trigger`: the types of the events whose fields it sees.
    """

    in_past: bool = False
    event: str = ""
    trigger: str = ""


Step: TypeAlias = tuple[ir.Expr, View]


class Needs:
    """What was met so far.

    `keeping`: a store keeps open occurrences, and triggers are judged as their events come in; it folds old events into
    totals of `shapes`. Else occurrences are derived from all events, each judged in its own past.
    """

    def __init__(self, ruleset: ir.RuleSet, *, keeping: bool = False) -> None:
        self.ruleset = ruleset
        self.keeping = keeping
        self.attributes: set[str] = set()
        self.inputs: set[str] = set()
        self.reaches: dict[str, Reach] = {}
        self.shapes: dict[str, Shape] = {}
        self.fields: defaultdict[str, set[str]] = defaultdict(set)
        self.lists: set[str] = set()
        self.touches: Reach | None = None
        self.touched: set[str] = set()
        self.budgets: set[str] = set()
        self.zone = False
        self.followed: set[tuple[str, View]] = set()

    def manifest(self) -> Manifest:
        return Manifest(
            attributes=frozenset(self.attributes),
            inputs=frozenset(self.inputs),
            events={
                name: EventNeed(reach, frozenset(self.fields[name])) for name, reach in self.reaches.items()
            },
            totals=frozenset(self.shapes),
            lists=frozenset(self.lists),
            touches=self.touches,
            budgets=frozenset(self.budgets),
            zone=self.zone,
        )

    def add_event(self, name: str, reach: Reach, *fields: str) -> None:
        self.reaches[name] = self.reaches.get(name, reach).joined(reach)
        self.fields[name].update(fields)

    def add_looked_at(self, expr: ir.Aggregate | ir.Did | ir.SinceLast, reach: Reach) -> None:
        """The events of an expression that looks so far back. Those that a total stands for need not be kept."""
        if (shape := shape_of(self.ruleset, expr)) is not None:
            self.shapes[shape.name] = shape
        self.add_event(expr.event, Reach() if shape is not None and self.keeping else reach)

    def add_touches(self, reach: Reach) -> None:
        self.touches = reach if self.touches is None else self.touches.joined(reach)

    def add_touches_of(self, name: str, reach: Reach) -> None:
        """Those of one activity or campaign. Where all of them are kept, not all of the others have to be."""
        if self.keeping and reach.microseconds is None:
            self.touched.add(name)
        else:
            self.add_touches(reach)

    def add_zone(self) -> None:
        self.zone = True
        if self.ruleset.user_zone is not None:
            self.attributes.add(self.ruleset.user_zone)

    def add_user_id(self) -> None:
        if self.ruleset.user_key is not None:
            self.attributes.add(self.ruleset.user_key)

    def period(self, period: ir.Period | None) -> Reach:
        """How far back a period looks, None being for ever. A calendar one needs the user's zone."""
        if isinstance(period, ir.Calendar):
            self.add_zone()
            return Reach(_DAYS[period.unit] * 24 * _HOUR + _CLOCK_SPREAD)
        return EVER if period is None else Reach(period.microseconds)

    def follow(self, expr: ir.Expr | None, view: View = View()) -> None:
        """Note what the expression and all that it leads to look at."""
        pending: list[Step] = [] if expr is None else [(expr, view)]
        while pending:
            current, seen_from = pending.pop()
            look = _LOOKS.get(type(current))
            if look is None:
                pending += _below(current, seen_from)
            else:
                pending += look(self, current, seen_from)


def _below(expr: ir.Expr, view: View) -> list[Step]:
    return [(each, view) for each in ir.direct_subexpressions(expr)]


def _attribute(needs: Needs, expr: ir.Attribute, view: View) -> list[Step]:
    (needs.attributes if expr.scope == "user" else needs.inputs).add(expr.name)
    return []


def _event_field(needs: Needs, expr: ir.EventField, view: View) -> list[Step]:
    needs.fields[view.event].add(expr.name)
    return []


def _trigger_field(needs: Needs, expr: ir.TriggerField, view: View) -> list[Step]:
    needs.fields[view.trigger].add(expr.name)
    return []


def _local_date(needs: Needs, expr: ir.LocalDate, view: View) -> list[Step]:
    needs.add_zone()
    return []


def _call(needs: Needs, expr: ir.Call, view: View) -> list[Step]:
    resolved = resolve(expr.function, [each.type for each in expr.arguments])
    if isinstance(resolved, Resolved) and resolved.overload.uses_zone:
        needs.add_zone()
    return _below(expr, view)


def _score(needs: Needs, expr: ir.ScoreRef | ir.GradeRef, view: View) -> list[Step]:
    score = needs.ruleset.scores[expr.score]
    lines = [part for line in score.lines for part in (line.points, line.condition) if part is not None]
    return _definition(needs, score, lines, view)


def _in_crowd(needs: Needs, expr: ir.InCrowd, view: View) -> list[Step]:
    crowd = needs.ruleset.crowds[expr.crowd]
    return _definition(needs, crowd, [crowd.condition], view)


def _definition(needs: Needs, definition: ir.Definition, parts: Iterable[ir.Expr], view: View) -> list[Step]:
    """Definitions know of no event or trigger, and are followed once from now and once from the past."""
    bare = View(view.in_past)
    if (definition.key, bare) in needs.followed:
        return []
    needs.followed.add((definition.key, bare))
    return [(part, bare) for part in parts]


def _in_list(needs: Needs, expr: ir.InList, view: View) -> list[Step]:
    needs.lists.add(expr.list)
    return []


def _in_share(needs: Needs, expr: ir.InShare, view: View) -> list[Step]:
    needs.add_user_id()
    return []


# ---- events


def _rolling(needs: Needs, window: ir.Rolling, view: View) -> Reach:
    return EVER if view.in_past else Reach(window.microseconds)


def _local_day(needs: Needs, window: ir.LocalDay, view: View) -> Reach:
    day = needs.period(ir.Calendar("day"))
    return EVER if view.in_past else day


def _fixed(needs: Needs, window: ir.Fixed, view: View) -> Reach:
    return Reach(start=window.start)


def _ever(needs: Needs, window: ir.Ever, view: View) -> Reach:
    return EVER


_WINDOWS: dict[type[ir.Window], Callable[[Needs, Any, View], Reach]] = {
    ir.Rolling: _rolling,
    ir.LocalDay: _local_day,
    ir.Fixed: _fixed,
    ir.Ever: _ever,
}


def _aggregate(needs: Needs, expr: ir.Aggregate, view: View) -> list[Step]:
    reach = _WINDOWS[type(expr.window)](needs, expr.window, view)
    needs.add_looked_at(expr, reach)
    if expr.without is not None:
        needs.add_event(expr.event, reach, expr.without.field)
        needs.add_event(expr.without.event, reach, expr.without.field)
    return _on_event(view, expr.event, expr.field, expr.where)


def _did(needs: Needs, expr: ir.Did, view: View) -> list[Step]:
    needs.add_looked_at(expr, _WINDOWS[type(expr.window)](needs, expr.window, view))
    return _on_event(view, expr.event, expr.where)


def _sequence(needs: Needs, expr: ir.Sequence, view: View) -> list[Step]:
    reach = _WINDOWS[type(expr.window)](needs, expr.window, view)
    for event in (expr.first, expr.then, expr.without):
        if event is not None:
            needs.add_event(event, reach)
    return _on_event(view, expr.first, expr.first_where) + _on_event(view, expr.then, expr.then_where)


def _since_last(needs: Needs, expr: ir.SinceLast, view: View) -> list[Step]:
    needs.add_looked_at(expr, EVER)
    return []


def _on_event(view: View, event: str, *parts: ir.Expr | None) -> list[Step]:
    inside = replace(view, event=event)
    return [(part, inside) for part in parts if part is not None]


_LOOKS: dict[type[ir.Expr], Callable[[Needs, Any, View], list[Step]]] = {
    ir.Attribute: _attribute,
    ir.EventField: _event_field,
    ir.TriggerField: _trigger_field,
    ir.LocalDate: _local_date,
    ir.Call: _call,
    ir.ScoreRef: _score,
    ir.GradeRef: _score,
    ir.InCrowd: _in_crowd,
    ir.InList: _in_list,
    ir.InShare: _in_share,
    ir.Aggregate: _aggregate,
    ir.Did: _did,
    ir.Sequence: _sequence,
    ir.SinceLast: _since_last,
}
