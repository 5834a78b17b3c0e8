"""A sink: Parquet files in a directory, which any number of processes may share.

Rows go to a segment at once, so that a crash loses none; a segment that is large or old enough becomes a Parquet file, written
under another name and then renamed. `rules/<version>.json` has the files of each version.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from server.adapters.log import segments
from server.adapters.log.names import locked
from server.adapters.log.rows import Row
from server.adapters.log.rule_files import write_rules
from server.adapters.log.segments import Segment, table_of
from server.adapters.log.sinks import SinkUnavailable
from server.ports.rules import RuleFiles
from server.whole_files import whole

PATTERN = "decisions-*.parquet"
ROW_GROUP = 20_000


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a segment becomes a file, in bytes before compression and seconds; and when files go, the oldest first."""

    bytes: int = 64 * 2**20
    seconds: float = 600.0
    keep_seconds: float = 30 * 86_400.0
    keep_bytes: int = 50 * 2**30


class ParquetSink:
    """Raises OSError when the directory cannot be used. Segments that others left behind become files."""

    def __init__(self, directory: Path, rotation: Rotation = Rotation()) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._rotation = rotation
        self._segment: Segment | None = None
        self._begun = 0.0
        self._finish_all()

    def write(self, rows: Sequence[Row]) -> None:
        try:
            if self._segment is None:
                self._segment, self._begun = Segment(self._directory), time.monotonic()
            self._segment.append(rows)
        except OSError as error:
            raise SinkUnavailable(f"the log's directory: {type(error).__name__}") from error
        self.tick()

    def tick(self) -> None:
        if self._segment and (
            self._segment.bytes >= self._rotation.bytes
            or time.monotonic() - self._begun >= self._rotation.seconds
        ):
            self._rotate()

    def keep(self, version: str, rules: RuleFiles) -> None:
        write_rules(self._directory, version, rules)

    def close(self) -> None:
        self._rotate()

    def _rotate(self) -> None:
        """Rows are safe in their segment: if no file can be made of it now, the next attempt does."""
        if self._segment:
            self._segment.close()
            self._segment = None
        self._finish_all()
        prune(self._directory, self._rotation)

    def _finish_all(self) -> None:
        for path in sorted(self._directory.glob(segments.PATTERN)):
            if file := locked(path, "rb"):
                with file, suppress(OSError):
                    finish(path, file)


def finish(segment: Path, file: IO[bytes]) -> None:
    """Make a Parquet file of a segment. Raises OSError; the segment is then still there."""
    final = segment.with_suffix(".parquet")
    if not final.exists():
        table = table_of(file)
        if table.num_rows:
            write_file(table, final)
    segment.unlink()


def write_file(table: pa.Table, path: Path) -> None:
    """Whole or not at all, also after a loss of power."""
    with whole(path) as file:
        pq.write_table(table, file, compression="zstd", row_group_size=ROW_GROUP)


def prune(directory: Path, rotation: Rotation) -> None:
    """Remove files that are too old, and the oldest while all are too large."""
    now, bytes = time.time(), 0
    for path, found in sorted(stats(directory), key=lambda each: -each[1].st_mtime):
        bytes += found.st_size
        if now - found.st_mtime > rotation.keep_seconds or bytes > rotation.keep_bytes:
            path.unlink(missing_ok=True)


def stats(directory: Path) -> Iterable[tuple[Path, os.stat_result]]:
    for path in directory.glob(PATTERN):
        with suppress(FileNotFoundError):
            yield path, path.stat()
