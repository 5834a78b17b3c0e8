"""The decision log: calls hand over records, one thread writes them down as rows, another hands the rows to a sink.

    call → records → (written down) → rows → sink
                          ↓ no room           ↑
                          spill files ────────┘

Both queues are bounded, each by half of the room. There are two threads as a sink may take its time, or for ever.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from time import sleep

from server.adapters.log.bounded import Bounded
from server.adapters.log.rows import RecordWriter, Row, row_size, weight
from server.adapters.log.sinks import Sink, SinkUnavailable
from server.adapters.log.spill import Spill
from server.adapters.log.tally import Tally
from server.ports.log import DecisionArchive, LogCounts, Record, WhenFull
from server.ports.rules import RuleFiles

BATCH, BATCH_BYTES = 500, 2 * 2**20
"""Rows handed to the sink at once."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between two tries of a sink that does not take rows."""
BREATH = 25
"""Records written down in one go."""
LOOK, TICK = 0.05, 0.5
"""Seconds between two looks for records, and for rows: nobody is woken for a single one."""

bugs = logging.getLogger("suasion.bugs")


@dataclass(frozen=True, slots=True)
class Room:
    """What a log holds in memory at most, roughly. `closing`: seconds for storing the rest at the end."""

    records: int = 20_000
    bytes: int = 64 * 2**20
    closing: float = 10.0


class BufferedLog:
    """A decision log in front of a sink, for one event loop."""

    keeps = True

    def __init__(
        self,
        sink: Sink,
        write: RecordWriter,
        full: WhenFull,
        room: Room = Room(),
        spill: Spill | None = None,
        archive: DecisionArchive | None = None,
    ) -> None:
        """`archive`: reads what the sink has stored. `spill` goes with WhenFull.SPILL; what is in it already is counted as emitted, and stored like the rest."""
        self.archive = archive
        self._sink = sink
        self._write = write
        self._full = full
        self._spill = spill
        self._closing_seconds = room.closing
        self._records: Bounded[Record] = Bounded(room.records // 2, room.bytes // 2)
        self._rows: Bounded[Row] = Bounded(room.records // 2, room.bytes // 2)
        self._tally = Tally(emitted=spill.rows if spill else 0)
        self._closing = Event()
        self._gave_up = False
        self._blocked = 0
        self._freed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = [Thread(target=run, daemon=True) for run in (self._write_down, self._store)]
        for thread in self._threads:
            thread.start()

    # ---- on the event loop

    async def record(self, record: Record) -> None:
        self._tally.add(emitted=1)
        size = weight(record)
        if self._records.offer(record, size):
            return
        try:
            if self._full is not WhenFull.DROP and await self._offer_until_taken(record, size):
                return
        except asyncio.CancelledError:
            self._tally.add(dropped=1)
            raise
        self._tally.add(dropped=1)

    async def _offer_until_taken(self, record: Record, size: int) -> bool:
        """False when the log was closed meanwhile. What is put aside does not wait for the sink, but to be written down."""
        self._loop = asyncio.get_running_loop()
        self._blocked += 1
        try:
            while not self._closing.is_set():
                self._freed.clear()
                if self._records.offer(record, size):
                    return True
                await self._freed.wait()
            return False
        finally:
            self._blocked -= 1

    def keep(self, version: str, rules: RuleFiles) -> None:
        self._sink.keep(version, rules)

    def counts(self) -> LogCounts:
        return self._tally.counts()

    async def close(self) -> None:
        self._closing.set()
        self._freed.set()
        self._records.close()
        await asyncio.to_thread(self._join)
        self._tally.close(self._spill.rows if self._spill else 0)
        if self._spill and not any(thread.is_alive() for thread in self._threads):
            self._spill.close()

    def _join(self) -> None:
        for thread in self._threads:
            thread.join(self._closing_seconds)

    # ---- in the thread that writes records down

    def _write_down(self) -> None:
        while not self._records.ended:
            sleep(0)  # calls go first: Python runs one thread at a time
            for record, size in self._records.take(BREATH, BATCH_BYTES, LOOK):
                self._hand_over(record)
                self._records.let_go(1, size)
                if self._blocked and self._loop:
                    self._loop.call_soon_threadsafe(self._freed.set)
        self._rows.close()

    def _hand_over(self, record: Record) -> None:
        try:
            row = self._write(record)
        except Exception as error:
            self._tally.add(dropped=1)
            log_bug(error)
            return
        size = row_size(row)
        if self._spill is None:
            self._rows.put(row, size)
        elif not self._rows.offer(row, size):
            self._tally.add(**{"spilled" if self._spill.append([row]) else "dropped": 1})

    # ---- in the thread that hands rows to the sink

    def _store(self) -> None:
        while not self._rows.ended:
            taken = self._rows.take(BATCH, BATCH_BYTES, 0 if self._spill and self._spill.rows else TICK)
            if taken:
                self._deliver([row for row, _ in taken])
                self._rows.let_go(len(taken), sum(size for _, size in taken))
            self._store_spilled()
            self._attempt(self._sink.tick)
            self._tally.tell_drops()
        self._attempt(self._sink.close)

    def _deliver(self, rows: Sequence[Row]) -> None:
        """Hand rows to the sink until it takes them; at the end of the log it gets one more chance."""
        pause = FIRST_PAUSE
        while not self._gave_up:
            is_last = self._closing.is_set()
            if self._stored(rows):
                return
            self._gave_up = is_last
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._give_up(rows)

    def _give_up(self, rows: Sequence[Row]) -> None:
        if self._spill and self._spill.append(rows):
            self._tally.add(spilled=len(rows))
        else:
            self._tally.add(dropped=len(rows))

    def _store_spilled(self) -> None:
        rows = self._spill.first(BATCH, BATCH_BYTES) if self._spill and not self._gave_up else []
        if self._spill and rows:
            if self._stored(rows):
                self._spill.remove(len(rows))
            else:
                self._closing.wait(FIRST_PAUSE)

    def _stored(self, rows: Sequence[Row]) -> bool:
        """Whether the sink is done with them."""
        try:
            self._sink.write(rows)
        except SinkUnavailable:
            return False
        except Exception as error:  # it would be there again at every try
            log_bug(error)
            self._tally.add(dropped=len(rows))
            return True
        self._tally.add(stored=len(rows))
        return True

    def _attempt(self, do: Callable[[], None]) -> None:
        try:
            do()
        except SinkUnavailable:
            return
        except Exception as error:
            log_bug(error)


def log_bug(error: Exception) -> None:
    """Where it is; not its text, which may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    at = [f"{frame.filename}:{frame.lineno}" for frame in frames]
    bugs.error({"event": "bug", "method": "decision log", "exception": type(error).__name__, "at": at})
