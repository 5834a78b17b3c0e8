"""What became of records."""

from __future__ import annotations

import logging
import time
from threading import Lock

from server.ports.log import LogCounts

TOLD_EVERY = 10.0
"""Seconds between two lines that tell of drops."""
decisions = logging.getLogger("suasion.decisions")


class Tally:
    """Counts, from any thread. Once closed, nothing changes: a thread that a sink never let go of may still run."""

    def __init__(self, emitted: int) -> None:
        self._counts = {"emitted": emitted, "stored": 0, "dropped": 0, "spilled": 0}
        self._told = 0
        self._told_at = time.monotonic()
        self._closed = False
        self._lock = Lock()

    def add(self, **changes: int) -> None:
        """To the counts of these names."""
        with self._lock:
            for name, change in ({} if self._closed else changes).items():
                self._counts[name] += change

    def counts(self) -> LogCounts:
        with self._lock:
            return LogCounts(**self._counts, held=self._held)

    def close(self, spilled: int) -> None:
        """What is not in spill files now is lost."""
        self.add(dropped=max(0, self.counts().held - spilled))
        self._closed = True
        self._tell()

    def tell_drops(self) -> None:
        """Log them, now and then."""
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            self._tell()

    def _tell(self) -> None:
        new = self._counts["dropped"] - self._told
        if new:
            decisions.warning(
                {"event": "decisions_not_logged", "count": new, "total": self._counts["dropped"]}
            )
        self._told += new
        self._told_at = time.monotonic()

    @property
    def _held(self) -> int:
        return self._counts["emitted"] - self._counts["stored"] - self._counts["dropped"]
