"""Rows in files for the time being: what found no room in memory, and what a process that has ended left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import IO

import orjson

from server.adapters.log.names import locked, new_name
from server.adapters.log.rows import Row

HEAD = 20
"""Bytes at the start of a file: where what has not been dealt with begins, in digits."""
PATTERN = "spill-*.jsonl"


class SpillFile:
    """Rows, a line of JSON each, in the order written. Locked as long as it is open."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self._start = int(file.read(HEAD).strip() or HEAD)
        self.end = max(HEAD, file.seek(0, 2))
        self.rows = sum(1 for _ in self._lines())
        self._write_head()

    def append(self, rows: Sequence[Row]) -> None:
        """Raises OSError; what it wrote by then is written over by the next."""
        lines = b"".join(orjson.dumps(row) + b"\n" for row in rows)
        self._file.seek(self.end)
        self._file.write(lines)
        self._file.flush()
        self.end += len(lines)
        self.rows += len(rows)

    def first(self, most: int, most_bytes: int) -> list[Row]:
        rows: list[Row] = []
        bytes = 0
        for line in islice(self._lines(), most):
            bytes += len(line)
            if rows and bytes > most_bytes:
                break
            rows.append(orjson.loads(line))
        return rows

    def remove(self, count: int) -> None:
        """The first rows have been dealt with."""
        self._start += sum(map(len, islice(self._lines(), count)))
        self.rows -= count
        if self.rows == 0:
            self._start = self.end = HEAD
            self._file.truncate(HEAD)
        self._write_head()

    def close(self) -> None:
        """A file without rows goes."""
        if self.rows == 0:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _write_head(self) -> None:
        self._file.seek(0)
        self._file.write(f"{self._start:<{HEAD}}".encode())
        self._file.flush()

    def _lines(self) -> Iterator[bytes]:
        """Those that are whole: a crash may have cut off the last."""
        self._file.seek(self._start)
        return (line for line in self._file if line.endswith(b"\n"))


class Spill:
    """The file of this process, and those left behind; for any thread."""

    def __init__(self, directory: Path, most_bytes: int) -> None:
        """`most_bytes`: about, of the file of this process. Raises OSError."""
        directory.mkdir(parents=True, exist_ok=True)
        self._most_bytes = most_bytes
        self._lock = Lock()
        left = ((path, locked(path, "r+b")) for path in sorted(directory.glob(PATTERN)))
        self._files = [SpillFile(path, file) for path, file in left if file]
        path = directory / f"{new_name('spill')}.jsonl"
        path.touch()
        file = locked(path, "r+b")
        assert file, "nobody else has this name"
        self._own = SpillFile(path, file)
        self._files.append(self._own)

    @property
    def rows(self) -> int:
        with self._lock:
            return sum(each.rows for each in self._files)

    def append(self, rows: Sequence[Row]) -> bool:
        """Whether they found room."""
        with self._lock:
            if self._own.end >= self._most_bytes:
                return False
            try:
                self._own.append(rows)
            except OSError:
                return False
            return True

    def first(self, most: int, most_bytes: int) -> list[Row]:
        """Some of the oldest rows. They stay until they are removed."""
        with self._lock:
            return next((each.first(most, most_bytes) for each in self._files if each.rows), [])

    def remove(self, count: int) -> None:
        """Those of `first` have been dealt with."""
        with self._lock:
            next(each for each in self._files if each.rows).remove(count)

    def close(self) -> None:
        for each in self._files:
            each.close()
