"""Look at the triggers of recorded events, and keep the occurrences that they open."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.manifest import OfTrigger
from server.ports import RecordedEvent, StoreUnavailable, Taken
from server.usecases.choice import Choice
from server.usecases.grounds import Ground
from server.usecases.occurrences import opened_by
from server.usecases.refusals import ClockWrong, Contended
from server.usecases.subject import Subject
from server.usecases.taking import Name, Taking


class Openings:
    """Judges events as of their own time."""

    def __init__(self, choose: Choice, ground: Ground, taking: Taking) -> None:
        self._choose = choose
        self._ground = ground
        self._taking = taking

    async def __call__(self, events: Sequence[RecordedEvent]) -> None:
        """Those whose time has come and whose triggers may matter. What cannot be judged now stays unjudged, and is
        for the timers."""
        now = self._ground.clock.now()
        triggers = self._choose.active.triggers()
        try:
            for event in events:
                if event.type in triggers and event.time <= now:
                    await self.judge(event)
        except (ClockWrong, Contended, StoreUnavailable):
            return

    async def judge(self, event: RecordedEvent) -> None:
        """Keep the occurrences that one event opens. Raises ClockWrong, Contended, NoActiveRules, StoreUnavailable."""

        async def make() -> Taken | None:
            subject = Subject(event.user, event=event)
            serving, entry = await self._choose(subject), OfTrigger(event.type)
            grounds = await self._ground(serving, entry, subject, None)
            if grounds.failed or grounds.revision is None:  # what is unknown now would never be opened
                raise StoreUnavailable("facts: what an event opens is not known")
            if not grounds.unjudged:
                return None
            opened = opened_by(serving, grounds.facts, event)
            now = grounds.facts.now
            return Taken(None, b"", event.user, grounds.revision, now, b"", opened=opened, judged=(event.id,))

        await self._taking(event.user, Name(), make)
