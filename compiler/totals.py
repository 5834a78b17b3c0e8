"""Totals: events that will be dropped are folded into them, and found in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from compiler.checked.ir import Aggregate, Did, EventField, Expr, RuleSet, SinceLast, subexpressions
from compiler.decision.aggregates import exact_sum, present
from compiler.decision.context import Context
from compiler.decision.program import BUILDERS
from compiler.decision.trees import Trees
from compiler.decision.windows import PLACE
from compiler.facts import Event, Facts, Total
from compiler.shapes import Shape, shape_of
from compiler.types import ORDERED, SUMMABLE, UNAVAILABLE, Answer


class Folder:
    """Folds for one shape of a rule set, in any thread."""

    def __init__(self, ruleset: RuleSet, shape: Shape) -> None:
        where, fields = shape.where, ruleset.events[shape.event].fields
        self._where = None if where is None else Trees(ruleset, BUILDERS, {}).entry(where)
        self._field = shape.field or ""  # which no field is called
        self._kind = None if shape.field is None else fields[shape.field].type.kind
        looked_at = () if where is None else subexpressions(where)
        self._looked_at = {self._field, *(each.name for each in looked_at if isinstance(each, EventField))}

    def added(self, total: Total, events: Sequence[Event]) -> Total:
        """The total with those events in it."""
        taken, more = self._told(events)
        until = max((total.until, *(event.time for event in events)))
        standing = tuple(self._standing([*total.standing, *taken]))
        return replace(_sum(total, more, 1), standing=standing, until=until)

    def without(self, total: Total, events: Sequence[Event]) -> Total:
        """The total without events that are in it, which are there by themselves again. They may go on standing for others: what
        is the first, the last, the least or the greatest of both is so as well if it is told twice."""
        return _sum(total, self._told(events)[1], -1)

    def _told(self, events: Sequence[Event]) -> tuple[list[Event], Total]:
        """The events that are taken, with the shape's field alone, and what they count for."""
        context = Context(Facts(0))
        answers = [self._answer(context, event) for event in events]
        taken = [self._bare(event) for event, answer in zip(events, answers, strict=True) if answer]
        values = present(taken, self._field)
        added = exact_sum(self._kind, values) if self._kind in SUMMABLE else 0
        return taken, Total(len(taken), len(values), answers.count(None), added)

    def _answer(self, context: Context, event: Event) -> Answer:
        """Whether it is taken; unknown where a field cannot be read."""
        if any(event.fields.get(name) is UNAVAILABLE for name in self._looked_at):
            return None
        context.event = event
        answer: Answer = True if self._where is None else self._where(context)
        return answer

    def _bare(self, event: Event) -> Event:
        return replace(
            event, fields={name: value for name, value in event.fields.items() if name == self._field}
        )

    def _standing(self, taken: Sequence[Event]) -> Iterator[Event]:
        in_order = sorted(taken, key=PLACE)
        chosen = {PLACE(event): event for event in (*in_order[:1], *in_order[-1:])}
        valued = [each for each in in_order if each.fields.get(self._field) is not None]
        for choose in (min, max) if valued and self._kind in ORDERED else ():
            event = choose(valued, key=self._value)
            chosen[PLACE(event)] = event
        return iter([chosen[place] for place in sorted(chosen)])

    def _value(self, event: Event) -> Any:
        return event.fields[self._field]


def total_of(ruleset: RuleSet, facts: Facts, expr: Expr) -> Total | None:
    """What the facts tell of events that the expression looks at for ever, and that are no longer kept."""
    if not facts.totals or not isinstance(expr, Aggregate | Did | SinceLast):
        return None
    shape = shape_of(ruleset, expr)
    return None if shape is None else facts.totals.get(shape.name)


def _sum(total: Total, other: Total, sign: int) -> Total:
    return replace(
        total,
        count=total.count + sign * other.count,
        present=total.present + sign * other.present,
        unknown=total.unknown + sign * other.unknown,
        sum=total.sum + sign * other.sum,
    )
