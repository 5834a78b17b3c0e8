"""Clocks: the system's, and one that goes by the events that come in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from server.ports import ClockBehind

MOST_BEHIND = 2 * 10**6
"""Microseconds between the clocks of two nodes; more is no accident of synchronised ones."""


def not_far_behind(now: int, time: int) -> int:
    """The later of the two. Raises ClockBehind."""
    if time - now > MOST_BEHIND:
        raise ClockBehind(time - now)
    return max(now, time)


class SystemClock:
    """The system's time, to the microsecond."""

    def now(self) -> int:
        return time.time_ns() // 1000

    def at_least(self, time: int) -> int:
        return not_far_behind(self.now(), time)

    def observe(self, time: int) -> None:
        """Events do not move it."""

    async def catch_up(self, newest: Callable[[], Awaitable[int | None]]) -> None:
        """Events do not move it."""

    async def reached(self, time: int | None) -> None:
        if time is None:
            await asyncio.Event().wait()
        else:
            await asyncio.sleep(max(0, time - self.now()) / 1e6)


class EventClock:
    """The greatest event time seen; the system's time as long as there is none."""

    def __init__(self) -> None:
        self._latest: int | None = None
        self._caught_up = False
        self._moved = asyncio.Event()

    def now(self) -> int:
        return SystemClock().now() if self._latest is None else self._latest

    def at_least(self, time: int) -> int:
        """Others heard of later events."""
        self.observe(time)
        return self.now()

    def observe(self, time: int) -> None:
        if self._latest is None or time > self._latest:
            self._latest = time
            self._moved.set()
            self._moved = asyncio.Event()

    async def catch_up(self, newest: Callable[[], Awaitable[int | None]]) -> None:
        if not self._caught_up and (time := await newest()) is not None:
            self.observe(time)
        self._caught_up = True

    async def reached(self, time: int | None) -> None:
        if time is None or time > self.now():
            await self._moved.wait()
