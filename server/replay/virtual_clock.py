"""A clock that stands where it is put."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class VirtualClock:
    def __init__(self) -> None:
        self._now = 0
        self._moved = asyncio.Event()

    def put(self, time: int) -> None:
        self._now = time
        self._moved.set()
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self._now

    def at_least(self, time: int) -> int:
        """Nobody else is here, to be ahead."""
        return max(self._now, time)

    def observe(self, time: int) -> None:
        """Events do not move it."""

    async def catch_up(self, newest: Callable[[], Awaitable[int | None]]) -> None:
        """Events do not move it."""

    async def reached(self, time: int | None) -> None:
        if time is None or time > self._now:
            await self._moved.wait()
