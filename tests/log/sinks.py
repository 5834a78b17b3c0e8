"""Sinks that do as a test says, and records to give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Condition

from server.adapters.log.rows import Row
from server.adapters.log.sinks import SinkUnavailable
from server.ports import Record, RuleFiles
from tests.log.records import records


class Gate:
    """Keeps rows while it is open; holds its caller, or refuses, while it is shut. `closed` lets whoever waits go."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.rows: list[Row] = []
        self.most = 0
        self.is_open = False
        self._refuses = refuses
        self._callers = 0
        self._changed = Condition()

    def write(self, rows: Sequence[Row]) -> None:
        with self._changed:
            self._callers += 1
            self._changed.notify_all()
            if self._refuses and not self.is_open:
                raise SinkUnavailable("shut")
            self._changed.wait_for(lambda: self.is_open)
            self.rows += rows
            self._changed.notify_all()

    def open(self) -> None:
        with self._changed:
            self.is_open = True
            self._changed.notify_all()

    def until_asked(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._callers > 0)

    def until_stored(self, count: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: len(self.rows) >= count)

    def tick(self) -> None:
        pass

    def keep(self, version: str, rules: RuleFiles) -> None:
        pass

    def close(self) -> None:
        pass


def some(count: int, seed: int = 3) -> list[Record]:
    _, made = records(seed, count)
    return list(islice(made, count))


def ids(rows: Sequence[Row] | Iterator[Row]) -> list[str]:
    return sorted(row["decision_id"] for row in rows)
