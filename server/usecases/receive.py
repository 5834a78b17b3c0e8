"""Record the events that a message broker brings."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

from server.ports import Bus, Fate, Incoming, Recording, Refused, Settled, StoreUnavailable
from server.usecases.record_events import EventResult, RecordEvents, ReportedEvent
from server.usecases.refusals import InvalidRequest, NoActiveRules

PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 8.0
"""Between two tries at what cannot be recorded now."""
log = logging.getLogger("suasion.bus")


class Receive:
    """Works on each line by itself. What came together is recorded together, and settled once that is durable."""

    def __init__(
        self, bus: Bus, record: RecordEvents, read: Callable[[Incoming], ReportedEvent | InvalidRequest]
    ) -> None:
        """`recorded`, `known` before and `refused` count messages."""
        self.recorded = self.known = self.refused = 0
        self._bus = bus
        self._record = record
        self._read = read

    async def run(self) -> None:
        """Until it is told to end."""
        await asyncio.gather(*map(self._follow, self._bus.lines))

    async def end(self) -> None:
        """Finish what was taken, and take no more."""
        await self._bus.take_no_more()

    async def _follow(self, line: str) -> None:
        while (batch := await self._bus.take(line)) is not None:
            await batch.settle(await self._fates([self._read(each) for each in batch.messages]))

    async def _fates(self, events: Sequence[ReportedEvent | InvalidRequest]) -> list[Fate]:
        """What becomes of messages. While the store is away, or no rules are there to check them, they wait here, so that
        none uses up its deliveries."""
        pause = PAUSE_SECONDS
        while True:
            try:
                return [self._fate(each) for each in (await self._record(events)).results]
            except (StoreUnavailable, NoActiveRules) as error:
                log.warning({"event": "events_wait", "error": str(error)})
            except Exception as error:  # one of them brings out a mistake of ours: which one?
                if len(events) > 1:
                    return [fate for each in events for fate in await self._fates([each])]
                log.error({"event": "event_failed", "exception": type(error).__name__})
                await asyncio.sleep(PAUSE_SECONDS)
                return [Settled.AGAIN]
            await asyncio.sleep(random.uniform(0.5, 1) * pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _fate(self, result: EventResult) -> Fate:
        if result.refusal is not None:
            self.refused += 1
            return Refused(result.refusal.message)
        if result.recording is Recording.RECORDED:
            self.recorded += 1
        else:
            self.known += 1
        return Settled.DONE
