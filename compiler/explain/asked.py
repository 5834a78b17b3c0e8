"""Parts of a rule set asked on their own, by the trees that serve, from wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.decision.context import Context
from compiler.decision.occurrences import as_of
from compiler.decision.program import Program, plan_scope
from compiler.decision.trees import Trees
from compiler.facts import Event, Facts
from compiler.types import UNAVAILABLE, Answer, Value

Named = tuple[str, str]
"""An event: its type and its id."""


@dataclass(frozen=True, slots=True)
class View:
    """From where an expression sees the facts.

    `plan`: whose lets and terms it may name. `event`: the one that the enclosing `where` looks at. `trigger`: the one
    that opened the occurrence; `in_past`: judged when that happened, as a trigger's `where` and `when` are.
    """

    plan: str | None = None
    trigger: Named | None = None
    in_past: bool = False
    event: Named | None = None

    def of_definitions(self) -> View:
        """For crowds and scores, which know of no plan and no event, but are judged at the same instant."""
        return View(None, self.trigger if self.in_past else None, self.in_past)

    def looking_at(self, event: Named) -> View:
        return View(self.plan, self.trigger, self.in_past, event)


HERE = View()


def event_of(facts: Facts, named: Named) -> Event | None:
    """The event of that type and id, if the facts have it."""
    events = facts.events.get(named[0], ())
    if events is UNAVAILABLE:
        return None
    return next((each for each in reversed(events) if each.id == named[1]), None)


class Asked:
    """Answers of one program, expression by expression. Used by one thread."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.ruleset = program.ruleset
        self._scopes: dict[str | None, Trees] = {None: program.trees.visit()}
        self._trees: dict[tuple[str | None, int], tuple[ir.Expr, Callable[[Context], Any]]] = {}
        self._seen: tuple[Facts, View, Context] | None = None

    def value(self, expr: ir.Expr, facts: Facts, view: View = HERE) -> Value:
        """What the expression yields; of a condition True, False, or None for unknown. None where an event of the view
        is not among the facts."""
        context = self.context(facts, view)
        if context is None:
            return None
        value: Value = self._tree(expr, view.plan)(context)
        return value

    def answer(self, expr: ir.Expr, facts: Facts, view: View = HERE) -> Answer:
        found = self.value(expr, facts, view)
        return found if isinstance(found, bool) else None

    def over(self, where: ir.Expr, facts: Facts, view: View, events: Iterable[Event]) -> list[Answer]:
        """What a `where` says of each of some events."""
        context, tree = self.context(facts, view), self._tree(where, view.plan)
        answers = []
        for event in events if context is not None else ():
            assert context is not None
            outer, context.event = context.event, event
            answers.append(tree(context))
            context.event = outer
        return answers

    def context(self, facts: Facts, view: View) -> Context | None:
        """What trees look at from there; the same one for a view that is asked again, with all that it computed."""
        last = self._seen
        if last is None or last[0] is not facts or last[1] != view:
            made = _context(facts, view)
            if made is None:
                return None
            self._seen = last = (facts, view, made)
        return last[2]

    def trees(self, plan: str | None = None) -> Trees:
        """What builds trees that see a plan's lets and terms."""
        found = self._scopes.get(plan)
        if found is None:
            found = self._scopes[plan] = plan_scope(
                self.ruleset.plans[plan or ""], self.program.trees.visit()
            )
        return found

    def _tree(self, expr: ir.Expr, plan: str | None) -> Callable[[Context], Any]:
        key = (plan, id(expr))  # the expression is kept beside its tree, so that its id stays its own
        found = self._trees.get(key)
        if found is None:
            found = self._trees[key] = (expr, self.trees(plan).entry(expr))
        return found[1]


def _context(facts: Facts, view: View) -> Context | None:
    trigger = None if view.trigger is None else event_of(facts, view.trigger)
    event = None if view.event is None else event_of(facts, view.event)
    if (view.trigger is not None and trigger is None) or (view.event is not None and event is None):
        return None
    seen = as_of(facts, trigger) if view.in_past and trigger is not None else facts
    context = Context(seen, trigger)
    context.event = trigger if view.in_past and event is None else event
    return context


def now_of(facts: Facts, view: View) -> int:
    """The instant at which the view judges, microseconds."""
    trigger = event_of(facts, view.trigger) if view.in_past and view.trigger else None
    return facts.now if trigger is None else trigger.time
