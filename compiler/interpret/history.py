"""Which events exist, which of them a window holds, and whether history reaches back that far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.checked.ir import Ever, Fixed, LocalDay, Rolling, Window
from compiler.facts import Event
from compiler.interpret.localtime import local_date, user_zone
from compiler.interpret.scene import Scene
from compiler.types import UNAVAILABLE, Unavailable


def history(name: str, scene: Scene) -> list[Event] | Unavailable:
    """The events of a type that exist in the scene, ordered by (time, id)."""
    events = scene.facts.events.get(name, ())
    if events is UNAVAILABLE:
        return UNAVAILABLE
    return sorted((event for event in events if _exists(event, scene)), key=place)


def place(event: Event) -> tuple[int, str]:
    return event.time, event.id


def _exists(event: Event, scene: Scene) -> bool:
    return event.time <= scene.now and (scene.upto is None or place(event) <= scene.upto)


def events_in(name: str, window: Window, scene: Scene) -> list[Event] | Unavailable:
    """The events of a type inside the window; UNAVAILABLE if they are, or if the window reaches behind the horizon."""
    events = history(name, scene)
    if events is UNAVAILABLE or not window_known(name, window, scene):
        return UNAVAILABLE
    holds = _HOLDS[type(window)]
    return [event for event in events if holds(event.time, window, scene)]


def window_known(name: str, window: Window, scene: Scene) -> bool:
    """Whether the window's start, and so all from there to now, lies within the known history of the event type."""
    since = scene.facts.known_since.get(name)
    return since is None or _KNOWN[type(window)](since, window, scene)


def _today(time: int, window: LocalDay, scene: Scene) -> bool:
    zone = user_zone(scene)
    return local_date(time, zone) == local_date(scene.now, zone)


def _today_known(since: int, window: LocalDay, scene: Scene) -> bool:
    zone = user_zone(scene)
    last_unknown, today = local_date(since - 1, zone), local_date(scene.now, zone)
    return last_unknown is not None and today is not None and last_unknown < today


_HOLDS: dict[type, Callable[[int, Any, Scene], bool]] = {
    Rolling: lambda time, window, scene: scene.now - window.microseconds < time,
    LocalDay: _today,
    Fixed: lambda time, window, scene: window.start <= time < window.end,
    Ever: lambda time, window, scene: True,
}

_KNOWN: dict[type, Callable[[int, Any, Scene], bool]] = {
    Rolling: lambda since, window, scene: since <= scene.now - window.microseconds + 1,
    LocalDay: _today_known,
    Fixed: lambda since, window, scene: since <= window.start,
    Ever: lambda since, window, scene: False,
}
