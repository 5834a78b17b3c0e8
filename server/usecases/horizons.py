"""From when on the history of event types is complete."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from server.ports import EventStore
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.refusals import UnknownName


class Horizons:
    """Tells and sets the horizons of the event types that the active rules declare."""

    def __init__(self, events: EventStore, active: ActiveRules) -> None:
        self._events = events
        self._active = active

    async def all(self) -> Mapping[str, int | None]:
        """By type, microseconds; None for one whose history is complete."""
        known_since = await self._events.horizons()
        declared = {name for serving in self._active.all() for name in serving.ruleset.events}
        return {name: known_since.get(name) for name in sorted(declared)}

    async def set(self, type: str, known_since: int | None) -> None:
        """Raises UnknownName."""
        self._active.accepted(partial(require_event, type))
        await self._events.set_horizon(type, known_since)


def require_event(type: str, serving: Serving) -> None:
    if type not in serving.ruleset.events:
        raise UnknownName("event", type, serving.ruleset.events, serving.version)
