"""Clocks: the system's, and one that goes by the events that come in."""

from __future__ import annotations

import time


class SystemClock:
    """The system's time, to the microsecond."""

    def now(self) -> int:
        return time.time_ns() // 1000

    def observe(self, time: int) -> None:
        """Events do not move it."""


class EventClock:
    """The greatest event time seen; the system's time as long as there is none."""

    def __init__(self, latest: int | None = None) -> None:
        self._latest = latest

    def now(self) -> int:
        return SystemClock().now() if self._latest is None else self._latest

    def observe(self, time: int) -> None:
        self._latest = time if self._latest is None else max(self._latest, time)
