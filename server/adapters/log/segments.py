"""Files of rows that are still written: streams of Arrow, of which a crash takes nothing but what was half written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from server.adapters.log.columns import SCHEMA, fitted
from server.adapters.log.names import locked, new_name
from server.adapters.log.rows import Row, row_size

PATTERN = "decisions-*.arrows"
ZSTD = pa.ipc.IpcWriteOptions(compression="zstd")


class Segment:
    """A new file, locked until it is closed. Raises OSError."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / f"{new_name('decisions')}.arrows"
        self.path.touch()
        file = locked(self.path, "r+b")
        assert file, "nobody else has this name"
        self._file: IO[bytes] = file
        self._stream = pa.ipc.new_stream(file, SCHEMA, options=ZSTD)
        self.bytes = 0

    def append(self, rows: Sequence[Row]) -> None:
        """All or none. Raises OSError."""
        start = self._file.tell()
        try:
            self._stream.write_batch(pa.RecordBatch.from_pylist(list(rows), SCHEMA))
            self._file.flush()
        except OSError:
            self._file.seek(start)
            self._file.truncate()
            raise
        self.bytes += sum(map(row_size, rows))

    def close(self) -> None:
        self._file.close()


def table_of(file: IO[bytes] | Any) -> Any:
    """What a segment holds, as far as it has come; one of an earlier version of ours may lack columns."""
    found = list(batches(file))
    return fitted(pa.Table.from_batches(found), SCHEMA.names) if found else SCHEMA.empty_table()


def batches(file: IO[bytes] | Any) -> Iterator[pa.RecordBatch]:
    """The whole batches of a segment, as far as it has come."""
    try:
        yield from pa.ipc.open_stream(file)
    except (pa.ArrowInvalid, OSError):  # the end of what was written
        return
