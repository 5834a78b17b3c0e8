"""Where rows go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from server.adapters.log.rows import Row
from server.ports.log import DecisionArchive, LogCounts, Record
from server.ports.rules import RuleFiles


class SinkUnavailable(Exception):
    """Nothing of what was to be written has been. The text names the kind of failure, never a row."""


class Sink(Protocol):
    """Used by one thread."""

    def write(self, rows: Sequence[Row]) -> None:
        """Store rows, all or none. Raises SinkUnavailable."""

    def tick(self) -> None:
        """Do what is due by the time that has passed. Raises SinkUnavailable."""

    def keep(self, version: str, rules: RuleFiles) -> None:
        """Keep the files of a version. From any thread."""

    def close(self) -> None:
        """No more rows come. Raises SinkUnavailable."""


class NoLog:
    """A decision log that keeps nothing and counts nothing."""

    keeps = False
    archive: DecisionArchive | None = None

    async def record(self, record: Record) -> None:
        pass

    def keep(self, version: str, rules: RuleFiles) -> None:
        pass

    def counts(self) -> LogCounts:
        return LogCounts()

    async def close(self) -> None:
        pass
