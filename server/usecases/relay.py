"""Send on what the timers decided: an order for each contact that they granted, and the decision itself."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence

from server.ports import Bus, BusUnavailable, Clock, NotTaken, Outbox, Outgoing, Published, StoreUnavailable
from server.usecases.active_rules import ActiveRules
from server.usecases.watch import waited

AT_ONCE = 200
CLAIM = 5 * 10**6
"""Microseconds after which what was claimed and not relayed is tried again, by whoever comes."""
log = logging.getLogger("suasion.bus")

Write = Callable[[Published], Sequence[Outgoing]]
"""The messages that tell of a decision, in the order in which they go out."""


class Relay:
    """Several processes share the work. At least once; in order for each user."""

    def __init__(self, outbox: Outbox, bus: Bus, active: ActiveRules, clock: Clock, write: Write) -> None:
        """`sent`, `not_taken` by the broker and `lapsed` before they could be sent count messages."""
        self.sent = self.not_taken = self.lapsed = 0
        self._outbox = outbox
        self._bus = bus
        self._active = active
        self._clock = clock
        self._write = write
        self._news = asyncio.Event()
        self._ending = False

    def hear(self) -> None:
        """Something may have been published."""
        self._news.set()

    async def run(self) -> None:
        """Until it is told to end."""
        while not self._ending:
            self._news.clear()
            if not await self._attempt():
                await waited(self._news)

    async def end(self) -> None:
        """Finish what was claimed, and claim no more."""
        self._ending = True
        self.hear()

    async def _attempt(self) -> int:
        try:
            await self._bus.offer(self._channels())
            return await self.round()
        except BusUnavailable:
            return 0  # whoever keeps in touch with the broker tells of it
        except StoreUnavailable as error:
            log.warning({"event": "relay", "error": str(error)})
            return 0

    async def round(self) -> int:
        """Relay some of what is there; how much that was."""
        now = self._clock.now()
        of_user: defaultdict[str, list[Published]] = defaultdict(list)
        for each in await self._outbox.claim(now, now + CLAIM, AT_ONCE):
            of_user[each.user].append(each)
        relayed = [id for ids in await asyncio.gather(*map(self._in_order, of_user.values())) for id in ids]
        if relayed:
            await self._outbox.relayed(relayed)
        return len(relayed)

    async def _in_order(self, published: Sequence[Published]) -> list[int]:
        """Ids of those that went out; behind one that does not, the user's others wait."""
        relayed: list[int] = []
        for each in published:
            try:
                for message in self._write(each):
                    await self._send(message)
            except BusUnavailable:
                break
            except NotTaken as error:
                self.not_taken += 1
                log.warning({"event": "not_taken", "message": str(error)})
                break
            except Exception as error:  # a mistake of ours; it stays to be tried again
                log.error({"event": "relay_failed", "exception": type(error).__name__})
                break
            relayed.append(each.id)
        return relayed

    async def _send(self, message: Outgoing) -> None:
        lasts = None if message.until is None else message.until - self._clock.now()
        if lasts is not None and lasts <= 0:  # its contact was given back
            self.lapsed += 1
            return
        await self._bus.send(message, lasts)
        self.sent += 1

    def _channels(self) -> set[str]:
        """Those that plans of the active rules send through."""
        serving = self._active.all() if self._active.release else ()
        plans = (plan for each in serving for plan in each.ruleset.plans.values())
        return {step.channel for plan in plans for step in plan.steps}
