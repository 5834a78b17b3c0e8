"""Constants, names, `otherwise` and `pick`."""

from __future__ import annotations

from compiler.checked.ir import (
    Attribute,
    Const,
    EventField,
    LetRef,
    LocalDate,
    Now,
    Otherwise,
    Pick,
    Plan,
    PlanTerm,
    TriggerField,
)
from compiler.facts import Event
from compiler.interpret.localtime import local_date, user_zone
from compiler.interpret.meaning import answer, means, value
from compiler.interpret.scene import Scene
from compiler.types import MISSING, Value


@means(Const)
def _const(expr: Const, scene: Scene) -> Value:
    return expr.value


@means(Attribute)
def _attribute(expr: Attribute, scene: Scene) -> Value:
    values = scene.facts.user if expr.scope == "user" else scene.facts.input
    return values.get(expr.name, MISSING)


@means(EventField)
def _event_field(expr: EventField, scene: Scene) -> Value:
    return field_of(scene.event, expr.name)


@means(TriggerField)
def _trigger_field(expr: TriggerField, scene: Scene) -> Value:
    return field_of(scene.trigger, expr.name)


def field_of(event: Event | None, name: str) -> Value:
    return MISSING if event is None else event.fields.get(name, MISSING)


@means(Now)
def _now(expr: Now, scene: Scene) -> Value:
    return scene.now


@means(LocalDate)
def _today(expr: LocalDate, scene: Scene) -> Value:
    return local_date(scene.now, user_zone(scene))


@means(LetRef)
def _let(expr: LetRef, scene: Scene) -> Value:
    return scene.lets[expr.name]


def with_lets(plan: Plan, scene: Scene) -> Scene:
    """The scene of a plan: its `let`s computed in the order written, each seeing those before it."""
    lets: dict[str, Value] = {}
    inside = Scene(scene.ruleset, scene.facts, scene.now, plan=plan, lets=lets, known=scene.known)
    for name, definition in plan.lets:
        lets[name] = value(definition, inside)
    return inside


@means(PlanTerm)
def _plan_term(expr: PlanTerm, scene: Scene) -> Value:
    assert scene.plan is not None, "the checker lets plan terms stand in ranks alone"
    return value(scene.plan.terms[expr.term], scene)


@means(Otherwise)
def _otherwise(expr: Otherwise, scene: Scene) -> Value:
    result = value(expr.value, scene)
    return value(expr.fallback, scene) if result is MISSING else result


@means(Pick)
def _pick(expr: Pick, scene: Scene) -> Value:
    for result, condition in expr.arms:
        chosen = answer(condition, scene)
        if chosen is None:
            return MISSING
        if chosen:
            return value(result, scene)
    return value(expr.default, scene)
