"""A clock that stands where the test puts it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from server.adapters.clocks import not_far_behind


def micros(text: str) -> int:
    """Microseconds of an instant in ISO 8601 with its offset."""
    return int(datetime.fromisoformat(text).timestamp() * 10**6)


class SetClock:
    def __init__(self, text: str) -> None:
        self._now = micros(text)
        self._moved = asyncio.Event()

    def set(self, text: str) -> None:
        self.put(micros(text))

    def put(self, time: int) -> None:
        self._now = time
        self._moved.set()
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self._now

    def at_least(self, time: int) -> int:
        return not_far_behind(self._now, time)

    def observe(self, time: int) -> None:
        """Events do not move it."""

    async def catch_up(self, newest: Callable[[], Awaitable[int | None]]) -> None:
        """Events do not move it."""

    async def reached(self, time: int | None) -> None:
        if time is None or time > self._now:
            await self._moved.wait()
