"""What a plan's trigger opened, and what became of it. Semantics, *relevant*."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from compiler.checked.ir import Plan, Trigger
from compiler.facts import Event
from compiler.interpret.aggregates import matches
from compiler.interpret.history import history
from compiler.interpret.meaning import answer
from compiler.interpret.names import field_of
from compiler.interpret.scene import Scene
from compiler.interpret.values import present
from compiler.outcome import Because, Reason
from compiler.types import MISSING, UNAVAILABLE, Unavailable, Value


class State(Enum):
    ENDED = "ended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SCHEDULED = "scheduled"
    RIPE = "ripe"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`due` and `expiry` in microseconds; `expiry` None is never. `touched`: a touch carries its id."""

    id: str
    event_id: str
    due: int
    expiry: int | None
    touched: bool
    state: State


# ---- identity


def occurrence_id(plan: Plan, event: Event | None, scene: Scene) -> str:
    """`activity/key`. `event` is the trigger's; without one the request's id is the key."""
    if plan.once is not None and plan.once.field is None:
        return f"{plan.activity}/user"
    if event is None:
        return f"{plan.activity}/{scene.facts.request_id}"
    value = _key_field(plan, event)
    if plan.once is None or not present(value):
        return f"{plan.activity}/{event.id}"
    return f"{plan.activity}/{plan.once.field}={canonical(value)}"


def _key_field(plan: Plan, event: Event) -> Value:
    """The field of `once per F`; MISSING where the event has none, or the plan no such clause."""
    return MISSING if plan.once is None or plan.once.field is None else field_of(event, plan.once.field)


def canonical(value: Value) -> str:
    """The text of a value inside an occurrence's id."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value + 0.0)  # negative zero becomes 0.0
    if isinstance(value, frozenset):
        return "\x1f".join(sorted(value))
    return str(value)


# ---- state


def occurrences(plan: Plan, trigger: Trigger, scene: Scene) -> list[Occurrence] | Unavailable:
    """All that the plan's trigger opened, ordered by (due, event id)."""
    events = history(trigger.event, scene)
    if events is UNAVAILABLE:
        return UNAVAILABLE
    return [
        _occurrence(plan, trigger, event, scene) for event in events if _opens(plan, trigger, event, scene)
    ]


def _opens(plan: Plan, trigger: Trigger, event: Event, scene: Scene) -> bool:
    if scene.facts.opened is not None:
        return any(each.plan == plan.name and each.event_id == event.id for each in scene.facts.opened)
    then = scene.at_trigger(event)
    when = True if trigger.when is None else answer(trigger.when, then)
    return matches(trigger.where, event, then) is True and when is True


def _occurrence(plan: Plan, trigger: Trigger, event: Event, scene: Scene) -> Occurrence:
    name = occurrence_id(plan, event, scene)
    due = event.time + trigger.wait
    expiry = None if plan.expires is None else event.time + plan.expires
    touches = [time for id, time in _touched(plan, scene) if id == name]
    keyed_by_event = plan.once is None or (plan.once.field is not None and _key_field(plan, event) is MISSING)
    again_later = plan.once is not None and plan.once.period is not None
    if (touches and keyed_by_event) or (again_later and any(time >= due for time in touches)):
        state = State.ENDED
    elif _cancelled(trigger, event, scene):
        state = State.CANCELLED
    elif expiry is not None and scene.now >= expiry:
        state = State.EXPIRED
    else:
        state = State.SCHEDULED if scene.now < due else State.RIPE
    return Occurrence(name, event.id, due, expiry, bool(touches), state)


def _touched(plan: Plan, scene: Scene) -> Iterator[tuple[str, int]]:
    """(id, time) of the occurrences of the plan's activity that reached the user, or would have but for a holdout."""
    for touches in (scene.facts.touches, scene.facts.shadow):
        for touch in () if touches is UNAVAILABLE else touches:
            if touch.time <= scene.now and touch.activity == plan.activity:
                yield touch.occurrence, touch.time


def _cancelled(trigger: Trigger, event: Event, scene: Scene) -> bool:
    """By an `unless` that may have happened between the event and now."""
    unless = trigger.unless
    if unless is None:
        return False
    since = scene.facts.known_since.get(unless.event)
    later = history(unless.event, scene)
    if later is UNAVAILABLE or (since is not None and since > event.time):
        return True
    about = scene.triggered_by(event)
    return any(each.time > event.time and matches(unless.where, each, about) is not False for each in later)


# ---- the gate


@dataclass(frozen=True, slots=True)
class Irrelevant:
    """Why there is no occurrence to judge the plan for; `next` is one that only has to wait."""

    reason: Reason
    next: Occurrence | None = None


def relevant(plan: Plan, scene: Scene) -> Occurrence | Irrelevant:
    """The ripe occurrence that the plan is judged for."""
    trigger = plan.trigger
    if trigger is None:
        return Occurrence(occurrence_id(plan, None, scene), "", scene.now, None, False, State.RIPE)
    found = occurrences(plan, trigger, scene)
    if found is UNAVAILABLE:
        return Irrelevant(Reason(Because.UNAVAILABLE, plan.key, trigger.span, answer=None))
    ripe = [each for each in found if each.state is State.RIPE]
    if ripe:
        return min(ripe, key=lambda each: (each.touched, each.due, each.event_id))
    return _none_ripe(plan, trigger, found)


def _none_ripe(plan: Plan, trigger: Trigger, found: list[Occurrence]) -> Irrelevant:
    first = next((each for each in found if each.state is State.SCHEDULED), None)
    states = {each.state for each in found}
    if first is not None:
        return Irrelevant(Reason(Because.SCHEDULED, plan.key, trigger.span, until=first.due), first)
    if State.CANCELLED in states and trigger.unless is not None:
        return Irrelevant(Reason(Because.CANCELLED, plan.key, trigger.unless.span))
    because = Because.EXPIRED if State.EXPIRED in states else Because.NO_OCCURRENCE
    return Irrelevant(Reason(because, plan.key, trigger.span))


def scheduled(plan: Plan, scene: Scene) -> list[Occurrence]:
    """The plan's open occurrences that are not due yet."""
    found = [] if plan.trigger is None else occurrences(plan, plan.trigger, scene)
    return [] if found is UNAVAILABLE else [each for each in found if each.state is State.SCHEDULED]
