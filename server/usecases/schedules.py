"""Versions that are to serve at a time that was set."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from fractions import Fraction

from server.ports import Act, By, Clock, Deed, RuleStore, Schedule, StoreUnavailable
from server.usecases.refusals import Refusal
from server.usecases.release_refusals import NotScheduled
from server.usecases.releases import POLL_SECONDS, Releases

log = logging.getLogger("suasion.releases")


class Schedules:
    """Whichever process comes first activates what is due, once; what may not serve by then is given up, on record."""

    def __init__(self, store: RuleStore, releases: Releases, clock: Clock) -> None:
        self._store = store
        self._releases = releases
        self._clock = clock

    async def add(
        self,
        name: str,
        by: By,
        due: int,
        share: Fraction,
        crowd: str | None = None,
        *,
        retire_plans: bool = False,
    ) -> Schedule:
        """Set when a version is to serve, in place of what was set before. It has to be fit for it now and then.

        Raises what `Releases.activate` does about the version alone.
        """
        await self._releases.require_fit(name, crowd, retire_plans=retire_plans)
        schedule = Schedule(name, due, by, share, retire_plans, crowd)
        await self._store.schedule(schedule, [Act(name, Deed.SCHEDULED, self._clock.now(), by)])
        return schedule

    async def cancel(self, name: str, by: By) -> None:
        """Raises NotScheduled."""
        act = Act(name, Deed.UNSCHEDULED, self._clock.now(), by)
        if not await self._store.unschedule(name, [act]):
            raise NotScheduled(name)

    async def all(self) -> Sequence[Schedule]:
        """What is to come, the earliest first."""
        return await self._store.schedules()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.start_due()
            except StoreUnavailable:
                continue  # `Releases.follow` tells of it
            except Exception as error:
                log.error({"event": "schedule", "exception": type(error).__name__})

    async def start_due(self) -> None:
        """Activate what is due."""
        for schedule in await self._store.schedules():
            if schedule.due <= self._clock.now():
                await self._start(schedule)

    async def _start(self, schedule: Schedule) -> None:
        name, by = schedule.version, schedule.by
        whom, retire = (schedule.share, schedule.crowd), schedule.retire_plans
        try:
            await self._releases.activate(name, by, *whom, retire_plans=retire, schedule=schedule)
        except NotScheduled:
            return  # another process was first
        except Refusal as refusal:
            log.warning({"event": "schedule", "error": str(refusal)})
            gave_up = Act(name, Deed.UNSCHEDULED, self._clock.now(), By(by.actor, refusal.message))
            await self._store.unschedule(name, [gave_up])
