"""The instant of a decision."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class ClockBehind(Exception):
    """Others have written at instants that this node's clock has yet to come to, `microseconds` from now; or it is ahead of
    that of a store, and the number is negative."""

    def __init__(self, microseconds: int) -> None:
        super().__init__(microseconds)
        self.microseconds = microseconds


class Clock(Protocol):
    """Tells the time, and lets wait for it."""

    def now(self) -> int:
        """Now."""

    def at_least(self, time: int) -> int:
        """Now, or `time` where that is later, as another node's clock is ahead. Raises ClockBehind where it is too far ahead."""

    def observe(self, time: int) -> None:
        """Hear the time of an event that was recorded."""

    async def catch_up(self, newest: Callable[[], Awaitable[int | None]]) -> None:
        """Hear the time of the `newest` event that was recorded before, if this clock goes by events and has not yet. Raises what
        `newest` raises."""

    async def reached(self, time: int | None) -> None:
        """Return once it is `time`, at the latest when the clock was moved by what it observed; None: only then.

        Whoever waits looks at the clock again, and may have to wait again.
        """
