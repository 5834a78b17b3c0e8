"""Trees of values: what is read, what stands in for what is missing, and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.builtins import Mismatch, Resolved, resolve
from compiler.calendar import known_zone, local_date
from compiler.checked.ir import (
    Attribute,
    Call,
    Const,
    EventField,
    Expr,
    GradeRef,
    LetRef,
    LocalDate,
    Now,
    Otherwise,
    Pick,
    PlanTerm,
    ScoreRef,
    TriggerField,
)
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.types import CONDITION, DATE_MAX, DATE_MIN, UNAVAILABLE, Value

ZONE = "zone"
TODAY = "today"


def constant(expr: Const, trees: Trees) -> Tree:
    value = expr.value
    return lambda context: value


def attribute(expr: Attribute, trees: Trees) -> Tree:
    name = expr.name
    if expr.scope == "input":
        return lambda context: context.input.get(name)
    return lambda context: context.user.get(name)


def event_field(expr: EventField, trees: Trees) -> Tree:
    name = expr.name
    return lambda context: context.event.fields.get(name)  # type: ignore[union-attr]


def trigger_field(expr: TriggerField, trees: Trees) -> Tree:
    name = expr.name
    return lambda context: context.trigger.fields.get(name)  # type: ignore[union-attr]


def now(expr: Now, trees: Trees) -> Tree:
    return lambda context: context.now


def today(expr: LocalDate, trees: Trees) -> Tree:
    return trees.reference(TODAY)


def let(expr: LetRef, trees: Trees) -> Tree:
    return trees.reference(f"let {expr.name}")


def plan_term(expr: PlanTerm, trees: Trees) -> Tree:
    return trees.reference(f"term {expr.term}")


def score(expr: ScoreRef, trees: Trees) -> Tree:
    return trees.reference(f"score {expr.score}")


def grade(expr: GradeRef, trees: Trees) -> Tree:
    return trees.reference(f"grade {expr.score}")


def otherwise(expr: Otherwise, trees: Trees) -> Tree:
    first, fallback = trees.build(expr.value), trees.build(expr.fallback)

    def chosen(context: Context) -> Value:
        value: Value = first(context)
        return fallback(context) if value is None else value

    return chosen


def pick(expr: Pick, trees: Trees) -> Tree:
    arms = tuple((trees.build(condition), trees.build(value)) for value, condition in expr.arms)
    default = trees.build(expr.default)

    def picked(context: Context) -> Value:
        for condition, value in arms:
            answer = condition(context)
            if answer is None:
                return None
            if answer:
                chosen: Value = value(context)
                return chosen
        chosen = default(context)
        return chosen

    return picked


def call(expr: Call, trees: Trees) -> Tree:
    overload = _resolved(expr).overload
    literals = tuple(
        argument.value
        for position, argument in enumerate(expr.arguments)
        if overload.wants_literal(position) and isinstance(argument, Const)
    )
    arguments = tuple(
        trees.build(argument)
        for position, argument in enumerate(expr.arguments)
        if not overload.wants_literal(position)
    )
    evaluate = overload.bound(literals)
    if overload.uses_zone:
        arguments = (trees.reference(ZONE), *arguments)
    strict = _strict_of_one if len(arguments) == 1 else _strict
    return strict(evaluate, arguments, None if expr.type == CONDITION else UNAVAILABLE)


def _resolved(expr: Call) -> Resolved:
    resolved = resolve(expr.function, tuple(argument.type for argument in expr.arguments))
    if isinstance(resolved, Mismatch):
        raise TypeError(f"the IR calls {expr.function} with what it does not take: {resolved.expected}")
    return resolved


def _strict_of_one(evaluate: Callable[..., Any], arguments: tuple[Tree, ...], unavailable: Value) -> Tree:
    (argument,) = arguments

    def called(context: Context) -> Any:
        value = argument(context)
        if value is None:
            return None
        return unavailable if value is UNAVAILABLE else evaluate(value)

    return called


def _strict(evaluate: Callable[..., Any], arguments: tuple[Tree, ...], unavailable: Value) -> Tree:
    """`unavailable` is what the function gives for an argument that is: itself, or unknown for a condition."""

    def called(context: Context) -> Any:
        values = [argument(context) for argument in arguments]
        for value in values:
            if value is UNAVAILABLE:
                return unavailable
        return None if None in values else evaluate(*values)

    return called


def define_local_time(trees: Trees) -> None:
    """The user's zone and date of now, which functions, windows and policies refer to."""
    trees.define(ZONE, lambda: _zone(trees))
    trees.define(TODAY, lambda: _today(trees.reference(ZONE)))


def _zone(trees: Trees) -> Tree:
    fallback, attribute_name = trees.ruleset.settings.zone, trees.ruleset.user_zone
    if attribute_name is None:
        return lambda context: fallback
    name = attribute_name

    def zone(context: Context) -> str:
        own = context.user.get(name)
        return own if isinstance(own, str) and known_zone(own) else fallback

    return zone


def _today(zone: Tree) -> Tree:
    def today(context: Context) -> int | None:
        day = local_date(zone(context), context.now)
        return day if DATE_MIN <= day <= DATE_MAX else None

    return today


VALUES: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    Const: constant,
    Attribute: attribute,
    EventField: event_field,
    TriggerField: trigger_field,
    Now: now,
    LocalDate: today,
    LetRef: let,
    PlanTerm: plan_term,
    ScoreRef: score,
    GradeRef: grade,
    Otherwise: otherwise,
    Pick: pick,
    Call: call,
}
