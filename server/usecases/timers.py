"""What is due by itself: occurrences to be decided, events whose time has come, leases that end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from server.ports import Clock, Stores, StoreUnavailable
from server.usecases.active_rules import ActiveRules
from server.usecases.decide import Decide
from server.usecases.openings import Openings
from server.usecases.refusals import Refusal

AT_ONCE = 100
"""Of each kind in one round."""
CLAIM = 5 * 10**6
"""Microseconds after which an occurrence that was claimed and not decided is looked at again, by whoever comes."""
LOOK_SECONDS = 1.0
"""At most so long nothing is looked at: other processes write, too."""
Item = TypeVar("Item")
log = logging.getLogger("suasion.timers")


class Timers:
    """Does what is due, round after round; several processes share the work."""

    def __init__(
        self, active: ActiveRules, stores: Stores, clock: Clock, decide: Decide, openings: Openings
    ) -> None:
        self._active = active
        self._stores = stores
        self._clock = clock
        self._decide = decide
        self._openings = openings
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """Something may be due earlier than before."""
        self._poked.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self._poked.clear()
            try:
                if not await self.round():
                    await self._wait()
            except StoreUnavailable as error:
                log.warning({"event": "timers", "error": str(error)})
                await asyncio.sleep(LOOK_SECONDS)

    async def round(self) -> int:
        """Do what is due now; how much that was. Without rules nothing can be."""
        if self._active.release is None:
            return 0
        stores = self._stores
        await self._clock.catch_up(stores.events.latest)
        now = self._clock.now()
        judged = await each(self._openings.judge, await stores.events.unjudged(now, AT_ONCE))
        decided = await each(self._decide.due, await stores.timers.claim(now, now + CLAIM, AT_ONCE))
        return judged + decided + len(await stores.contacts.lapse(now, AT_ONCE))

    async def next(self) -> int | None:
        """When something will be due. What is due already and was not done is tried again after a while."""
        stores = self._stores
        instants = (
            await stores.events.next_unjudged(),
            await stores.timers.next_wake(),
            await stores.contacts.next_lapse(),
        )
        now = self._clock.now()
        return min((each for each in instants if each is not None and each > now), default=None)

    async def _wait(self) -> None:
        """Until something is due, the clock was moved, or somebody has poked."""
        first = await self.next()
        waiting = [asyncio.ensure_future(each) for each in (self._clock.reached(first), self._poked.wait())]
        await asyncio.wait(waiting, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()


async def each(work: Callable[[Item], Awaitable[None]], items: Sequence[Item]) -> int:
    """How many could be done, all at once: those of one user go one after the other, in their order."""
    return sum(await asyncio.gather(*(careful(work, item) for item in items)))


async def careful(work: Callable[[Item], Awaitable[None]], item: Item) -> bool:
    """Whether it could be done. What could not is tried again later, and does not keep the others back."""
    try:
        await work(item)
    except Exception as error:
        level = logging.WARNING if isinstance(error, Refusal | StoreUnavailable) else logging.ERROR
        log.log(level, {"event": "timers", "exception": type(error).__name__})
        return False
    return True
