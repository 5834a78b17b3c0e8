"""Why a condition answered as it did: the parts that are to blame, each with its answer and the values that it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from compiler.cases.evaluators import Evaluator
from compiler.checked import ir
from compiler.facts import Facts
from compiler.interpret.meaning import value
from compiler.interpret.names import with_lets
from compiler.interpret.scene import scene_of
from compiler.types import INT, MISSING, UNAVAILABLE, Answer, Type, Value
from dsl.source import Place, Span

MOST = 12
"""Parts that are shown."""
DEEPEST = 6
"""Crowds within each other that are looked into."""


@dataclass(frozen=True, slots=True)
class SeenValue:
    """`name` is how the rule calls it; None where `place` shows it."""

    name: str | None
    place: Place | None
    type: Type
    value: Value


@dataclass(frozen=True, slots=True)
class Seen:
    """A condition that is not made of others, at its place."""

    place: Place
    answer: Answer
    values: tuple[SeenValue, ...]


Placing = Callable[[Span], Place]


@dataclass(frozen=True, slots=True)
class Looking:
    """`place` knows where the spans of the expression stand that is looked at; `plan` is the one whose variables it may
    name; `depth` counts the crowds within each other."""

    ruleset: ir.RuleSet
    evaluator: Evaluator
    facts: Facts
    place: Placing
    plan: ir.Plan | None = None
    depth: int = 0

    def inside(self, key: str, plan: ir.Plan | None = None) -> Looking:
        """Looking at the definition of a key."""
        place = partial(self.ruleset.place, key)
        return replace(self, place=place, plan=plan, depth=self.depth + 1)

    def evaluate(self, expr: ir.Expr) -> Value:
        """By the reference where a variable of the plan is named, which has no value outside of the plan."""
        if self.plan is not None and any(isinstance(each, ir.LetRef) for each in ir.subexpressions(expr)):
            return value(expr, with_lets(self.plan, scene_of(self.ruleset, self.facts)))
        return self.evaluator.evaluate(expr, self.facts)

    def answer(self, expr: ir.Expr) -> Answer:
        found = self.evaluate(expr)
        return found if isinstance(found, bool) else None

    def blame(self, expr: ir.Expr) -> Iterator[Seen]:
        """The parts by which the condition answers as it does, from left to right."""
        look = PARTS.get(type(expr), part)
        yield from look(self, expr)

    def absent(self, expr: ir.Expr) -> Iterator[SeenValue]:
        """What a value is made of that is missing or unavailable."""
        for each in ir.subexpressions(expr):
            if type(each) in READ:
                found = self.value(each)
                if found.value is MISSING or found.value is UNAVAILABLE:
                    yield found

    def value(self, expr: ir.Expr) -> SeenValue:
        span = getattr(expr, "span", None)
        name = NAMES[type(expr)](expr) if type(expr) in NAMES else None
        place = self.place(span) if span is not None else None
        return SeenValue(name, place, expr.type, self.evaluate(expr))


def part(looking: Looking, expr: Any) -> Iterator[Seen]:
    """A condition that is not made of others. Those that look at an event are left alone."""
    yield Seen(looking.place(expr.span), looking.answer(expr), values_of(looking, expr))


def values_of(looking: Looking, expr: ir.Expr) -> tuple[SeenValue, ...]:
    """What a condition compares, and how many events a `did` counts."""
    if isinstance(expr, ir.Did):
        counted = ir.Aggregate(INT, "count", expr.event, None, expr.where, None, expr.window, expr.span)
        return (SeenValue(f"such {expr.event}", None, INT, looking.evaluate(counted)),)
    if isinstance(expr, ir.Sequence):
        return ()
    operands = (each for each in ir.direct_subexpressions(expr) if not isinstance(each, ir.Const))
    return tuple(looking.value(each) for each in operands)


def junction(looking: Looking, expr: ir.And | ir.Or) -> Iterator[Seen]:
    """The terms that answer as the whole does; of an `and` that is yes and an `or` that is no, all."""
    whole = looking.answer(expr)
    for term in expr.terms:
        if looking.answer(term) == whole:
            yield from looking.blame(term)


def negation(looking: Looking, expr: ir.Not) -> Iterator[Seen]:
    """`did not`, `is not` are parts by themselves; `not (…)` is to be blamed for what is inside."""
    if getattr(expr.term, "span", None) == expr.span:
        yield Seen(looking.place(expr.span), looking.answer(expr), values_of(looking, expr.term))
    else:
        yield from looking.blame(expr.term)


def in_crowd(looking: Looking, expr: ir.InCrowd) -> Iterator[Seen]:
    yield from part(looking, expr)
    if looking.depth < DEEPEST:
        yield from looking.inside(f"crowd {expr.crowd}").blame(looking.ruleset.crowds[expr.crowd].condition)


def comparison(looking: Looking, expr: ir.Compare | ir.Equal) -> Iterator[Seen]:
    """With the lines of the scores that it compares."""
    yield from part(looking, expr)
    for each in (expr.left, expr.right):
        if isinstance(each, ir.ScoreRef | ir.GradeRef):
            inside = looking.inside(f"score {each.score}")
            for line in looking.ruleset.scores[each.score].lines:
                answer = True if line.condition is None else looking.answer(line.condition)
                yield Seen(inside.place(line.span), answer, ())


PARTS: Mapping[type[ir.Expr], Callable[[Looking, Any], Iterator[Seen]]] = {
    ir.And: junction,
    ir.Or: junction,
    ir.Not: negation,
    ir.InCrowd: in_crowd,
    ir.Compare: comparison,
    ir.Equal: comparison,
}
READ = (ir.Attribute, ir.ScoreRef, ir.GradeRef, ir.Aggregate, ir.SinceLast)
"""What comes from facts or from other definitions."""
NAMES: Mapping[type[ir.Expr], Callable[[Any], str]] = {
    ir.Attribute: lambda expr: f"{expr.scope}.{expr.name}",
    ir.ScoreRef: lambda expr: f"{expr.score}.score",
    ir.GradeRef: lambda expr: f"{expr.score}.grade",
    ir.Now: lambda expr: "now",
    ir.LocalDate: lambda expr: "today",
    ir.LetRef: lambda expr: expr.name,
}
