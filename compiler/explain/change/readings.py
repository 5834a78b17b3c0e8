"""What a condition depends on: the facts that it reads, and the values that it measures them by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.builtins import Mismatch, resolve
from compiler.checked import ir
from compiler.explain.asked import View
from compiler.types import DURATION, INSTANT, INT, Kind, Present, Type

Use = ir.Did | ir.Aggregate | ir.SinceLast | ir.Sequence
"""A part that looks at the events of a type."""


@dataclass(slots=True)
class Reading:
    """What one condition reads, seen from one view.

    `constants`: by type, in the order met. `conditions`: those inside of it that it is not made of as `and` and `or`
    are: of score lines and picks. `values`: its other parts, outside of any `where`.
    """

    attributes: dict[tuple[str, str], Type] = field(default_factory=dict)
    lists: dict[str, None] = field(default_factory=dict)
    uses: list[tuple[Use, View]] = field(default_factory=list)
    event_fields: dict[str, Type] = field(default_factory=dict)
    trigger_fields: dict[str, Type] = field(default_factory=dict)
    constants: dict[Type, dict[Present, None]] = field(default_factory=dict)
    conditions: list[tuple[ir.Expr, View]] = field(default_factory=list)
    scores: dict[str, View] = field(default_factory=dict)
    values: list[tuple[ir.Expr, View]] = field(default_factory=list)
    calls: dict[str, None] = field(default_factory=dict)
    reads_now: bool = False
    reads_zone: bool = False
    reads_id: bool = False

    def constant(self, type: Type, value: Present) -> None:
        self.constants.setdefault(type, {})[value] = None


class Reader:
    """Reads conditions of a rule set; those that are read again are remembered."""

    def __init__(self, ruleset: ir.RuleSet) -> None:
        self.ruleset = ruleset
        self._known: dict[tuple[int, View], tuple[ir.Expr, Reading]] = {}

    def reading(self, expr: ir.Expr, view: View) -> Reading:
        key = (id(expr), view)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (expr, _Walk(self.ruleset).reading(expr, view))
        return found[1]


Step = tuple[ir.Expr, View, bool]
"""A part, from where it sees, and whether it stands inside a `where`."""


class _Walk:
    """One reading under way. Iterative; every definition is entered once."""

    def __init__(self, ruleset: ir.RuleSet) -> None:
        self.ruleset = ruleset
        self.found = Reading()
        self.entered: set[tuple[str, View]] = set()

    def reading(self, expr: ir.Expr, view: View) -> Reading:
        pending: list[Step] = [(expr, view, False)]
        while pending:
            current, seen_from, in_where = pending.pop()
            self.note(current, seen_from, in_where)
            below = list(_BELOW.get(type(current), _plain_parts)(self, current, seen_from, in_where))
            pending += reversed(below)
        return self.found

    def note(self, expr: ir.Expr, view: View, in_where: bool) -> None:
        if not in_where:
            self.found.values.append((expr, view))
        note = _NOTES.get(type(expr))
        if note is not None:
            note(self.found, expr, view)
        if _uses_zone(expr):
            self.found.reads_zone = True
            self.add_zone()

    def add_zone(self) -> None:
        name = self.ruleset.user_zone
        if name is not None:
            self.found.attributes["user", name] = self.ruleset.attributes[name].type

    def enter(self, key: str, view: View, parts: list[ir.Expr]) -> Iterator[Step]:
        if (key, view) not in self.entered:
            self.entered.add((key, view))
            for part in parts:
                yield part, view, False


def _plain_parts(walk: _Walk, expr: ir.Expr, view: View, in_where: bool) -> Iterator[Step]:
    for part in ir.direct_subexpressions(expr):
        yield part, view, in_where


def _pick_parts(walk: _Walk, expr: ir.Pick, view: View, in_where: bool) -> Iterator[Step]:
    if not in_where:
        walk.found.conditions += [(condition, view) for _, condition in expr.arms]
    yield from _plain_parts(walk, expr, view, in_where)


def _crowd_parts(walk: _Walk, expr: ir.InCrowd, view: View, in_where: bool) -> Iterator[Step]:
    crowd = walk.ruleset.crowds[expr.crowd]
    yield from walk.enter(crowd.key, view.of_definitions(), [crowd.condition])


def _score_parts(walk: _Walk, expr: ir.ScoreRef | ir.GradeRef, view: View, in_where: bool) -> Iterator[Step]:
    score, inside = walk.ruleset.scores[expr.score], view.of_definitions()
    walk.found.scores[score.name] = inside
    for band in score.bands:
        if band.threshold is not None:
            walk.found.constant(score.type, band.threshold)
    conditions = [line.condition for line in score.lines if line.condition is not None]
    if (score.key, inside) not in walk.entered:
        walk.found.conditions += [(condition, inside) for condition in conditions]
    yield from walk.enter(score.key, inside, [*(line.points for line in score.lines), *conditions])


def _let_parts(walk: _Walk, expr: ir.LetRef, view: View, in_where: bool) -> Iterator[Step]:
    value = dict(walk.ruleset.plans[view.plan or ""].lets)[expr.name]
    yield from walk.enter(f"let {expr.name}", view, [value])


def _term_parts(walk: _Walk, expr: ir.PlanTerm, view: View, in_where: bool) -> Iterator[Step]:
    terms = walk.ruleset.plans[view.plan or ""].terms
    yield from walk.enter(f"term {expr.term}", view, [terms[expr.term]] if expr.term in terms else [])


def _event_parts(walk: _Walk, expr: Use, view: View, in_where: bool) -> Iterator[Step]:
    """What stands in its `where`, which sees an event that is not known here."""
    for part in ir.direct_subexpressions(expr):
        yield part, view, True


_BELOW: Mapping[type[ir.Expr], Callable[[_Walk, Any, View, bool], Iterator[Step]]] = {
    ir.Pick: _pick_parts,
    ir.InCrowd: _crowd_parts,
    ir.ScoreRef: _score_parts,
    ir.GradeRef: _score_parts,
    ir.LetRef: _let_parts,
    ir.PlanTerm: _term_parts,
    ir.Did: _event_parts,
    ir.Aggregate: _event_parts,
    ir.SinceLast: _event_parts,
    ir.Sequence: _event_parts,
}


# ---- what is noted of a part


def _constant(found: Reading, expr: ir.Const, view: View) -> None:
    found.constant(expr.type, expr.value)


def _options(found: Reading, expr: ir.OneOf, view: View) -> None:
    for option in sorted(expr.options, key=repr):
        found.constant(expr.term.type, option)


def _attribute(found: Reading, expr: ir.Attribute, view: View) -> None:
    found.attributes[expr.scope, expr.name] = expr.type


def _list(found: Reading, expr: ir.InList, view: View) -> None:
    found.lists[expr.list] = None


def _share(found: Reading, expr: ir.InShare, view: View) -> None:
    found.reads_id = True


def _event_field(found: Reading, expr: ir.EventField, view: View) -> None:
    found.event_fields[expr.name] = expr.type


def _trigger_field(found: Reading, expr: ir.TriggerField, view: View) -> None:
    found.trigger_fields[expr.name] = expr.type


def _now(found: Reading, expr: ir.Expr, view: View) -> None:
    found.reads_now = True


def _call(found: Reading, expr: ir.Call, view: View) -> None:
    found.calls[expr.function] = None


def _use(found: Reading, expr: Use, view: View) -> None:
    found.uses.append((expr, view))
    found.reads_now = True
    window = getattr(expr, "window", None)
    if isinstance(window, ir.Rolling):
        found.constant(DURATION, window.microseconds)
    if isinstance(window, ir.Fixed):
        found.constant(INSTANT, window.start)
        found.constant(INSTANT, window.end)
    if isinstance(expr, ir.Did):
        found.constant(INT, expr.at_least)


_NOTES: Mapping[type[ir.Expr], Callable[[Reading, Any, View], None]] = {
    ir.Const: _constant,
    ir.OneOf: _options,
    ir.Attribute: _attribute,
    ir.InList: _list,
    ir.InShare: _share,
    ir.EventField: _event_field,
    ir.TriggerField: _trigger_field,
    ir.Now: _now,
    ir.LocalDate: _now,
    ir.Call: _call,
    ir.Did: _use,
    ir.Aggregate: _use,
    ir.SinceLast: _use,
    ir.Sequence: _use,
}


def _uses_zone(expr: ir.Expr) -> bool:
    if isinstance(expr, ir.LocalDate):
        return True
    if isinstance(expr, ir.Call):
        resolved = resolve(expr.function, tuple(argument.type for argument in expr.arguments))
        return not isinstance(resolved, Mismatch) and resolved.overload.uses_zone
    return isinstance(getattr(expr, "window", None), ir.LocalDay)


def kind_constants(reading: Reading, kind: Kind) -> list[Present]:
    """The constants of a kind, of whatever currency or options."""
    return [value for type, values in reading.constants.items() if type.kind is kind for value in values]
