"""The instant of a decision."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Tells the time, and lets wait for it."""

    def now(self) -> int:
        """Now."""

    def observe(self, time: int) -> None:
        """Hear the time of an event that was recorded."""

    async def reached(self, time: int | None) -> None:
        """Return once it is `time`, at the latest when the clock was moved by what it observed; None: only then.

        Whoever waits looks at the clock again, and may have to wait again.
        """
