"""From when on the history of event types is complete."""

from __future__ import annotations

from collections.abc import Mapping

from server.ports import EventStore
from server.usecases.active_rules import ActiveRules
from server.usecases.refusals import UnknownName


class Horizons:
    """Tells and sets the horizons of the event types that the active rules declare."""

    def __init__(self, events: EventStore, active: ActiveRules) -> None:
        self._events = events
        self._active = active

    async def all(self) -> Mapping[str, int | None]:
        """By type, microseconds; None for one whose history is complete."""
        known_since = await self._events.horizons()
        return {name: known_since.get(name) for name in sorted(self._active.require().ruleset.events)}

    async def set(self, type: str, known_since: int | None) -> None:
        """Raises UnknownName."""
        ruleset = self._active.require().ruleset
        if type not in ruleset.events:
            raise UnknownName("event", type, ruleset.events, ruleset.hash)
        await self._events.set_horizon(type, known_since)
