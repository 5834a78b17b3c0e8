"""Drop what nobody needs any more: events behind every window of the rules, old answers, what was there to be watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from compiler.manifest import Reach, retention
from server.ports import Clock, Stores, StoreUnavailable
from server.usecases.refusals import Refusal
from server.usecases.versions import Versions

SECONDS = 3600.0
"""Between two rounds."""
DAY = 24 * 3600 * 10**6
EVENTS = 30 * DAY
"""So long events are kept at least: rules to come find a past."""
LATE = 2 * DAY
"""So much longer than windows reach they are kept: a trigger that comes in late is judged as of its own time."""
ANSWERS = 30 * DAY
"""So long a repeat is answered as the first time."""
PUBLISHED = 7 * DAY
"""So long what the timers decided can be watched."""
AT_ONCE = 1000
"""Of one transaction: others want to write, too."""
PAGE = 100
log = logging.getLogger("suasion.housekeeping")


class Housekeeping:
    """Goes by what all versions need that are kept and were not revoked: any of them may serve again."""

    def __init__(self, stores: Stores, versions: Versions, clock: Clock, events: int = EVENTS) -> None:
        """`events`: microseconds for which events are kept at least."""
        self._stores = stores
        self._versions = versions
        self._clock = clock
        self._events = events
        self._reaches: dict[str, Mapping[str, Reach]] = {}

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
        not known: then no event is dropped."""
        stores, now = self._stores, self._clock.now()
        await stores.outbox.prune(now - PUBLISHED)
        await exhausted(lambda: stores.contacts.prune_answers(now - ANSWERS, AT_ONCE))
        before = await self._not_needed(now)
        await exhausted(lambda: stores.events.prune(before, AT_ONCE))

    async def _not_needed(self, now: int) -> Mapping[str, int]:
        """By event type, before when; without those of which all are needed. Nothing is known to be, as long as there are no
        rules."""
        versions = await self._kept_versions()
        needed: dict[str, Reach] = {}
        for version in versions:
            for type, reach in (await self._reaches_of(version)).items():
                needed[type] = needed.get(type, reach).joined(reach)
        types = await self._stores.events.types() if versions else ()
        since = {type: needed.get(type, Reach()).since(now - LATE) for type in types}
        return {
            type: min(instant, now - self._events) for type, instant in since.items() if instant is not None
        }

    async def _kept_versions(self) -> list[str]:
        found: list[str] = []
        behind: tuple[int, str] | None = None
        while page := await self._stores.rules.versions(behind, PAGE):
            found += (each.version for each in page if not each.revoked)
            behind = page[-1].time, page[-1].version
        return found

    async def _reaches_of(self, version: str) -> Mapping[str, Reach]:
        """Looked up once: a version never changes."""
        if version not in self._reaches:
            loaded = await self._versions.load(version)
            self._reaches[version] = await asyncio.to_thread(retention, loaded.ruleset)
        return self._reaches[version]


async def exhausted(drop: Callable[[], Awaitable[int]]) -> None:
    """Drop until there is nothing left to drop."""
    while await drop():
        pass
