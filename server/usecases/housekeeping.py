"""Drop what nobody needs any more: events behind every window of the rules, which are folded into totals, old answers, what was there to be watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from compiler.manifest import Reach
from server.ports import Clock, Stores, StoreUnavailable
from server.usecases.folds import KeptVersions
from server.usecases.refusals import Refusal
from server.usecases.versions import Versions

SECONDS = 3600.0
"""Between two rounds."""
DAY = 24 * 3600 * 10**6
EVENTS = 30 * DAY
"""So long events are kept at least: rules to come find a past."""
LATE = 2 * DAY
"""So much longer than windows reach they are kept: a trigger that comes in late is judged as of its own time."""
CONTACTS = 400 * DAY
"""So long contacts are kept at least: a limit over a year may yet be written."""
ANSWERS = 30 * DAY
"""So long a repeat is answered as the first time."""
PUBLISHED = 7 * DAY
"""So long what the timers decided can be watched."""
AT_ONCE = 1000
"""Of one transaction: others want to write, too."""
FOLDED_AT_ONCE = 250
"""The same of events, which take longer."""
log = logging.getLogger("suasion.housekeeping")


class Housekeeping:
    """Goes by what all versions need that are kept and were not revoked, and folds what they look at for ever."""

    def __init__(self, stores: Stores, versions: Versions, clock: Clock, events: int = EVENTS) -> None:
        """`events`: microseconds for which events are kept at least."""
        self._stores = stores
        self._versions = KeptVersions(stores.rules, versions)
        self._clock = clock
        self._events = events

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            try:
                await self.round()
            except (StoreUnavailable, Refusal) as error:
                log.warning({"event": "housekeeping", "error": str(error)})

    async def round(self) -> None:
        """Drop all that is to be dropped now. Raises StoreUnavailable, and VersionNotReproducible for a version whose needs are
        not known: then neither events nor contacts are dropped."""
        stores, now = self._stores, self._clock.now()
        await stores.outbox.prune(now - PUBLISHED)
        await exhausted(lambda: stores.contacts.prune_answers(now - ANSWERS, AT_ONCE))
        if (needed := await self._versions.needed()) is None:
            return  # nobody knows what will be needed
        kept = needed.retention
        touches = before(kept.touches, now, CONTACTS)
        if touches is not None:
            await exhausted(lambda: stores.contacts.prune(touches, kept.touched, AT_ONCE))
        events = {
            type: instant
            for type in await stores.events.types()
            if (instant := before(kept.events.get(type, Reach()), now, self._events)) is not None
        }
        await exhausted(lambda: stores.events.prune(events, FOLDED_AT_ONCE, needed.folds))


def before(reach: Reach, now: int, least: int) -> int | None:
    """What is older than this instant is not needed; None if all is. `least`: microseconds kept in any case."""
    since = reach.since(now - LATE)
    return None if since is None else min(since, now - least)


async def exhausted(drop: Callable[[], Awaitable[int]]) -> None:
    """Drop until there is nothing left to drop."""
    while await drop():
        pass
