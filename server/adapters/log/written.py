"""A decision log that nobody waits for: what it is told is written down at once, and nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from server.adapters.log.archive import ParquetArchive
from server.adapters.log.columns import SCHEMA
from server.adapters.log.names import new_name
from server.adapters.log.rows import RecordWriter, Row
from server.adapters.log.rule_files import write_rules
from server.ports.log import DecisionArchive, LogCounts, Record
from server.ports.rules import RuleFiles
from server.whole_files import whole

BATCH = 500
"""Records that are written at once."""


@contextmanager
def written_log(directory: Path) -> Iterator[WrittenLog]:
    """With private values, in a file that is there once all of it is written. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    with (
        whole(directory / f"{new_name('decisions')}.parquet") as file,
        pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer,
    ):
        log = WrittenLog(directory, writer)
        yield log
        log.flush()


class WrittenLog:
    keeps = True

    def __init__(self, directory: Path, writer: Any) -> None:
        """`writer`: of a Parquet file."""
        self.archive: DecisionArchive | None = ParquetArchive(directory)
        self._directory, self._writer = directory, writer
        self._write, self._rows = RecordWriter(mask=False), list[Row]()
        self._stored = 0

    async def record(self, record: Record) -> None:
        """Raises OSError."""
        self._rows.append(self._write(record))
        if len(self._rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
        self._stored += len(self._rows)
        self._rows = []

    def keep(self, version: str, rules: RuleFiles) -> None:
        write_rules(self._directory, version, rules)

    def counts(self) -> LogCounts:
        held = len(self._rows)
        return LogCounts(self._stored + held, self._stored, held=held)

    async def close(self) -> None:
        """Its file is closed by whoever opened it."""
